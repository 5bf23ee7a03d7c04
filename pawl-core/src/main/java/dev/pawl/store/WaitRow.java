package dev.pawl.store;

import dev.pawl.workflow.RunId;
import java.time.Instant;

/// A branch that waits for a time. One for each run and branch.
///
/// @param run the run
/// @param branch the branch
/// @param visit the visit that waits
/// @param wakeAt when it goes on
public record WaitRow(RunId run, String branch, int visit, Instant wakeAt) {}
