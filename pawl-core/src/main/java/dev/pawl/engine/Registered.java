package dev.pawl.engine;

import dev.pawl.run.Plan;
import dev.pawl.run.Transitions;
import dev.pawl.workflow.Workflow;
import java.util.stream.IntStream;

/// A workflow that an engine knows, with what it made of it.
///
/// @param limited whether a node of it has a limit of concurrency
/// @param starts whether a node of it starts other runs
record Registered(
    Workflow<?> workflow, Plan plan, Transitions transitions, boolean limited, boolean starts) {
  static Registered of(Workflow<?> workflow, Limits limits) {
    var plan = Plan.of(workflow.definition());
    var pure = new dev.pawl.run.Limits(limits.steps(), limits.branches(), limits.poisonAfter());
    boolean limited =
        IntStream.range(0, plan.size())
            .anyMatch(node -> plan.policy(node).concurrency() < Integer.MAX_VALUE);
    return new Registered(
        workflow,
        plan,
        new Transitions(plan, pure),
        limited,
        plan.children().findAny().isPresent());
  }

  String name() {
    return workflow.name();
  }

  String version() {
    return workflow.version();
  }
}
