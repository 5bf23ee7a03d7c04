package dev.pawl.engine.slots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.schedule.Timetable;
import dev.pawl.engine.slots.Move.Fire;
import dev.pawl.engine.slots.Move.Origin;
import dev.pawl.engine.slots.Move.Pass;
import dev.pawl.engine.slots.Move.Rest;
import dev.pawl.engine.slots.Move.Why;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.ScheduleRow.Backfill;
import dev.pawl.store.ScheduleRow.Overlap;
import dev.pawl.store.ScheduleRow.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a schedule of ten minutes does next.
class MoveTest {
  private static final Timetable TIMETABLE = Timetable.every(Duration.ofMinutes(10));
  private static final Instant MIDNIGHT = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private static Instant at(double minutes) {
    return MIDNIGHT.plusMillis((long) (minutes * 60_000));
  }

  private static ScheduleRow row(Overlap overlap, Duration jitter, State state) {
    return new ScheduleRow("s", "w", TIMETABLE.text(), overlap, WINDOW, jitter, state);
  }

  private static ScheduleRow row(Overlap overlap, State state) {
    return row(overlap, Duration.ZERO, state);
  }

  private static final State FRESH = State.since(MIDNIGHT);

  private static Move free(ScheduleRow row, Instant now) {
    return Move.next(row, TIMETABLE, now, () -> false);
  }

  private static Move busy(ScheduleRow row, Instant now) {
    return Move.next(row, TIMETABLE, now, () -> true);
  }

  @ParameterizedTest
  @EnumSource
  void waitsForItsSlotAndFiresThen(Overlap overlap) {
    var row = row(overlap, FRESH);

    assertThat(free(row, at(0))).isEqualTo(new Rest(at(10), false));
    assertThat(free(row, at(10).minusNanos(1_000))).isEqualTo(new Rest(at(10), false));
    assertThat(free(row, at(10))).isEqualTo(new Fire(Origin.TIMETABLE, at(10), false));
    assertThat(free(row, at(11))).isEqualTo(new Fire(Origin.TIMETABLE, at(10), false));
  }

  @Test
  void answersToARunThatIsOpen() {
    assertThat(busy(row(Overlap.SKIP, FRESH), at(10)))
        .isEqualTo(new Pass(FRESH.settled(at(10)), at(10), Why.SKIPPED));
    assertThat(busy(row(Overlap.QUEUE, FRESH), at(10)))
        .isEqualTo(new Pass(FRESH.settled(at(10)).queued(Optional.of(at(10))), at(10), Why.QUEUED));
    assertThat(busy(row(Overlap.ALLOW, FRESH), at(10)))
        .isEqualTo(new Fire(Origin.TIMETABLE, at(10), false));
    assertThat(busy(row(Overlap.CANCEL, FRESH), at(10)))
        .isEqualTo(new Fire(Origin.TIMETABLE, at(10), true));
  }

  @Test
  void queuesOneSlotAndSkipsOthers() {
    var waiting = row(Overlap.QUEUE, FRESH.settled(at(10)).queued(Optional.of(at(10))));

    assertThat(busy(waiting, at(15))).isEqualTo(new Rest(at(20), true));
    assertThat(busy(waiting, at(20)))
        .isEqualTo(new Pass(waiting.state().settled(at(20)), at(20), Why.SKIPPED));
    assertThat(free(waiting, at(25))).isEqualTo(new Fire(Origin.QUEUE, at(10), false));
  }

  @Test
  void firesAQueuedSlotHoweverLongItHasWaited() {
    var waiting = row(Overlap.QUEUE, FRESH.settled(at(990)).queued(Optional.of(at(10))));

    assertThat(free(waiting, at(999))).isEqualTo(new Fire(Origin.QUEUE, at(10), false));
  }

  @Test
  void missesSlotsThatAreLaterThanTheWindow() {
    var row = row(Overlap.SKIP, FRESH);

    assertThat(free(row, at(11).plusNanos(1_000)))
        .isInstanceOfSatisfying(
            Pass.class,
            pass -> {
              assertThat(pass.why()).isEqualTo(Why.MISSED);
              assertThat(pass.slot()).isEqualTo(at(10));
              assertThat(pass.state().settled()).isEqualTo(at(10));
            });
  }

  @Test
  void missesAllSlotsBeforeTheWindowAtOnce() {
    var row = row(Overlap.SKIP, FRESH);

    var pass = (Pass) free(row, at(600.5));

    assertThat(pass.why()).isEqualTo(Why.MISSED);
    assertThat(pass.state().settled()).isEqualTo(at(599.5).minus(1, ChronoUnit.MICROS));
    assertThat(free(row.with(pass.state()), at(600.5)))
        .isEqualTo(new Fire(Origin.TIMETABLE, at(600), false));
  }

  @Test
  void keepsTheSlotAtTheEdgeOfTheWindow() {
    var pass = (Pass) free(row(Overlap.SKIP, FRESH), at(601));

    assertThat(free(row(Overlap.SKIP, pass.state()), at(601)))
        .isEqualTo(new Fire(Origin.TIMETABLE, at(600), false));
  }

  @ParameterizedTest
  @EnumSource
  void doesNothingWhilePaused(Overlap overlap) {
    var paused =
        FRESH
            .paused(Optional.of("down"))
            .queued(Optional.of(at(5)))
            .backfill(Optional.of(new Backfill(at(-100), at(0))));

    assertThat(free(row(overlap, paused), at(10))).isEqualTo(new Rest(Instant.MAX, false));
  }

  @Test
  void movesEachSlotByAJitterOfItsOwnThatIsAlwaysTheSame() {
    var jitter = Duration.ofMinutes(5);
    var moved = new HashSet<Duration>();

    for (int slot = 10; slot <= 1_000; slot += 10) {
      var row = row(Overlap.SKIP, jitter, State.since(at(slot - 10)));
      var rest = (Rest) free(row, at(slot - 10));

      assertThat(rest.until()).isBetween(at(slot), at(slot + 5));
      assertThat(free(row, rest.until())).isEqualTo(new Fire(Origin.TIMETABLE, at(slot), false));
      assertThat(free(row, rest.until().minusMillis(1))).isEqualTo(rest);
      moved.add(Duration.between(at(slot), rest.until()));
    }

    assertThat(moved).hasSizeGreaterThan(90);
  }

  @Test
  void countsTheWindowFromTheTimeToWhichAJitterMovesASlot() {
    var row = row(Overlap.SKIP, Duration.ofMinutes(5), FRESH);
    var due = ((Rest) free(row, at(0))).until();

    assertThat(free(row, due.plus(WINDOW))).isInstanceOf(Fire.class);
    assertThat(free(row, due.plus(WINDOW).plusMillis(1))).isInstanceOf(Pass.class);
  }

  @Test
  void backfillsOneSlotAfterTheOtherAndThenForgetsTheRange() {
    var range = FRESH.backfill(Optional.of(new Backfill(at(-30).minusNanos(1_000), at(-10))));
    var row = row(Overlap.SKIP, range);

    assertThat(free(row, at(0))).isEqualTo(new Fire(Origin.BACKFILL, at(-30), false));
    var first = Origin.BACKFILL.settle(range, at(-30));
    assertThat(busy(row.with(first), at(0))).isEqualTo(new Rest(at(10), true));
    assertThat(free(row.with(first), at(0))).isEqualTo(new Fire(Origin.BACKFILL, at(-20), false));
    var second = Origin.BACKFILL.settle(first, at(-20));
    assertThat(free(row.with(second), at(0))).isEqualTo(new Pass(FRESH, at(-10), Why.BACKFILLED));
  }

  @Test
  void backfillsAtOnceWhereRunsMayOverlap() {
    var row = row(Overlap.ALLOW, FRESH.backfill(Optional.of(new Backfill(at(-35), at(0)))));

    assertThat(busy(row, at(0))).isEqualTo(new Fire(Origin.BACKFILL, at(-30), false));
  }

  @Test
  void prefersTheTimetableToThePast() {
    var row = row(Overlap.ALLOW, FRESH.backfill(Optional.of(new Backfill(at(-35), at(0)))));

    assertThat(free(row, at(10))).isEqualTo(new Fire(Origin.TIMETABLE, at(10), false));
  }

  @Test
  void neverCancelsARunForASlotOfThePast() {
    var row = row(Overlap.CANCEL, FRESH.backfill(Optional.of(new Backfill(at(-35), at(0)))));

    assertThat(busy(row, at(5))).isEqualTo(new Rest(at(10), true));
  }

  @Test
  void neverGoesBackWhenASlotIsSettledLate() {
    var later = FRESH.settled(at(50)).queued(Optional.of(at(40)));

    assertThat(Origin.TIMETABLE.settle(later, at(10))).isEqualTo(later);
    assertThat(Origin.QUEUE.settle(later, at(10))).isEqualTo(later);
    assertThat(Origin.QUEUE.settle(later, at(40)).queued()).isEmpty();
    assertThat(Origin.BACKFILL.settle(later, at(10))).isEqualTo(later);
  }
}
