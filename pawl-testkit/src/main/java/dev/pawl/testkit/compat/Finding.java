package dev.pawl.testkit.compat;

/// What is wrong between a run and today's build. Nodes go by their full names, such as
/// `papers/invoice`.
public sealed interface Finding {
  /// The build has no workflow of that name and version.
  record NoDefinition() implements Finding {}

  /// A branch stands at a node that the build has not, or needs it to go on.
  ///
  /// @param node the node
  record NodeGone(String node) implements Finding {}

  /// A branch stands at a node whose state is of another type.
  ///
  /// @param node the node
  /// @param before the name of the type when the run was last open to an engine
  /// @param now its name in this build
  record StateTypeChanged(String node, String before, String now) implements Finding {}

  /// From a recorded state, today's predicates choose another edge than the recorded one, or the
  /// edge leads elsewhere, from where the recorded target cannot be reached.
  ///
  /// @param node the node that is left
  /// @param before the recorded edge
  /// @param now the edge that is taken today
  record AnotherEdge(String node, Way before, Way now) implements Finding {}

  /// No edge of a node accepts a recorded state any more.
  ///
  /// @param node the node that is left
  /// @param before the recorded edge
  record NoEdge(String node, Way before) implements Finding {}

  /// A predicate throws on a recorded state.
  ///
  /// @param node the node that is left
  /// @param label the edge whose predicate it is
  /// @param error type and message of what it throws
  record PredicateThrows(String node, String label, String error) implements Finding {}

  /// A recorded state, or the state that a run started with, cannot be read by today's code.
  ///
  /// @param node the node that made it; empty for the state that the run started with
  /// @param reason what the codec says, with the path of the component; indexes of lists are left
  ///   out
  record Unreadable(String node, String reason) implements Finding {}

  /// An edge.
  ///
  /// @param label its label; empty for the edge that is taken when no other is
  /// @param target the node that it leads to; empty for an end
  record Way(String label, String target) {
    /// Such as `"over 1,000" to review`.
    @Override
    public String toString() {
      return (label.isEmpty() ? "otherwise" : '"' + label + '"')
          + " to "
          + (target.isEmpty() ? "an end" : '`' + target + '`');
    }
  }
}
