package dev.pawl.workflow.step;

/// What a status does with a signal: status and payload to the next status.
@FunctionalInterface
public interface SignalStep<F, T, R> {
  /// Handles the signal.
  R run(F from, T signal, StepContext context) throws Exception;
}
