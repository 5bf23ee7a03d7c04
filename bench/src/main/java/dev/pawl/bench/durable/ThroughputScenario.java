package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Figures;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.engine.Engine;
import java.util.ArrayList;
import java.util.List;

/// Runs of three steps, many at once, beside the same commits without an engine.
final class ThroughputScenario implements Scenario {
  private static final int STEPS = 3;
  private static final int UNMEASURED = 2;

  @Override
  public String name() {
    return "sqlite-throughput";
  }

  @Override
  public String about() {
    return "3 steps, SYNC, 64 and 512 runs at once, beside the same commits without an engine";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var rows = new ArrayList<Row>();
    rows.addAll(measure(settings, 64, 20_000, 8_000));
    rows.addAll(measure(settings, 512, 40_000, 15_000));
    return rows;
  }

  private static List<Row> measure(Settings settings, int callers, int runs, double bar)
      throws Exception {
    var workflow = Counted.workflow(STEPS);
    var ours = new double[settings.repetitions()];
    var bare = new double[settings.repetitions()];
    var limits = new double[settings.repetitions()];
    var all = Load.histogram();
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("engine.db")).register(workflow).start()) {
      var engineRuns = new Runs<>(engine, workflow, Counted.START, Counted.after(STEPS));
      engineRuns.closedLoop("recorded-", 1, 1);
      var recorded = RunRows.read(place.file("engine.db"), "recorded-0");
      try (var grouped = new BareRuns(place.file("grouped.db"), recorded);
          var single = new BareRuns(place.file("single.db"), recorded)) {
        for (int i = -UNMEASURED; i < settings.repetitions(); i++) {
          var load = engineRuns.closedLoop(i + "-", callers, runs);
          var baseline = grouped.grouped(callers, runs);
          double alone = single.replay(baseline.batches(), runs);
          settings.say(
              "%d at once: %,.0f runs/s; without an engine %,.0f; one thread alone %,.0f"
                  .formatted(callers, load.rate(), baseline.load().rate(), alone));
          if (i >= 0) {
            ours[i] = load.rate();
            bare[i] = baseline.load().rate();
            limits[i] = alone;
            all.add(load.latencies());
          }
        }
      }
    }
    return List.of(
        Row.of(
                callers + " at once",
                Figures.median(ours),
                "runs/s",
                Bar.value(new Limit.AtLeast(bar)).andRatio(new Limit.AtLeast(0.4)))
            .beside(Figures.median(bare))
            .with(Load.percentiles(all)),
        Row.of(
                callers + " at once, the baseline itself",
                Figures.median(bare),
                "runs/s",
                Bar.ratio(new Limit.AtLeast(0.5)))
            .beside(Figures.median(limits)));
  }
}
