package dev.pawl.workflow;

import java.util.UUID;

/// The id of a run: a UUID of version 7 (RFC 9562), so ids sort by the time of their start.
///
/// @param high the most significant 64 bits of the UUID
/// @param low the least significant 64 bits
public record RunId(long high, long low) implements Comparable<RunId> {
  /// Makes an id from its parts.
  ///
  /// @param millis the time, in milliseconds since 1970; 48 bits count
  /// @param order orders ids of one millisecond; 12 bits count
  /// @param random random bits; 62 count
  public static RunId of(long millis, int order, long random) {
    long high = (millis << 16) | 0x7000L | (order & 0xfffL);
    long low = (random & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new RunId(high, low);
  }

  /// Reads the form that [#toString()] writes.
  ///
  /// @throws IllegalArgumentException if `text` is not a UUID
  public static RunId parse(String text) {
    var value = UUID.fromString(text);
    return new RunId(value.getMostSignificantBits(), value.getLeastSignificantBits());
  }

  /// By unsigned value, as the bytes sort in a store.
  @Override
  public int compareTo(RunId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// The UUID in its usual form.
  @Override
  public String toString() {
    return new UUID(high, low).toString();
  }
}
