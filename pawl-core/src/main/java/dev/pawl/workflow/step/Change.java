package dev.pawl.workflow.step;

/// A step that needs no context: state to state.
@FunctionalInterface
public interface Change<S> {
  /// The state after the step; never null.
  S apply(S state) throws Exception;
}
