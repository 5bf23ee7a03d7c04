package dev.pawl.engine;

import dev.pawl.run.Plan;
import dev.pawl.run.Transitions;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.util.stream.IntStream;

/// A workflow that an engine knows, with what it made of it.
///
/// @param limited whether a node of it has a limit of concurrency
/// @param starts whether a node of it starts other runs
/// @param delays whether a node of it waits for a time
record Registered(
    Workflow<?> workflow,
    Plan plan,
    Transitions transitions,
    boolean limited,
    boolean starts,
    boolean delays) {
  static Registered of(Workflow<?> workflow, Limits limits) {
    var plan = Plan.of(workflow.definition());
    var pure = new dev.pawl.run.Limits(limits.steps(), limits.branches(), limits.poisonAfter());
    boolean limited =
        IntStream.range(0, plan.size())
            .anyMatch(node -> plan.policy(node).concurrency() < Integer.MAX_VALUE);
    boolean starts = plan.children().findAny().isPresent();
    boolean delays =
        IntStream.range(0, plan.size()).anyMatch(node -> plan.kind(node) == Plan.Kind.DELAY);
    return new Registered(workflow, plan, new Transitions(plan, pure), limited, starts, delays);
  }

  /// Checks that some node waits for a signal, and for one of this type.
  ///
  /// @throws IllegalArgumentException if none does
  void check(Signal<?> signal) {
    var signals = plan.signals();
    var known = signals.get(signal.name());
    if (known == null) {
      throw new IllegalArgumentException(
          "no node of workflow "
              + name()
              + " waits for signal "
              + signal.name()
              + (signals.isEmpty()
                  ? ""
                  : "; some wait for " + String.join(", ", signals.keySet())));
    }
    if (!known.type().equals(signal.type())) {
      throw new IllegalArgumentException(
          "signal "
              + signal.name()
              + " of workflow "
              + name()
              + " carries "
              + known.type().getName()
              + ", not "
              + signal.type().getName());
    }
  }

  String name() {
    return workflow.name();
  }

  String version() {
    return workflow.version();
  }
}
