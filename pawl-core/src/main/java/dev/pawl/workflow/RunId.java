package dev.pawl.workflow;

import java.util.UUID;

/// The id of a run: a UUID of version 7 (RFC 9562), so ids sort by the time of their start.
///
/// @param value the UUID
public record RunId(UUID value) implements Comparable<RunId> {
  /// Makes an id from its parts.
  ///
  /// @param millis the time, in milliseconds since 1970; 48 bits count
  /// @param order orders ids of one millisecond; 12 bits count
  /// @param random random bits; 62 count
  public static RunId of(long millis, int order, long random) {
    long high = (millis << 16) | 0x7000L | (order & 0xfffL);
    long low = (random & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new RunId(new UUID(high, low));
  }

  /// Reads the form that [#toString()] writes.
  ///
  /// @throws IllegalArgumentException if `text` is not a UUID
  public static RunId parse(String text) {
    return new RunId(UUID.fromString(text));
  }

  /// By unsigned value, as the bytes sort in a store.
  @Override
  public int compareTo(RunId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  /// The UUID in its usual form.
  @Override
  public String toString() {
    return value.toString();
  }
}
