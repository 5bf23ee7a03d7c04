package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Ten steps, 30 % of whose attempts fail, with four attempts each.
///
/// Whether an attempt fails is decided by a hash of seed, run, step and attempt, so the end of each
/// run is known beforehand. A share of `(1 - 0.3^4)^10`, which is 92.2 %, should complete.
final class RetryScenario implements Scenario {
  private static final int RUNS = 5_000;
  private static final int CALLERS = 512;
  private static final int STEPS = 10;
  private static final int ATTEMPTS = 4;
  private static final double FAILING = 0.3;
  private static final Policy POLICY = Policy.retry(Duration.ofMillis(2), ATTEMPTS);

  @Override
  public String name() {
    return "retries";
  }

  @Override
  public String about() {
    return "10 steps, 30 % of attempts fail, 4 attempts, 5,000 runs: what share completes";
  }

  /// What a failing attempt throws.
  static final class Injected extends Exception {
    private static final long serialVersionUID = 1;

    Injected(String message) {
      super(message);
    }
  }

  /// The outcomes that one seed decides.
  record Dice(long seed) {
    boolean fails(String key, String step, int attempt) {
      long hash = seed;
      for (int part : new int[] {key.hashCode(), step.hashCode(), attempt}) {
        hash = new SplittableRandom(hash ^ part).nextLong();
      }
      return new SplittableRandom(hash).nextDouble() < FAILING;
    }

    /// The step that gives up; empty if the run completes.
    Optional<String> failing(String key) {
      for (int i = 0; i < STEPS; i++) {
        int attempt = 1;
        while (attempt <= ATTEMPTS && fails(key, step(i), attempt)) {
          attempt++;
        }
        if (attempt > ATTEMPTS) {
          return Optional.of(step(i));
        }
      }
      return Optional.empty();
    }
  }

  private static String step(int index) {
    return "step-" + index;
  }

  private static String message(String step, int attempt) {
    return "attempt " + attempt + " at " + step + " was told to fail";
  }

  private static Workflow<Counted> workflow(Dice dice) {
    var graph = Workflow.graph("retries", Counted.class);
    var nodes = new ArrayList<Node<Counted>>();
    for (int i = 0; i < STEPS; i++) {
      nodes.add(
          graph
              .step(
                  step(i),
                  (counted, context) -> {
                    if (dice.fails(context.key(), context.node(), context.attempt())) {
                      throw new Injected(message(context.node(), context.attempt()));
                    }
                    return counted.next();
                  })
              .with(POLICY));
    }
    graph.start(nodes.getFirst());
    for (int i = 1; i < STEPS; i++) {
      graph.path(nodes.get(i - 1), nodes.get(i));
    }
    graph.path(nodes.getLast(), graph.end());
    return graph.build();
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var dice = new Dice(settings.seed());
    var workflow = workflow(dice);
    var completed = new AtomicInteger();
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("retry.db")).register(workflow).start()) {
      var load =
          Load.closedLoop(
              CALLERS,
              RUNS,
              index -> {
                var run = engine.start(workflow, "run-" + index, Counted.START);
                if (check(run, dice.failing(run.key()))) {
                  completed.incrementAndGet();
                }
              });
      double share = 100.0 * completed.get() / RUNS;
      var bar = Bar.value(new Limit.Within(92.2, 1.2));
      return List.of(
          Row.of("completed", share, "%", bar)
              .with("seed", (double) settings.seed(), "")
              .with("rate", load.rate(), "runs/s")
              .with(Load.percentiles(load.latencies())));
    }
  }

  /// Whether the run completed, after a check that it ended as it had to.
  private static boolean check(Run<Counted> run, Optional<String> failing)
      throws InterruptedException {
    var key = run.key();
    return switch (run.result(Runs.LIMIT)) {
      case Run.Result.Completed<Counted> completed -> {
        WrongResult.unlessEqual("failing step of " + key, failing, Optional.empty());
        WrongResult.unlessEqual("state of " + key, Counted.after(STEPS), completed.state());
        yield true;
      }
      case Run.Result.Failed<Counted> failed -> {
        WrongResult.unlessEqual("failing step of " + key, failing, Optional.of(failed.node()));
        WrongResult.unlessEqual("attempts of " + key, ATTEMPTS, failed.attempts());
        WrongResult.unlessEqual(
            "cause of " + key, message(failed.node(), ATTEMPTS), failed.cause().getMessage());
        yield false;
      }
      case Run.Result.Cancelled<Counted> cancelled ->
          throw new WrongResult("run " + key + " was cancelled: " + cancelled.reason());
      case Run.Result.StillOpen<Counted> open ->
          throw new WrongResult("run " + key + " is still at " + open.nodes());
    };
  }
}
