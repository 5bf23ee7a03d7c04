package dev.pawl.workflow.step;

/// Folds the results of four parallel branches into the state. Should be pure.
@FunctionalInterface
public interface Fold4<S, A, B, C, D> {
  /// The state with the four results in it.
  S apply(S state, A a, B b, C c, D d) throws Exception;
}
