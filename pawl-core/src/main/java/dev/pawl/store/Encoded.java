package dev.pawl.store;

/// A value in the form in which a store keeps it.
public sealed interface Encoded {
  /// The whole value, as bytes. Whoever holds it must not change the array.
  @SuppressWarnings("ArrayRecordComponent") // never changed, and compared by its owner
  record Bytes(byte[] bytes) implements Encoded {}

  /// What changed against the state of an earlier row of the same run.
  ///
  /// @param base the sequence number of that row
  /// @param delta what [Delta] made of the two
  @SuppressWarnings("ArrayRecordComponent") // never changed, and compared by its owner
  record Patch(long base, byte[] delta) implements Encoded {}

  /// The value itself. For stores in memory; a durable store refuses it.
  record Reference(Object value) implements Encoded {}
}
