package dev.pawl.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Events by topic in the order in which they were appended, and how far their consumers have read:
/// what a store keeps of a stream. Thread-safe. Anybody may append, also who has no right to write
/// runs.
public interface EventLog {
  /// A log that lives as long as its process.
  static EventLog inMemory() {
    return new MemoryLog();
  }

  /// Appends events as one; they are durable when it returns. Their offsets are greater than those
  /// of all events before.
  ///
  /// @throws StoreException if they cannot be written; then none is there
  /// @throws CodecException if the log outlives its process, and a payload is a reference
  void append(List<EventRow> events);

  /// Events of a topic in the order of their offsets.
  ///
  /// @param after the offset to go on after; 0 for the first page
  /// @param limit how many at most
  List<EventRow> read(String topic, long after, int limit);

  /// An offset that no event has passed yet: what is appended from now on comes after it.
  long end();

  /// How far the members of a consumer have read in a topic: offsets by member.
  Map<String, Long> cursors(String topic, String consumer);

  /// Remembers how far a member has read; one that has read further stays where it is. Durable when
  /// it returns.
  void advance(String topic, String consumer, String member, long offset);

  /// As [#advance], but also back.
  void reset(String topic, String consumer, String member, long offset);

  /// Removes the oldest events that happened before a time, read or not.
  ///
  /// @param limit how many at most
  /// @return how many it removed
  int trim(Instant before, int limit);

  /// Calls `appended` after events were appended in this process, on the thread that did; it must
  /// be quick.
  ///
  /// @return ends that
  AutoCloseable listen(Runnable appended);
}
