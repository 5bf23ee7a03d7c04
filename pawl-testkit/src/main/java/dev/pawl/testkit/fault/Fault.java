package dev.pawl.testkit.fault;

/// What a [FaultyStore] did to a batch.
public enum Fault {
  /// Nothing was written, and it was answered by `UNAVAILABLE`.
  FAILED,
  /// It was written, and answered by `UNAVAILABLE`.
  ANSWER_LOST,
  /// Nothing was written, and it was refused for good.
  REFUSED,
  /// It waited at a gate before it was written.
  HELD
}
