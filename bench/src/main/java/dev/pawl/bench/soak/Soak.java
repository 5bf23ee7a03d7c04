package dev.pawl.bench.soak;

import dev.pawl.bench.measure.WrongResult;
import dev.pawl.bench.soak.SoakWorkflow.Order;
import dev.pawl.engine.Engine;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/// An open loop: runs start at fixed times, however long earlier ones take. The latency of a run
/// counts from the time that it was to start, to its committed end, less its delay.
final class Soak {
  private static final int DIGITS = 3;
  private static final long MOST_OPEN = 100_000;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String CUSTOMER = "x".repeat(200);

  private final Path db;
  private final int rate;
  private final Duration pause;
  private final Consumer<String> progress;
  private final Workflow<Order> workflow;
  private final Recorder latencies = new Recorder(DIGITS);
  private final AtomicLong open = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Window> windows = new ArrayList<>();

  /// @param db the store, which must not exist
  /// @param rate runs a second
  /// @param pause the delay of each run
  /// @param progress hears each window
  Soak(Path db, int rate, Duration pause, Consumer<String> progress) {
    this.db = db;
    this.rate = rate;
    this.pause = pause;
    this.progress = progress;
    this.workflow = SoakWorkflow.of(pause);
  }

  /// Loads the engine for so many windows, and waits until each run has ended.
  ///
  /// @throws WrongResult if a run ended as it should not, or too many are open
  List<Window> run(Duration window, int count) throws Exception {
    progress.accept(Window.HEADER);
    try (var engine = Engine.builder().sqlite(db).register(workflow).start()) {
      long begin = System.nanoTime();
      long runs = load(engine, begin, window, count);
      while (open.get() > 0) {
        check();
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
      check();
      WrongResult.unlessEqual(
          "completed runs",
          runs,
          engine.counts(Store.Filter.ALL).getOrDefault(RunStatus.COMPLETED, 0L));
    }
    return List.copyOf(windows);
  }

  /// Starts runs at their times, and closes windows at theirs.
  ///
  /// @return how many were started
  private long load(Engine engine, long begin, Duration window, int count) throws IOException {
    long next = 0;
    for (int i = 1; i <= count; i++) {
      long closed = begin + i * window.toNanos();
      for (long due; (due = begin + next * 1_000_000_000L / rate) < closed; next++) {
        awaitTime(due);
        check();
        begin(engine, next, due);
      }
      awaitTime(closed);
      close(Duration.ofNanos(closed - begin));
    }
    return next;
  }

  private static void awaitTime(long nanos) {
    for (long left; (left = nanos - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  private void begin(Engine engine, long number, long due) {
    open.incrementAndGet();
    Thread.ofVirtual()
        .start(() -> {
          try {
            var order = new Order(number, Instant.EPOCH, CUSTOMER, List.of());
            var end = engine.start(workflow, "order-" + number, order).await(LIMIT);
            WrongResult.unlessEqual("order " + number, Order.ALL, end.done());
            latencies.recordValue(Math.max(0, System.nanoTime() - due - pause.toNanos()));
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          } finally {
            open.decrementAndGet();
          }
        });
  }

  private void check() {
    var failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("a run failed: " + failed, failed);
    }
    if (open.get() > MOST_OPEN) {
      throw new WrongResult("%,d runs are open: the rate is too high".formatted(open.get()));
    }
  }

  private void close(Duration at) throws IOException {
    var seen = latencies.getIntervalHistogram();
    long unfinished = open.get();
    System.gc();
    var window =
        new Window(
            at,
            seen.getTotalCount(),
            millis(seen, 50),
            millis(seen, 99),
            seen.getMaxValue() / 1e6,
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
            unfinished,
            ManagementFactory.getThreadMXBean().getThreadCount(),
            size(db),
            size(db.resolveSibling(db.getFileName() + "-wal")));
    windows.add(window);
    progress.accept(window.line());
  }

  private static double millis(Histogram latencies, double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e6;
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
