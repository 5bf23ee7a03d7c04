package dev.pawl.engine.pace;

import dev.pawl.engine.turns.Turns;
import java.time.Duration;
import java.time.Instant;

/// Wakes one thread at a time of the wall clock. Where that clock was set back and stands still, it
/// is looked at less and less often: the time until something is due does not get shorter, and
/// looking again at once would be a busy loop.
public final class Alarm {
  private static final Duration STANDS = Duration.ofMillis(10);
  private static final Duration MOST = Duration.ofSeconds(1);
  private final Turns turns;
  private final Turns.Bell bell;
  private Duration pause = STANDS; // by the waiting thread

  /// @param bell what wakes the thread before its time
  public Alarm(Turns turns, Turns.Bell bell) {
    this.turns = turns;
    this.bell = bell;
  }

  /// Waits until it is `time`, or the bell is rung. May return earlier.
  ///
  /// @param time within 200 years; [Instant#MAX] for none
  public void sleep(Instant time) {
    if (time.equals(Instant.MAX)) {
      bell.await();
      return;
    }
    var now = turns.now(); // read first: time that goes by in between makes it late, and not early
    long nanos = turns.nanoTime() + Duration.between(now, time).toNanos();
    if (bell.awaitUntil(nanos) || !turns.now().isBefore(time)) {
      pause = STANDS;
    } else {
      bell.awaitUntil(turns.nanoTime() + pause.toNanos());
      pause = pause.compareTo(MOST) < 0 ? pause.multipliedBy(2) : MOST;
    }
  }
}
