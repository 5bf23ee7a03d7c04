package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Children of one run, started, awaited and folded, beside as many runs that nobody waits for but
/// their caller.
///
/// @param children how many
record ChildrenScenario(int children) implements Scenario {
  private static final List<Integer> WIDTHS = List.of(64, 512); // the default, and a wide one
  private static final int UNMEASURED = 5; // until the compiler has done with both
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
      double plain = plain(settings, width);
      settings.say("plain, %d at once: %,.0f runs/s".formatted(width, plain));
      double rate = rate(settings, width);
      rows.add(
          Row.of("children of one run, " + width + " at once", rate, "runs/s", AT_LEAST_HALF)
              .beside(plain));
    }
    return rows;
  }

  private double plain(Settings settings, int width) throws Exception {
    var workflow = Counted.workflow(1);
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("plain.db")).register(workflow).start()) {
      var runs = new Runs<>(engine, workflow, Counted.START, Counted.after(1));
      return settings.median(
          UNMEASURED, repetition -> runs.closedLoop(repetition + "-", width, children).rate());
    }
  }

  private double rate(Settings settings, int width) throws Exception {
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
    var workflow = graph.build();
    try (var place = settings.workplace();
        var engine =
            Engine.builder().sqlite(place.file("children.db")).register(workflow).start()) {
      return settings.median(
          UNMEASURED,
          repetition -> {
            long start = System.nanoTime();
            var run = engine.start(workflow, "run-" + repetition, new Parent(children, 0));
            var end = run.await(Runs.LIMIT);
            double seconds = (System.nanoTime() - start) / 1e9;
            WrongResult.unlessEqual("children", new Parent(children, children), end);
            return children / seconds;
          });
    }
  }
}
