package dev.pawl.workflow.step;

/// What becomes of a signal while no branch of its run stands at a node that waits for it. A branch
/// that handles a signal stands at its node meanwhile. Of several branches, one whose node keeps
/// signals keeps them for the run.
public enum Unhandled {
  /// It is kept until a branch waits for it.
  KEEP,
  /// It is dropped, and the history says so. So is one that was kept for a branch which has moved
  /// on to such a node.
  DROP,
  /// It is refused to its sender, and nothing is recorded. One that was kept for a branch which has
  /// moved on to such a node is dropped.
  REFUSE
}
