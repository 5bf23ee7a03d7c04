package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import java.util.List;

/// 1,000 runs of ten steps, started together.
final class BurstScenario implements Scenario {
  private static final int RUNS = 1_000;
  private static final int STEPS = 10;
  private static final int UNMEASURED = 5;
  private static final Bar BAR = Bar.value(new Limit.LessThan(500));

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public String about() {
    return "10 steps x 1,000 runs started together: steps that do nothing, steps that wait 10 ms";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    return List.of(
        row(settings, "no-op", Counted.workflow(STEPS)),
        row(settings, "io", Counted.waiting(STEPS)));
  }

  private static Row row(Settings settings, String name, Workflow<Counted> workflow)
      throws Exception {
    var all = Load.histogram();
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("burst.db")).register(workflow).start()) {
      var runs = new Runs<>(engine, workflow, Counted.START, Counted.after(STEPS));
      double longest =
          settings.median(
              UNMEASURED,
              repetition -> {
                var load = runs.together(repetition + "-", RUNS);
                settings.say("%s, every run < %.0f ms".formatted(name, load.longest()));
                if (repetition >= UNMEASURED) {
                  all.add(load.latencies());
                }
                return load.longest();
              });
      return Row.of(name + ", every run", longest, "ms", BAR).with(Load.percentiles(all));
    }
  }
}
