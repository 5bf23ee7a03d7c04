package dev.pawl.engine.slots;

import dev.pawl.engine.schedule.Timetable;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.ScheduleRow.Overlap;
import dev.pawl.store.ScheduleRow.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/// What a schedule does next.
sealed interface Move {
  /// What is later than this comes after all who could wait for it.
  Instant FARTHEST = Instant.parse("9999-12-31T23:59:59Z");

  /// It starts a run.
  ///
  /// @param origin why
  /// @param slot for which time
  /// @param cancels whether the last run is cancelled first
  record Fire(Origin origin, Instant slot, boolean cancels) implements Move {}

  /// It comes to another state without starting anything.
  ///
  /// @param state the state
  /// @param slot the first slot that this settles
  /// @param why what becomes of that slot
  record Pass(State state, Instant slot, Why why) implements Move {}

  /// It waits.
  ///
  /// @param until for this time; [Instant#MAX] for none
  /// @param forEnd and for the end of the last run
  record Rest(Instant until, boolean forEnd) implements Move {}

  /// What a slot comes from.
  enum Origin {
    /// The timetable.
    TIMETABLE,
    /// The timetable, some time ago: it has waited for the end of a run.
    QUEUE,
    /// A range of the past.
    BACKFILL;

    /// The state of a schedule for which a slot has become a run, or never will.
    State settle(State state, Instant slot) {
      return switch (this) {
        case TIMETABLE -> slot.isAfter(state.settled()) ? state.settled(slot) : state;
        case QUEUE ->
            state.queued().equals(Optional.of(slot)) ? state.queued(Optional.empty()) : state;
        case BACKFILL ->
            state.backfill(
                state.backfill().map(left -> new ScheduleRow.Backfill(slot, left.until())));
      };
    }
  }

  /// What becomes of a slot that starts nothing.
  enum Why {
    /// It was too late.
    MISSED,
    /// The last run was open.
    SKIPPED,
    /// It waits for the end of the last run.
    QUEUED,
    /// There are no more slots to backfill.
    BACKFILLED
  }

  /// Decides what a schedule does next. First comes a slot that was queued, then the timetable,
  /// then the past. A pause stops all of them.
  ///
  /// @param open whether the last run is open; asked only where it matters
  static Move next(ScheduleRow row, Timetable timetable, Instant now, BooleanSupplier open) {
    var state = row.state();
    if (state.paused().isPresent()) {
      return new Rest(Instant.MAX, false);
    }
    if (state.queued().isPresent() && !open.getAsBoolean()) {
      return new Fire(Origin.QUEUE, state.queued().get(), false);
    }
    var slot = timetable.next(state.settled());
    var due = slot.map(time -> due(row, time)).orElse(Instant.MAX);
    if (slot.isPresent() && !due.isAfter(now)) {
      return Duration.between(due, now).compareTo(row.catchUp()) > 0
          ? missed(row, now, slot.get())
          : due(row, slot.get(), open);
    }
    return state.backfill().isPresent()
        ? backfill(row, timetable, state.backfill().get(), due, open)
        : new Rest(due, state.queued().isPresent());
  }

  /// A slot whose time has come.
  private static Move due(ScheduleRow row, Instant slot, BooleanSupplier open) {
    if (row.overlap() == Overlap.ALLOW || !open.getAsBoolean()) {
      return new Fire(Origin.TIMETABLE, slot, false);
    }
    if (row.overlap() == Overlap.CANCEL) {
      return new Fire(Origin.TIMETABLE, slot, true);
    }
    var settled = row.state().settled(slot);
    return row.overlap() == Overlap.QUEUE && settled.queued().isEmpty()
        ? new Pass(settled.queued(Optional.of(slot)), slot, Why.QUEUED)
        : new Pass(settled, slot, Why.SKIPPED);
  }

  /// A slot that is too late. All before the window are, however many there are.
  private static Move missed(ScheduleRow row, Instant now, Instant slot) {
    var before = now.minus(row.catchUp()).minus(row.jitter()).minus(1, ChronoUnit.MICROS);
    var settled = before.isAfter(slot) ? before : slot;
    return new Pass(row.state().settled(settled), slot, Why.MISSED);
  }

  private static Move backfill(
      ScheduleRow row,
      Timetable timetable,
      ScheduleRow.Backfill left,
      Instant due,
      BooleanSupplier open) {
    var slot = timetable.next(left.after()).filter(time -> time.isBefore(left.until()));
    if (slot.isEmpty()) {
      return new Pass(row.state().backfill(Optional.empty()), left.until(), Why.BACKFILLED);
    }
    boolean mayStart =
        row.overlap() == Overlap.ALLOW || row.state().queued().isEmpty() && !open.getAsBoolean();
    return mayStart ? new Fire(Origin.BACKFILL, slot.get(), false) : new Rest(due, true);
  }

  /// When the run of a slot starts; one that nobody lives to see has no jitter, which it may be too
  /// near the end of time for.
  private static Instant due(ScheduleRow row, Instant slot) {
    return slot.isAfter(FARTHEST) ? slot : slot.plus(jitter(row, slot));
  }

  /// How much later than its slot a run starts: the same each time it is asked.
  private static Duration jitter(ScheduleRow row, Instant slot) {
    if (row.jitter().isZero()) {
      return Duration.ZERO;
    }
    long seed = 31L * row.name().hashCode() + slot.toEpochMilli();
    long most = row.jitter().toMillis() + 1;
    return Duration.ofMillis(new SplittableRandom(seed).nextLong(most));
  }
}
