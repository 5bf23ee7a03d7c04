package dev.pawl.engine;

import dev.pawl.workflow.RunId;
import java.util.List;

/// What became of a signal to many runs.
///
/// @param accepted how many runs have accepted it, now or before
/// @param refused how many have not
/// @param refusals the first 1,000 of those, in the order of their starts
public record Signalled(long accepted, long refused, List<Refusal> refusals) {
  /// Copies the list.
  public Signalled {
    refusals = List.copyOf(refusals);
  }

  /// A run that has not accepted it.
  ///
  /// @param run its id
  /// @param key its key
  /// @param reason what [Run#signal] throws for it: it is over meanwhile, its inbox is full, or it
  ///   is of a version that has no such signal
  public record Refusal(RunId run, String key, RuntimeException reason) {}
}
