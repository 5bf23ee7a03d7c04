package dev.pawl.workflow.step;

/// Folds the results of three parallel branches into the state. Should be pure.
@FunctionalInterface
public interface Fold3<S, A, B, C> {
  /// The state with the three results in it.
  S apply(S state, A a, B b, C c) throws Exception;
}
