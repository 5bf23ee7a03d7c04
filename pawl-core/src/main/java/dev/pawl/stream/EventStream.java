package dev.pawl.stream;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.EventLog;
import java.util.List;

/// A log of events by topic, which consumers read each at their own pace. Thread-safe. Every stream
/// passes the conformance kit of `pawl-testkit`.
///
/// An event arrives at least once; those of one topic and key arrive in the order in which they
/// were appended.
public interface EventStream extends AutoCloseable {
  /// A stream that lives as long as its process.
  static EventStream inMemory() {
    return over(EventLog.inMemory(), Turns.system());
  }

  /// A stream that keeps its events and cursors in the log of a store.
  ///
  /// Sources notice at once what is appended in their own process; what another process appends to
  /// the same file they notice when their wait is over.
  ///
  /// @param turns where its sources wait
  static EventStream over(EventLog log, Turns turns) {
    return new LogStream(log, turns);
  }

  /// Appends events in this order; they are durable when it returns. When it throws, some of them
  /// may have been appended: append all of them again.
  ///
  /// @throws dev.pawl.workflow.PawlException if that failed
  void append(List<Event> events);

  /// Opens what a consumer reads. Its cursor is remembered by its name; the first time it begins
  /// where the subscription says, and misses nothing from then on.
  ///
  /// A member of a consumer should be open once at a time: two of them would read the same events.
  EventSource open(Subscription subscription);

  /// Closes the stream and its sources.
  @Override
  void close();
}
