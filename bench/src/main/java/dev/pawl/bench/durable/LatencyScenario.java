package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Figures;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.engine.Engine;
import java.util.List;
import org.HdrHistogram.Histogram;

/// Runs of three steps, one after the other, beside the same commits in a bare loop over JDBC. The
/// two take turns in short blocks, because disks have moods.
final class LatencyScenario implements Scenario {
  private static final int STEPS = 3;
  private static final int RUNS = 50;
  private static final int BLOCKS = 20;
  private static final int UNMEASURED = 3;
  private static final int MEDIAN = 50;

  @Override
  public String name() {
    return "sqlite-latency";
  }

  @Override
  public String about() {
    return "3 steps, SYNC, one run at a time, beside the same commits in a bare loop over JDBC";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var workflow = Counted.workflow(STEPS);
    var ours = new double[settings.repetitions()];
    var bare = new double[settings.repetitions()];
    var all = Load.histogram();
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("engine.db")).register(workflow).start()) {
      var engineRuns = new Runs<>(engine, workflow, Counted.START, Counted.after(STEPS));
      engineRuns.closedLoop("recorded-", 1, 1);
      var recorded = RunRows.read(place.file("engine.db"), "recorded-0");
      try (var bareRuns = new BareRuns(place.file("bare.db"), recorded)) {
        for (int i = -UNMEASURED; i < settings.repetitions(); i++) {
          var own = Load.histogram();
          var baseline = Load.histogram();
          for (int block = 0; block < BLOCKS; block++) {
            own.add(engineRuns.closedLoop(i + "-" + block + "-", 1, RUNS).latencies());
            bareRuns.loop(RUNS, baseline);
          }
          settings.say("p50 %.3f ms, bare loop %.3f ms".formatted(median(own), median(baseline)));
          if (i >= 0) {
            ours[i] = median(own);
            bare[i] = median(baseline);
            all.add(own);
          }
        }
      }
    }
    return List.of(
        Row.of("1 at a time, p50", Figures.median(ours), "ms", Bar.ratio(new Limit.AtMost(1.3)))
            .beside(Figures.median(bare))
            .with(Load.percentiles(all)));
  }

  private static double median(Histogram latencies) {
    return latencies.getValueAtPercentile(MEDIAN) / 1e6;
  }
}
