package dev.pawl.bench.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What a load on virtual threads took.
///
/// @param calls how many calls were made
/// @param took from the start of the first to the end of the last
/// @param latencies of each call, in nanoseconds
public record Load(int calls, Duration took, Histogram latencies) {
  private static final long LONGEST = Duration.ofMinutes(10).toNanos();
  private static final int DIGITS = 3;

  /// What is called, once for each index.
  @FunctionalInterface
  public interface Call {
    /// Does the work, up to its durable end.
    void run(int index) throws Exception;
  }

  /// A histogram for latencies in nanoseconds.
  public static Histogram histogram() {
    return new Histogram(LONGEST, DIGITS);
  }

  /// A closed loop: each of `callers` threads makes a call after the other. The latency of a call
  /// counts from its own start.
  ///
  /// @throws Exception what a call threw; the others are not begun
  public static Load closedLoop(int callers, int calls, Call call) throws Exception {
    return run(callers, calls, call, false);
  }

  /// All calls together, each on a thread of its own. The latency of each counts from the start of
  /// them all.
  ///
  /// @throws Exception what a call threw
  public static Load together(int calls, Call call) throws Exception {
    return run(calls, calls, call, true);
  }

  private static Load run(int callers, int calls, Call call, boolean fromStart) throws Exception {
    var gate = new CountDownLatch(1);
    var next = new AtomicInteger();
    var begin = new AtomicReference<>(0L);
    var failure = new AtomicReference<@Nullable Throwable>();
    var histograms = new ArrayList<Histogram>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < callers; i++) {
      var own = histogram();
      histograms.add(own);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  gate.await();
                  for (int n; (n = next.getAndIncrement()) < calls; ) {
                    long from = fromStart ? begin.get() : System.nanoTime();
                    call.run(n);
                    own.recordValue(Math.min(LONGEST, System.nanoTime() - from));
                  }
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                  next.set(calls);
                }
              }));
    }
    long start = System.nanoTime();
    begin.set(start);
    gate.countDown();
    for (var thread : threads) {
      thread.join();
    }
    var took = Duration.ofNanos(System.nanoTime() - start);
    rethrow(failure.get());
    var all = histogram();
    histograms.forEach(all::add);
    return new Load(calls, took, all);
  }

  private static void rethrow(@Nullable Throwable failure) throws Exception {
    switch (failure) {
      case null -> {}
      case Exception e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /// Calls a second.
  public double rate() {
    return calls * 1e9 / took.toNanos();
  }

  /// The longest latency, in milliseconds.
  public double longest() {
    return latencies.getMaxValue() / 1e6;
  }

  /// Median, 99th percentile and maximum of latencies.
  public static List<Detail> percentiles(Histogram latencies) {
    return List.of(
        new Detail("p50", latencies.getValueAtPercentile(50) / 1e6, "ms"),
        new Detail("p99", latencies.getValueAtPercentile(99) / 1e6, "ms"),
        new Detail("max", latencies.getMaxValue() / 1e6, "ms"));
  }
}
