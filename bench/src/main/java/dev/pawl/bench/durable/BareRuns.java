package dev.pawl.bench.durable;

import dev.pawl.bench.durable.BareStore.Commit;
import dev.pawl.bench.measure.Load;
import dev.pawl.workflow.RunId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.HdrHistogram.Histogram;

/// Runs without an engine, in a file that stays open over all repetitions, as an engine's does: a
/// log that has once grown is written faster.
final class BareRuns implements AutoCloseable {
  /// How many ids share a millisecond: as many as an engine starts in one, more or less.
  private static final int IDS_A_MILLISECOND = 20;

  private final RunRows rows;
  private final BareStore store;
  private final SplittableRandom random = new SplittableRandom(0);
  private int started;

  BareRuns(Path file, RunRows rows) throws SQLException {
    this.rows = rows;
    this.store = new BareStore(file, rows);
  }

  /// What a closed loop took.
  ///
  /// @param load the loop
  /// @param batches the transactions that were written, in order
  record Grouped(Load load, List<List<Commit>> batches) {}

  /// A closed loop of threads that hand their commits to one that writes.
  Grouped grouped(int callers, int runs) throws Exception {
    var ids = ids(runs);
    Load load;
    List<List<Commit>> batches;
    try (var group = new GroupCommit(store)) {
      load =
          Load.closedLoop(
              callers,
              runs,
              index -> {
                for (int i = 0; i < rows.commits(); i++) {
                  group.commit(commit(ids[index], i));
                }
              });
      batches = group.stop();
    }
    store.checkCompleted(started);
    return new Grouped(load, batches);
  }

  /// Writes the batches of another file again, on the caller's thread.
  ///
  /// @return runs a second
  double replay(List<List<Commit>> batches, int runs) throws SQLException {
    long start = System.nanoTime();
    for (var batch : batches) {
      store.write(batch);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    started += runs;
    store.checkCompleted(started);
    return runs / seconds;
  }

  /// One run after the other, commit by commit, on the caller's thread.
  ///
  /// @param latencies where the time of each run is recorded
  void loop(int runs, Histogram latencies) throws SQLException {
    for (var id : ids(runs)) {
      long start = System.nanoTime();
      for (int i = 0; i < rows.commits(); i++) {
        store.write(List.of(commit(id, i)));
      }
      latencies.recordValue(System.nanoTime() - start);
    }
    store.checkCompleted(started);
  }

  private static Commit commit(UUID id, int number) {
    return new Commit(id, "run-" + id.getMostSignificantBits(), number);
  }

  /// Ids that grow with time, as an engine's do.
  private UUID[] ids(int runs) {
    var ids = new UUID[runs];
    for (int i = 0; i < runs; i++) {
      var id = RunId.of(started / IDS_A_MILLISECOND, started, random.nextLong());
      ids[i] = new UUID(id.high(), id.low());
      started++;
    }
    return ids;
  }

  @Override
  public void close() throws SQLException {
    store.close();
  }
}
