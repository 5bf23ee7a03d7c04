package dev.pawl.store;

import dev.pawl.workflow.RunId;
import java.time.Instant;

/// A branch that waits for a time. One for each run and branch.
///
/// @param run the run
/// @param branch the branch; [#RUN] if the time of the whole run is over then
/// @param visit the visit that waits; 0 for the whole run
/// @param wakeAt when it goes on
public record WaitRow(RunId run, String branch, int visit, Instant wakeAt) {
  /// What stands for the whole run; no branch has that name.
  public static final String RUN = "run";
}
