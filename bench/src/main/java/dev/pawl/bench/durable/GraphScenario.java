package dev.pawl.bench.durable;

import dev.pawl.bench.durable.PlainGraph.Walk;
import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.workflow.Workflow;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// 100 runs of a graph with choices, forks and a loop, started together.
final class GraphScenario implements Scenario {
  private static final int RUNS = 100;
  private static final int UNMEASURED = 5;
  private static final Bar BAR = Bar.value(new Limit.LessThan(2_000));

  @Override
  public String name() {
    return "graph";
  }

  @Override
  public String about() {
    return "50 nodes (6 choices, 2 forks of 4, a loop of 10) x 100 runs started together";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var plain = PlainGraph.fifty();
    var workflow = plain.workflow();
    var all = Load.histogram();
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("graph.db")).register(workflow).start()) {
      double longest =
          settings.median(
              UNMEASURED,
              repetition -> {
                var load = repetition(plain, workflow, engine, settings.seed() + repetition);
                settings.say("every run < %.0f ms".formatted(load.longest()));
                if (repetition >= UNMEASURED) {
                  all.add(load.latencies());
                }
                return load.longest();
              });
      return List.of(
          Row.of("every run", longest, "ms", BAR)
              .with("visits a run", plain.walk(settings.seed()).visits().size(), "")
              .with(Load.percentiles(all)));
    }
  }

  private static Load repetition(
      PlainGraph plain, Workflow<Walk> workflow, Engine engine, long seed) throws Exception {
    var runs = new AtomicReferenceArray<Run<Walk>>(RUNS);
    var load =
        Load.together(
            RUNS,
            index -> {
              var start = Walk.start(seed * RUNS + index);
              var run = engine.start(workflow, seed + "-" + index, start);
              runs.set(index, run);
              run.await(Runs.LIMIT);
            });
    for (int i = 0; i < RUNS; i++) {
      var expected = plain.walk(seed * RUNS + i);
      WrongResult.unlessEqual("state of run " + i, expected.end(), runs.get(i).state());
      WrongResult.unlessEqual(
          "visits of run " + i, sorted(expected.visits()), sorted(runs.get(i).path()));
    }
    return load;
  }

  /// Branches of a fork commit in any order; each node's visits count.
  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }
}
