package dev.pawl.store;

import dev.pawl.workflow.RunId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Something that a transition sends out of its run. It is written with the transition, and stays
/// until it has been delivered.
///
/// @param number its place in the outbox: the store gives it when the row is committed, in the
///   order of commits, and gives none twice; 0 before
/// @param run the run that sends it
/// @param kind what it is
/// @param id given by who sends it: the same where it is delivered twice
/// @param name the topic of an event, the name of a hook, or what a run is told
/// @param key among rows of one kind, name and key the order is kept
/// @param payload what is sent
/// @param headers what goes with it
/// @param at when it was decided
/// @param parked why it is no longer tried; empty while it waits for its delivery
public record OutboxRow(
    long number,
    RunId run,
    Kind kind,
    String id,
    String name,
    String key,
    Encoded payload,
    Map<String, String> headers,
    Instant at,
    Optional<String> parked) {
  /// Copies the map.
  public OutboxRow {
    headers = Map.copyOf(headers);
  }

  /// What is sent. The order is part of the stored form: add at the end.
  public enum Kind {
    /// An event, for a stream that is no part of the store.
    EVENT,
    /// How the run stood, for a hook.
    HOOK,
    /// An event for the store's own log: it is there as soon as it is committed, and does not wait
    /// in the outbox.
    LOGGED,
    /// What a run tells its parent, or a child.
    RUN
  }

  /// A row that has not been committed.
  public static OutboxRow sent(
      RunId run,
      Kind kind,
      String id,
      String name,
      String key,
      Encoded payload,
      Map<String, String> headers,
      Instant at) {
    return new OutboxRow(0, run, kind, id, name, key, payload, headers, at, Optional.empty());
  }
}
