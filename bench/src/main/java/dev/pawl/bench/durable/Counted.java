package dev.pawl.bench.durable;

import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Step;
import java.time.Duration;
import java.util.ArrayList;

/// The state of the measured workflows: a counter and a string. Each step adds one.
///
/// @param count how many steps have run
/// @param text stays as it is
public record Counted(int count, String text) {
  static final Counted START = new Counted(0, "a line of text that goes along");
  static final Duration IO = Duration.ofMillis(10);

  Counted next() {
    return new Counted(count + 1, text);
  }

  /// What a workflow of `steps` steps makes of [#START].
  static Counted after(int steps) {
    return new Counted(steps, START.text);
  }

  /// A workflow whose steps do nothing but count.
  static Workflow<Counted> workflow(int steps) {
    return workflow("count-" + steps, steps, (counted, context) -> counted.next());
  }

  /// A workflow whose steps wait as long as a call to another system takes, then count.
  static Workflow<Counted> waiting(int steps) {
    return workflow(
        "wait-" + steps,
        steps,
        (counted, context) -> {
          Thread.sleep(IO);
          return counted.next();
        });
  }

  static Workflow<Counted> workflow(String name, int steps, Step<Counted, Counted> step) {
    var graph = Workflow.graph(name, Counted.class);
    var nodes = new ArrayList<Node<Counted>>();
    for (int i = 0; i < steps; i++) {
      nodes.add(graph.step("step-" + i, step));
    }
    graph.start(nodes.getFirst());
    for (int i = 1; i < steps; i++) {
      graph.path(nodes.get(i - 1), nodes.get(i));
    }
    graph.path(nodes.getLast(), graph.end());
    return graph.build();
  }
}
