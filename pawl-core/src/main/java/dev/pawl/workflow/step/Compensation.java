package dev.pawl.workflow.step;

/// Undoes what a visit of a node has done. It may run more than once, with the same
/// [StepContext#idempotencyKey()], which is not that of the visit.
@FunctionalInterface
public interface Compensation<S> {
  /// Undoes it.
  ///
  /// @param state the state that the visit ended with
  void undo(S state, StepContext context) throws Exception;
}
