package dev.pawl.engine.inline;

import dev.pawl.run.Plan;
import dev.pawl.workflow.model.Definition;

/// A workflow as the inline path runs it: its nodes in an array. Made once for each workflow;
/// immutable.
final class Layout {
  final String name;
  final int start;
  final Node[] nodes;
  final Failures failures;

  private Layout(String name, int start, Node[] nodes, Failures failures) {
    this.name = name;
    this.start = start;
    this.nodes = nodes;
    this.failures = failures;
  }

  /// Lays a definition out.
  ///
  /// @throws RuntimeException that of [Failures#waits] if it has a node that waits, that of
  ///   [Failures#starts] if it has one that starts runs, that of [Failures#compensates] if it has
  ///   one whose visits can be undone, that of [Failures#expires] if it limits how long a run may
  ///   last
  static Layout of(Definition<?> definition, Failures failures) {
    if (definition.perRun().isPresent()) {
      throw failures.expires(definition.name());
    }
    var plan = Plan.of(definition);
    var nodes = new Node[plan.size()];
    for (int i = 0; i < nodes.length; i++) {
      if (plan.child(i).isPresent()) {
        throw failures.starts(definition.name(), plan.name(i));
      }
      if (plan.kind(i).waits()) {
        throw failures.waits(definition.name(), plan.name(i));
      }
      if (plan.compensates(i)) {
        throw failures.compensates(definition.name(), plan.name(i));
      }
      nodes[i] = new Node(plan, i);
    }
    return new Layout(definition.name(), plan.start(), nodes, failures);
  }
}
