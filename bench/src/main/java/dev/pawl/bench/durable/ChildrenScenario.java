package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Figures;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Children of one run, started, awaited and folded, beside as many runs that nobody waits for but
/// their caller.
///
/// @param children how many
record ChildrenScenario(int children) implements Scenario {
  private static final List<Integer> WIDTHS = List.of(64, 512); // the default, and a wide one
  private static final Bar AT_LEAST_HALF = Bar.ratio(new Limit.AtLeast(0.5));

  @Override
  public String name() {
    return "children";
  }

  @Override
  public String about() {
    return "10,000 runs that one run starts and waits for, 64 and 512 at once";
  }

  /// How many children there are to be, and how many have been folded.
  record Parent(int children, int folded) {
    List<Counted> starts() {
      return Collections.nCopies(children, Counted.START);
    }
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var rows = new ArrayList<Row>();
    for (int width : WIDTHS) {
      rows.add(measure(settings, width));
    }
    return rows;
  }

  private Row measure(Settings settings, int width) throws Exception {
    var plain = Counted.workflow(1);
    var parent = parent(width);
    var rates = new double[settings.repetitions()];
    var plainRates = new double[settings.repetitions()];
    try (var place = settings.workplace();
        var plainEngine = Engine.builder().sqlite(place.file("plain.db")).register(plain).start();
        var engine = Engine.builder().sqlite(place.file("children.db")).register(parent).start()) {
      var plainRuns = new Runs<>(plainEngine, plain, Counted.START, Counted.after(1));
      settings.warmUp(
          ChildrenScenario::compiled,
          round -> {
            plainRuns.closedLoop("unmeasured-" + round + "-", width, children);
            rate(engine, parent, "unmeasured-" + round);
          });
      for (int i = 0; i < rates.length; i++) {
        plainRates[i] = plainRuns.closedLoop(i + "-", width, children).rate();
        rates[i] = rate(engine, parent, "run-" + i);
        settings.say(
            "%d at once: %,.0f children/s; plain %,.0f runs/s"
                .formatted(width, rates[i], plainRates[i]));
      }
    }
    return Row.of(
            "children of one run, " + width + " at once",
            Figures.median(rates),
            "runs/s",
            AT_LEAST_HALF)
        .beside(Figures.median(plainRates));
  }

  private static Duration compiled() {
    return Duration.ofMillis(ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
  }

  private static Workflow<Parent> parent(int width) {
    var graph = Workflow.graph("parent", Parent.class);
    var all =
        graph
            .children(
                "all",
                Counted.workflow(1),
                Parent::starts,
                (parent, results) -> new Parent(parent.children, results.done()))
            .width(width);
    graph.start(all).path(all, graph.end());
    return graph.build();
  }

  private double rate(Engine engine, Workflow<Parent> parent, String key) throws Exception {
    long start = System.nanoTime();
    var end = engine.start(parent, key, new Parent(children, 0)).await(Runs.LIMIT);
    double seconds = (System.nanoTime() - start) / 1e9;
    WrongResult.unlessEqual("children", new Parent(children, children), end);
    return children / seconds;
  }
}
