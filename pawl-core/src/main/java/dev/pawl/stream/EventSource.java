package dev.pawl.stream;

import java.time.Duration;
import java.util.List;

/// Events for one consumer, in their order per key: of a stream, a file, a queue. What was given
/// and not acknowledged is given again by the next source that is opened for the same consumer.
///
/// Used by one thread at a time, but for [#close()].
public interface EventSource extends AutoCloseable {
  /// The events that come next; waits until there is one, but no longer than `wait`.
  ///
  /// @param limit how many at most, from 1 on
  /// @return empty if there was none in that time, if the source has ended, or if it was closed
  ///   meanwhile
  /// @throws InterruptedException if the thread was interrupted while it waited
  /// @throws dev.pawl.workflow.PawlException if the source cannot be read now; the next call may
  ///   succeed, and gives what this one would have given
  List<Entry> next(int limit, Duration wait) throws InterruptedException;

  /// Remembers that an entry that it gave, and all that it gave before it, need not be given again.
  /// Durable when it returns. An earlier one than before changes nothing. May be called when the
  /// source is closed.
  void acknowledge(Entry last);

  /// Whether all has been given and nothing will follow.
  default boolean isEnded() {
    return false;
  }

  /// Stops giving; whoever waits in [#next] goes on.
  @Override
  void close();
}
