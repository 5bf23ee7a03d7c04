package dev.pawl.store;

import java.time.Instant;
import java.util.Map;

/// An event in a log.
///
/// @param offset its place in the log, from 1 on; 0 before it is appended
/// @param topic what it is about
/// @param id given by who sent it; the same again when it was sent twice
/// @param key events of one topic and key are in order
/// @param payload what happened
/// @param headers what goes with it
/// @param at when it happened
public record EventRow(
    long offset,
    String topic,
    String id,
    String key,
    Encoded payload,
    Map<String, String> headers,
    Instant at) {
  /// Copies the map.
  public EventRow {
    headers = Map.copyOf(headers);
  }
}
