package dev.pawl.engine;

import dev.pawl.store.OutboxRow;
import java.util.List;

/// What runs have sent and nobody has taken yet. Thread-safe.
public interface Outbox {
  /// Events for another stream that wait for it, in the order of their numbers.
  ///
  /// @param after the number to go on after; 0 for the first page
  /// @param limit how many at most
  List<OutboxRow> events(long after, int limit);

  /// What waits for a hook, in the order of its numbers.
  ///
  /// @param hook the hook's name
  /// @param after the number to go on after; 0 for the first page
  /// @param limit how many at most
  List<OutboxRow> hook(String hook, long after, int limit);

  /// What failed too often and is no longer tried, in the order of its numbers.
  ///
  /// @param after the number to go on after; 0 for the first page
  /// @param limit how many at most
  List<OutboxRow> parked(long after, int limit);

  /// Tries a parked row again, behind those of its key that have gone before. Durable when it
  /// returns.
  ///
  /// @throws IllegalArgumentException if no row of this number is parked
  void retry(long number);

  /// Removes a parked row. Durable when it returns.
  ///
  /// @throws IllegalArgumentException if no row of this number is parked
  void discard(long number);
}
