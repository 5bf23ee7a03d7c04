package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Load;
import dev.pawl.engine.Engine;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A process with runs that wait for delays.
///
/// Arguments: `start`, the database and how many runs: starts them, with delays that end evenly
/// over a day from now, and writes `waiting` when all are durable in theirs. Or `wake`, the
/// database and how many: writes `handled` when so many runs have gone on and completed, `heap`
/// with the used bytes after a garbage collection, and `cpu` with the share of one processor that
/// the minute after it took.
final class DelayedRuns {
  static final Duration DAY = Duration.ofDays(1);
  private static final Duration WATCHED = Duration.ofMinutes(1);
  private static final int CALLERS = 512;
  private static final int STATE_BYTES = 300;

  private DelayedRuns() {}

  /// A state of about 300 bytes.
  ///
  /// @param until when the delay ends
  /// @param text fills it up
  record Sleeper(Instant until, String text) {
    private static final String TEXT = "x".repeat(STATE_BYTES - 60);
  }

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[2]);
    boolean starts = args[0].equals("start");
    var woken = new CountDownLatch(count);
    var workflow = workflow(woken);
    var engine = Engine.builder().sqlite(Path.of(args[1])).register(workflow).start();
    if (starts) {
      start(engine, workflow, count);
    } else {
      woken.await();
      watch(engine, count);
    }
  }

  private static Workflow<Sleeper> workflow(CountDownLatch woken) {
    var graph = Workflow.graph("sleepers", Sleeper.class);
    var sleep = graph.delay("sleep", Sleeper::until);
    var wake =
        graph.step(
            "wake",
            sleeper -> {
              woken.countDown();
              return sleeper;
            });
    graph.start(sleep).path(sleep, wake, graph.end());
    return graph.build();
  }

  private static void start(Engine engine, Workflow<Sleeper> workflow, int runs) throws Exception {
    var begin = Instant.now();
    var spacing = DAY.dividedBy(runs);
    Load.closedLoop(
        CALLERS,
        runs,
        index -> {
          var until = begin.plus(spacing.multipliedBy(index + 1L));
          engine.start(workflow, "run-" + index, new Sleeper(until, Sleeper.TEXT));
        });
    while (count(engine, RunStatus.RUNNING) > 0) {
      Thread.sleep(Duration.ofMillis(500));
    }
    System.out.println("waiting");
    new CountDownLatch(1).await();
  }

  private static void watch(Engine engine, int woken) throws InterruptedException {
    while (count(engine, RunStatus.COMPLETED) < woken) {
      Thread.sleep(Duration.ofMillis(20));
    }
    System.out.println("handled");
    System.gc();
    System.out.println(
        "heap " + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    long before = system.getProcessCpuTime();
    Thread.sleep(WATCHED);
    double used = system.getProcessCpuTime() - before;
    System.out.println("cpu " + used / WATCHED.toNanos());
  }

  private static long count(Engine engine, RunStatus status) {
    var filter = new Store.Filter(Optional.empty(), Optional.empty(), List.of(status));
    Map<RunStatus, Long> counts = engine.counts(filter);
    return counts.getOrDefault(status, 0L);
  }
}
