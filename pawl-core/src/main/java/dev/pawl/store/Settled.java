package dev.pawl.store;

/// What became of a row of the outbox. One that is not there any more is left out.
///
/// @param number the row
/// @param outcome what became of it
/// @param reason why it is no longer tried; empty otherwise
public record Settled(long number, Outcome outcome, String reason) {
  /// What becomes of a row.
  public enum Outcome {
    /// It was delivered, or is not wanted any more, and goes.
    GONE,
    /// It is kept, and no longer tried.
    PARKED,
    /// It is tried again.
    WAITING
  }

  /// A row that goes.
  public static Settled gone(OutboxRow row) {
    return gone(row.number());
  }

  /// A row that goes, by its number.
  public static Settled gone(long number) {
    return new Settled(number, Outcome.GONE, "");
  }

  /// A row that is no longer tried.
  public static Settled parked(OutboxRow row, String reason) {
    return new Settled(row.number(), Outcome.PARKED, reason);
  }

  /// A row that is tried again.
  public static Settled waiting(OutboxRow row) {
    return new Settled(row.number(), Outcome.WAITING, "");
  }
}
