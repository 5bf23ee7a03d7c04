package dev.pawl.workflow.step;

/// An effect without a result.
@FunctionalInterface
public interface Action {
  /// Performs the effect.
  void run() throws Exception;
}
