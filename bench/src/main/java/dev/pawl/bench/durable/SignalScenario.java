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
import dev.pawl.workflow.step.Signal;
import java.util.List;

/// Runs that wait for a signal, each of which gets one: how long from the sending to the durable
/// end, and what waiting costs.
///
/// @param runs how many runs wait
record SignalScenario(int runs) implements Scenario {
  private static final int CALLERS = 64;
  private static final double MEBIBYTE = 1 << 20;
  private static final Signal<Integer> GO = Signal.of("go", Integer.class);

  @Override
  public String name() {
    return "signals";
  }

  @Override
  public String about() {
    return "100,000 runs that wait for a signal, and get one: memory, threads, signals a second";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var graph = Workflow.graph("signals", Counted.class);
    var wait = graph.await("wait", GO, (counted, by) -> counted.next());
    graph.start(wait).path(wait, graph.end());
    var workflow = graph.build();
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("signals.db")).register(workflow).start()) {
      Load.closedLoop(
          CALLERS, runs, index -> engine.start(workflow, "run-" + index, Counted.START));
      System.gc();
      double heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      settings.say("%,d runs wait".formatted(runs));
      var load =
          Load.closedLoop(
              CALLERS,
              runs,
              index -> {
                var run = engine.find(workflow, "run-" + index).orElseThrow();
                run.signal(GO, 1);
                WrongResult.unlessEqual("run " + index, Counted.after(1), run.await(Runs.LIMIT));
              });
      return List.of(
          Row.of("heap while they wait", heap / MEBIBYTE, "MB", Bar.value(new Limit.AtMost(512))),
          Row.of("signalled and ended, 64 at once", load.rate(), "runs/s", Bar.NONE)
              .with(Load.percentiles(load.latencies())));
    }
  }
}
