package dev.pawl.engine;

import dev.pawl.run.Plan;
import dev.pawl.workflow.model.Definition;

/// A workflow as the inline path runs it. Made once for each workflow; immutable.
final class InlinePlan {
  final String name;
  final int start;
  final InlineNode[] nodes;

  private InlinePlan(String name, int start, InlineNode[] nodes) {
    this.name = name;
    this.start = start;
    this.nodes = nodes;
  }

  /// Lays a definition out.
  ///
  /// @throws NotInline if it has a node that waits
  static InlinePlan of(Definition<?> definition) {
    var plan = Plan.of(definition);
    var nodes = new InlineNode[plan.size()];
    for (int i = 0; i < nodes.length; i++) {
      if (plan.kind(i) == Plan.Kind.DELAY) {
        throw new NotInline(definition.name(), plan.name(i));
      }
      nodes[i] = new InlineNode(plan, i);
    }
    return new InlinePlan(definition.name(), plan.start(), nodes);
  }
}
