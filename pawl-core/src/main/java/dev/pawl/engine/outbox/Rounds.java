package dev.pawl.engine.outbox;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.StoreException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that does one round of a relay's work after the other, and sleeps while there is none.
final class Rounds {
  /// As the length of a pause: until it is rung for.
  static final long FOREVER = Long.MAX_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final long RETRY = Duration.ofSeconds(1).toNanos();
  private final Turns turns;
  private final LongSupplier round;
  private final Turns.Bell bell;
  private final Turns.Bell ended;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /// @param round does one round, and says how many nanoseconds to wait then
  Rounds(Turns turns, LongSupplier round) {
    this.turns = turns;
    this.round = round;
    this.bell = turns.bell();
    this.ended = turns.bell();
  }

  /// @param name of the thread
  void start(String name) {
    thread = turns.start(name, this::serve);
  }

  /// Ends the pause.
  void ring() {
    bell.ring();
  }

  boolean isClosed() {
    return closed;
  }

  private void serve() {
    try {
      while (!closed) {
        long wait;
        try {
          wait = round.getAsLong();
        } catch (StoreException e) {
          wait = isGone(e) ? FOREVER : RETRY;
        }
        if (wait == FOREVER) {
          bell.await();
        } else if (wait > 0) {
          bell.awaitUntil(turns.nanoTime() + wait);
        }
      }
    } finally {
      ended.ring();
    }
  }

  /// Whether nothing is read or written any more, which others tell of.
  private static boolean isGone(StoreException e) {
    if (e.kind() == StoreException.Kind.UNAVAILABLE) {
      LOG.error("the outbox cannot be read; trying again", e);
      return false;
    }
    return true;
  }

  /// Does no more rounds.
  ///
  /// @param until when the one under way is interrupted, by the monotonic clock
  void close(long until) {
    closed = true;
    bell.ring();
    var running = thread;
    if (running != null && !ended.awaitUntil(until)) {
      turns.interrupt(running);
    }
  }
}
