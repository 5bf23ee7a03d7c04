package dev.pawl.engine.inline;

import dev.pawl.run.Plan;

/// Moves branches of inline runs through their nodes.
///
/// Most visits are one call of a step and one edge; [#advance] does those itself. Whatever else a
/// node declares (retries, limits, children, merges) is done by an [Visit].
final class Walk {
  /// Is no node, so a branch that is to stop there goes on to its end.
  static final int NOWHERE = -1;

  private Walk() {}

  /// Runs a branch from the node `from` until it reaches the node `stop` or an end.
  ///
  /// @return its state there
  static Object advance(Context context, int from, int stop, Object input)
      throws GaveUp, InterruptedException {
    var nodes = context.plan.nodes;
    var state = input;
    int at = from;
    while (at != stop) {
      var node = nodes[at];
      if (node.kind == Plan.Kind.END) {
        return state;
      }
      context.enter(node);
      Visit.Left left;
      if (node.plain) {
        try {
          if (node.kind == Plan.Kind.STEP) {
            var after = node.step(state, context);
            at = node.next(after);
            state = after;
          } else {
            var outcome = node.choose(state, context);
            at = node.byPort(outcome.port());
            state = outcome.state();
          }
          continue;
        } catch (Throwable e) {
          left = new Visit(context, node, state).recover(e);
        }
      } else {
        left = new Visit(context, node, state).run();
      }
      for (var meeting = left.meeting(); meeting != null; meeting = left.meeting()) {
        var join = nodes[left.target()];
        context.enter(join);
        left = new Visit(context, join, left.state()).join(meeting);
      }
      at = left.target();
      state = left.state();
    }
    return state;
  }
}
