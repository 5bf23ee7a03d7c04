package dev.pawl.engine.slots;

import dev.pawl.engine.schedule.Schedule;
import dev.pawl.store.ScheduleRow;
import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A schedule in memory. Belongs to the thread of the scheduler.
final class Entry {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  ScheduleRow row;
  @Nullable Schedule<?> schedule; // null: nobody has put it since the engine was started
  boolean busy; // a slot is on its way to become a run
  Instant wakeAt = Instant.MIN; // when to look at it again
  @Nullable RunId watched; // whose end is waited for
  private @Nullable Instant troubled; // the slot that failed last
  private Instant since = Instant.MIN; // when that failed first
  private Duration pause = FIRST_PAUSE;

  Entry(ScheduleRow row) {
    this.row = row;
  }

  /// Looks at it as soon as possible.
  void touch() {
    wakeAt = Instant.MIN;
  }

  /// Hears that a slot could not be started; it is looked at again after a while.
  ///
  /// @return for how long the slot has failed now
  Duration failed(Instant slot, Instant now) {
    if (!slot.equals(troubled)) {
      troubled = slot;
      since = now;
      pause = FIRST_PAUSE;
    }
    wakeAt = now.plus(pause);
    pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    return Duration.between(since, now);
  }
}
