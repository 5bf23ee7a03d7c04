package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/// Runs that wait for times which all come within ten seconds: how late they go on.
///
/// They are all in the store before the first is due; none is in memory.
///
/// @param runs how many
record TimerScenario(int runs) implements Scenario {
  private static final int CALLERS = 512;
  private static final Duration SPREAD = Duration.ofSeconds(10);
  private static final long LONGEST = Duration.ofMinutes(10).toNanos();

  /// @param until when it is to go on
  record Sleeper(Instant until) {}

  @Override
  public String name() {
    return "timers";
  }

  @Override
  public String about() {
    return "100,000 runs in the store whose waits end within ten seconds: how late they go on";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var late = new ConcurrentHistogram(LONGEST, 3);
    var gone = new CountDownLatch(runs);
    var workflow = workflow(late, gone);
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("timers.db")).register(workflow).start()) {
      var begin = Instant.now().plus(startTakes());
      var started =
          Load.closedLoop(
              CALLERS,
              runs,
              index -> {
                var until = begin.plus(SPREAD.multipliedBy(index).dividedBy(runs));
                engine.start(workflow, "run-" + index, new Sleeper(until));
              });
      var left = Duration.between(Instant.now(), begin);
      settings.say(
          "started in %.1f s, the first is due in %.1f s"
              .formatted(started.took().toMillis() / 1e3, left.toMillis() / 1e3));
      if (left.isNegative()) {
        throw new WrongResult("the runs were not started before the first was due");
      }
      if (!gone.await(5, TimeUnit.MINUTES)) {
        throw new WrongResult(gone.getCount() + " runs did not go on");
      }
      return List.of(
          Row.of(
              "lateness, median",
              late.getValueAtPercentile(50) / 1e6,
              "ms",
              Bar.value(new Limit.LessThan(50))),
          Row.of(
                  "lateness, p99",
                  late.getValueAtPercentile(99) / 1e6,
                  "ms",
                  Bar.value(new Limit.LessThan(500)))
              .with("max", late.getMaxValue() / 1e6, "ms"));
    }
  }

  /// How long it may take to start them.
  private Duration startTakes() {
    return Duration.ofSeconds(10).plus(Duration.ofMillis(runs / 5));
  }

  private static Workflow<Sleeper> workflow(ConcurrentHistogram late, CountDownLatch gone) {
    var graph = Workflow.graph("timers", Sleeper.class);
    var sleep = graph.delay("sleep", Sleeper::until);
    var wake =
        graph.step(
            "wake",
            sleeper -> {
              long nanos = Duration.between(sleeper.until(), Instant.now()).toNanos();
              late.recordValue(Math.clamp(nanos, 0, LONGEST));
              gone.countDown();
              return sleeper;
            });
    graph.start(sleep).path(sleep, wake, graph.end());
    return graph.build();
  }
}
