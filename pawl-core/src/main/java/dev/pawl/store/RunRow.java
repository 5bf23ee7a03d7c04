package dev.pawl.store;

import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// A run as a store keeps it.
///
/// @param id its id
/// @param workflow the name of its workflow
/// @param version the version of the definition that it started with
/// @param key the key that its caller chose
/// @param unique what the key is unique among
/// @param request the caller's request id, if one was given; a second start with it finds this run
/// @param headers what was given with the start
/// @param input the state it started with
/// @param created when it started
/// @param parent the run that started it, if one did
/// @param state the part that changes
public record RunRow(
    RunId id,
    String workflow,
    String version,
    String key,
    Unique unique,
    Optional<String> request,
    Map<String, String> headers,
    Encoded input,
    Instant created,
    Optional<Parent> parent,
    State state) {
  /// Copies the map.
  public RunRow {
    headers = Map.copyOf(headers);
  }

  /// This run with its changing part as it is now.
  public RunRow with(State state) {
    return new RunRow(
        id, workflow, version, key, unique, request, headers, input, created, parent, state);
  }

  /// The run that started another.
  ///
  /// @param run its id
  /// @param branch the branch of it that did
  /// @param waits whether that branch waits for the end
  /// @param depth how many runs are above the one that was started
  public record Parent(RunId run, String branch, boolean waits, int depth) {}

  /// What a key is unique among.
  public enum Unique {
    /// Open runs of the workflow.
    OPEN,
    /// All retained runs of the workflow.
    EVER,
    /// Nothing: several runs may share it.
    NONE
  }

  /// The part of a run that changes.
  ///
  /// @param status where the run is in its life
  /// @param goal where it is going while it unwinds; empty if it is not
  /// @param reason why it was paused or cancelled, or the name of the end that it reached, or the
  ///   failure that ended it, as text
  /// @param owner the id of the writer that runs it, or 0
  /// @param inbox how many messages it has been sent
  /// @param changed when this last changed
  public record State(
      RunStatus status,
      Optional<RunStatus> goal,
      String reason,
      long owner,
      long inbox,
      Instant changed) {}
}
