package dev.pawl.bench.durable;

import dev.pawl.bench.durable.BareStore.Commit;
import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.Workplace;
import dev.pawl.workflow.RunId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// The baselines of durable runs: the same commits without an engine. Each measurement has a file
/// of its own.
final class BareRuns {
  private final Workplace place;
  private final RunRows rows;
  private final AtomicInteger files = new AtomicInteger();

  BareRuns(Workplace place, RunRows rows) {
    this.place = place;
    this.rows = rows;
  }

  /// What a closed loop over a group commit took, and how fast one thread wrote the same batches.
  ///
  /// @param load the closed loop
  /// @param alone runs a second of one thread
  record Grouped(Load load, double alone) {}

  /// A closed loop of threads that hand their commits to one that writes.
  Grouped grouped(int callers, int runs) throws Exception {
    Load load;
    List<List<Commit>> batches;
    try (var store = open();
        var group = new GroupCommit(store)) {
      var ids = ids(runs);
      load =
          Load.closedLoop(
              callers,
              runs,
              index -> {
                for (int i = 0; i < rows.commits(); i++) {
                  group.commit(new Commit(ids[index], "run-" + index, i));
                }
              });
      batches = group.stop();
      store.checkCompleted(runs);
    }
    return new Grouped(load, runs / secondsAlone(batches, runs));
  }

  private double secondsAlone(List<List<Commit>> batches, int runs) throws SQLException {
    try (var store = open()) {
      long start = System.nanoTime();
      for (var batch : batches) {
        store.write(batch);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      store.checkCompleted(runs);
      return seconds;
    }
  }

  /// One run after the other, commit by commit, on the caller's thread.
  Load loop(int runs) throws Exception {
    try (var store = open()) {
      var ids = ids(runs);
      var latencies = Load.histogram();
      long start = System.nanoTime();
      for (int index = 0; index < runs; index++) {
        long from = System.nanoTime();
        for (int i = 0; i < rows.commits(); i++) {
          store.write(List.of(new Commit(ids[index], "run-" + index, i)));
        }
        latencies.recordValue(System.nanoTime() - from);
      }
      var took = Duration.ofNanos(System.nanoTime() - start);
      store.checkCompleted(runs);
      return new Load(runs, took, latencies);
    }
  }

  private BareStore open() throws SQLException {
    return new BareStore(place.file("bare-" + files.getAndIncrement() + ".db"), rows);
  }

  /// Ids that grow with time, as an engine's do.
  private static UUID[] ids(int runs) {
    var random = new SplittableRandom(runs);
    var ids = new UUID[runs];
    for (int i = 0; i < runs; i++) {
      ids[i] = RunId.of(i / 20, i, random.nextLong()).value();
    }
    return ids;
  }
}
