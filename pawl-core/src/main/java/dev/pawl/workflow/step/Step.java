package dev.pawl.workflow.step;

/// What a step does: input to output.
///
/// It runs at least once a visit and its result is committed exactly once, so an effect on another
/// system should carry [StepContext#idempotencyKey()]. It may throw what it likes: the node's retry
/// policy and error edges decide. It may be called from many threads at once, for different runs.
///
/// @param <I> what goes in
/// @param <O> what comes out; never null
@FunctionalInterface
public interface Step<I, O> {
  /// Does the work.
  O run(I in, StepContext ctx) throws Exception;
}
