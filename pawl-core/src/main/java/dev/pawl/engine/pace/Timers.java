package dev.pawl.engine.pace;

import dev.pawl.engine.turns.Turns;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Runs things at a time of the monotonic clock, each on a thread of its own.
public final class Timers {
  private final Turns turns;
  private final ConcurrentSkipListSet<Timer> pending = new ConcurrentSkipListSet<>();
  private final AtomicLong ids = new AtomicLong();
  private final Turns.Bell changed;
  private volatile boolean closed;

  /// Timers on the threads of `turns`.
  public Timers(Turns turns) {
    this.turns = turns;
    this.changed = turns.bell();
    turns.start("pawl-timers", this::serve);
  }

  /// Something that happens at a time, unless it is cancelled before.
  public final class Timer implements Comparable<Timer> {
    private final long at;
    private final long id;
    private volatile Runnable action;

    private Timer(long at, Runnable action) {
      this.at = at;
      this.id = ids.incrementAndGet();
      this.action = action;
    }

    /// Takes it back, if it has not happened.
    public void cancel() {
      pending.remove(this);
      action = Timers::nothing; // the set may know a removed timer for a while
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(at - other.at, 0);
      return byTime != 0 ? byTime : Long.compare(id, other.id);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Timer timer && id == timer.id;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(id);
    }
  }

  /// Runs `action` when the monotonic clock reads `nanos`.
  public Timer at(long nanos, Runnable action) {
    var timer = new Timer(nanos, action);
    pending.add(timer);
    var first = pending.iterator();
    if (first.hasNext() && first.next().id == timer.id) {
      changed.ring();
    }
    return timer;
  }

  private static void nothing() {}

  private void serve() {
    while (!closed) {
      var iterator = pending.iterator();
      if (!iterator.hasNext()) {
        changed.await();
        continue;
      }
      var next = iterator.next();
      if (next.at - turns.nanoTime() > 0) {
        changed.awaitUntil(next.at);
      } else if (pending.remove(next)) {
        turns.start("pawl-timer", next.action);
      }
    }
  }

  /// Forgets what is pending.
  public void close() {
    closed = true;
    pending.clear();
    changed.ring();
  }
}
