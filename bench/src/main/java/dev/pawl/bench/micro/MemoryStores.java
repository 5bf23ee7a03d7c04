package dev.pawl.bench.micro;

import dev.pawl.store.Commit;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Mail;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Commits and loads in a memory store that holds 100,000 runs, taken in turns.
///
/// They were started in random order, so what the store knows of the next one is anywhere in
/// memory. The ids lie in the order of their use: whoever commits or loads has the id at hand.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemoryStores {
  static final int RUNS = 100_000;
  private static final Instant AT = Instant.EPOCH;
  private static final int START_BATCH = 1_000;

  private final RunId[] ids = new RunId[RUNS];
  private final long[] sequences = new long[RUNS];
  private MemoryStore store = new MemoryStore();
  private Writer writer = store.writer();
  private long batch;
  private int next;

  /// A new store for each iteration, so that histories do not grow without end. Its garbage is
  /// collected here, or the iteration would pay for it.
  @Setup(Level.Iteration)
  public void fill() {
    store = new MemoryStore();
    writer = store.writer();
    batch = 0;
    next = 0;
    var random = new SplittableRandom(RUNS);
    for (int i = 0; i < RUNS; i++) {
      ids[i] = RunId.of(i >> 12, i, random.nextLong());
      sequences[i] = 0;
    }
    var order = shuffled(random);
    for (int first = 0; first < RUNS; first += START_BATCH) {
      var commits = new Commit[START_BATCH];
      for (int i = 0; i < START_BATCH; i++) {
        commits[i] = start(order[first + i]);
      }
      requireWritten(writer.commit(++batch, List.of(commits)));
    }
    for (int i = 0; i < RUNS; i++) {
      step();
    }
    System.gc();
  }

  private static int[] shuffled(SplittableRandom random) {
    var order = new int[RUNS];
    for (int i = 0; i < RUNS; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private Commit start(int index) {
    var state = new RunRow.State(RunStatus.RUNNING, Optional.empty(), "", writer.id(), 0, AT);
    var row =
        new RunRow(
            ids[index],
            "bench",
            "1",
            "key-" + index,
            RunRow.Unique.OPEN,
            Optional.empty(),
            Map.of(),
            new Encoded.Reference(Tally.START),
            AT,
            Optional.empty(),
            state);
    return new Commit(
        ids[index],
        Optional.of(row),
        List.of(),
        Optional.empty(),
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Mail.NONE);
  }

  private int pick() {
    next = next + 1 == RUNS ? 0 : next + 1;
    return next;
  }

  private Commit step() {
    int run = pick();
    long seq = ++sequences[run];
    var row =
        new HistoryRow(
            ids[run],
            seq,
            HistoryRow.Kind.LEFT,
            "",
            (int) seq,
            "step",
            1,
            "",
            "step",
            Optional.of(new Encoded.Reference(Tally.START)),
            Optional.empty(),
            Optional.empty(),
            AT,
            Duration.ZERO,
            seq,
            (int) seq,
            1,
            Optional.empty());
    var commit =
        new Commit(
            ids[run],
            Optional.empty(),
            List.of(row),
            Optional.empty(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Mail.NONE);
    requireWritten(writer.commit(++batch, List.of(commit)));
    return commit;
  }

  /// One visit of one run, with the store's checks.
  @Benchmark
  public Commit commit() {
    return step();
  }

  /// The branches of one run.
  @Benchmark
  public Store.Loaded load() {
    return store.load(ids[pick()]).orElseThrow();
  }

  private static void requireWritten(List<Commit.Rejection> rejections) {
    if (!rejections.isEmpty()) {
      throw new IllegalStateException("the store refused " + rejections);
    }
  }
}
