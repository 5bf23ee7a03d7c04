package dev.pawl.workflow.step;

/// Folds the results of two parallel branches into the state. Should be pure.
@FunctionalInterface
public interface Fold2<S, A, B> {
  /// The state with both results in it.
  S apply(S state, A a, B b) throws Exception;
}
