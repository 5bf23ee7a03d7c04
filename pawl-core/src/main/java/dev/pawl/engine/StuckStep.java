package dev.pawl.engine;

import dev.pawl.workflow.RunId;
import java.time.Instant;

/// An attempt that was told to stop and has not.
///
/// @param run its run
/// @param node its node
/// @param attempt its number
/// @param since when it was told
public record StuckStep(RunId run, String node, int attempt, Instant since) {}
