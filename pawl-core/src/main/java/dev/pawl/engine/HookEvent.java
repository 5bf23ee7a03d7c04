package dev.pawl.engine;

import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// How a run stood at a moment: what a hook hears. A value, written with the transition that it
/// tells of; later changes of the run do not change it.
///
/// @param id the same each time this is told; no other event has it
/// @param kind what happened
/// @param run the run
/// @param workflow the name of its workflow
/// @param version the version that it was started with
/// @param key the key that its caller chose
/// @param status its status then
/// @param reason why it has that status; of a completed run the name of the end
/// @param node the node of a failed step, or of a compensation that gave up; empty otherwise
/// @param attempt which attempt of it failed; 0 otherwise
/// @param error type and message of the error, where there is one
/// @param sequence the sequence number of the run's history then; 0 at its start
/// @param headers what it was started with
/// @param at when it happened
public record HookEvent(
    String id,
    Kind kind,
    RunId run,
    String workflow,
    String version,
    String key,
    RunStatus status,
    String reason,
    String node,
    int attempt,
    Optional<String> error,
    long sequence,
    Map<String, String> headers,
    Instant at) {
  /// Copies the map.
  public HookEvent {
    headers = Map.copyOf(headers);
  }

  /// What happened to a run.
  public enum Kind {
    /// It was started.
    STARTED,
    /// Somebody paused it, or it paused itself.
    PAUSED,
    /// It goes on.
    RESUMED,
    /// It reached an end.
    COMPLETED,
    /// A node gave up, and nothing caught that.
    FAILED,
    /// It was cancelled, and what ran has stopped.
    CANCELLED,
    /// An attempt failed, whatever comes of that.
    STEP_FAILED,
    /// A compensation gave up: the run is paused, and somebody has to look after it.
    COMPENSATION_GAVE_UP
  }
}
