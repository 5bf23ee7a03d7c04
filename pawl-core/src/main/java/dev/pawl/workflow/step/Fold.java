package dev.pawl.workflow.step;

/// Folds a value that came from outside the state (an error, the result of a step or of a called
/// workflow) into the state. Should be pure: it may run again after a crash.
@FunctionalInterface
public interface Fold<S, T> {
  /// The state with `value` in it.
  S apply(S state, T value) throws Exception;
}
