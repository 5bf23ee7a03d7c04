package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.schedule.Schedule;
import dev.pawl.engine.schedule.Schedules;
import dev.pawl.engine.schedule.Timetable;
import dev.pawl.store.RunRow;
import dev.pawl.store.ScheduleRow.Overlap;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs at the times of a timetable: each ten minutes, if the test says nothing else.
@Timeout(120)
final class SchedulesTest {
  private static final Timetable TEN_MINUTES = Timetable.every(Duration.ofMinutes(10));

  @TempDir private Path directory;

  record Job(Instant slot, Instant until) {}

  /// Work that takes so many minutes.
  private static Workflow<Job> jobs(int minutes) {
    var g = Workflow.graph("jobs", Job.class);
    var begin =
        g.step("begin", (job, ctx) -> new Job(job.slot(), ctx.now().plusSeconds(60L * minutes)));
    var work = g.delay("work", Job::until);
    g.start(begin).path(begin, work, g.end("done"));
    return g.build();
  }

  private static Schedule<Job> tick(int minutes) {
    return Schedule.of("tick", jobs(minutes), TEN_MINUTES, slot -> new Job(slot, slot));
  }

  private static Consumer<Engine> puts(Schedule<?> schedule) {
    return engine -> engine.schedules().put(schedule);
  }

  private VirtualHost host(Place place, Schedule<?> schedule) {
    return VirtualHost.of(place, directory, puts(schedule));
  }

  private static Instant at(double minutes) {
    return Scheduler.START.plusMillis((long) (minutes * 60_000));
  }

  private static Duration minutes(double minutes) {
    return Duration.between(at(0), at(minutes));
  }

  /// The keys of the runs of these slots.
  private static List<String> ticks(int... minutes) {
    var keys = new ArrayList<String>();
    for (int minute : minutes) {
      keys.add("tick/" + at(minute));
    }
    return keys;
  }

  private static RunStatus status(VirtualHost host, int minute) {
    var key = ticks(minute).getFirst();
    return host.runs().stream()
        .filter(run -> run.key().equals(key))
        .findFirst()
        .map(run -> run.state().status())
        .orElseThrow();
  }

  private static List<Instant> starts(VirtualHost host) {
    return host.runs().stream().map(RunRow::created).toList();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startARunAtEachSlotWithTheSlotAsItsInput(Place place) {
    try (var host = host(place, tick(1))) {
      host.pass(minutes(35));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 30));
      assertThat(starts(host)).containsExactly(at(10), at(20), at(30));
      var run = host.engine().find(jobs(1), ticks(20).getFirst()).orElseThrow();
      assertThat(run.state()).isEqualTo(new Job(at(20), at(21)));
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(host.run(run.id()).orElseThrow().headers())
          .isEqualTo(Map.of("schedule", "tick", "slot", at(20).toString()));
    }
  }

  @Test
  void startNothingBeforeItsTime() {
    try (var host = host(Place.MEMORY, tick(1))) {
      host.passTo(at(10).minusNanos(1_000));
      assertThat(host.keys()).isEmpty();

      host.passTo(at(10));
      assertThat(host.keys()).isEqualTo(ticks(10));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void skipSlotsWhileTheLastRunIsOpen(Place place) {
    try (var host = host(place, tick(25))) {
      host.pass(minutes(75));

      assertThat(host.keys()).isEqualTo(ticks(10, 40, 70));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void queueOneSlotWhileTheLastRunIsOpen(Place place) {
    try (var host = host(place, tick(25).overlap(Overlap.QUEUE))) {
      host.passTo(at(34));
      assertThat(host.keys()).isEqualTo(ticks(10));
      assertThat(host.engine().schedules().list().getFirst().state().queued()).contains(at(20));

      host.passTo(at(84));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 40));
      assertThat(starts(host)).containsExactly(at(10), at(35), at(60));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startRunsBesideOthersWhereThatIsAllowed(Place place) {
    try (var host = host(place, tick(25).overlap(Overlap.ALLOW))) {
      host.passTo(at(34));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 30));
      assertThat(host.engine().counts(Store.Filter.ALL))
          .containsExactly(Map.entry(RunStatus.WAITING, 3L));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void cancelTheRunThatIsOpen(Place place) {
    try (var host = host(place, tick(25).overlap(Overlap.CANCEL))) {
      host.passTo(at(34));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 30));
      assertThat(status(host, 10)).isEqualTo(RunStatus.CANCELLED);
      assertThat(status(host, 20)).isEqualTo(RunStatus.CANCELLED);
      assertThat(status(host, 30)).isEqualTo(RunStatus.WAITING);
      assertThat(host.runs().getFirst().state().reason())
          .isEqualTo("slot " + at(20) + " of schedule tick has come");
    }
  }

  @Test
  void keepTheRunThatIsOpenApartFromThoseThatOthersStarted() {
    var work = jobs(25);
    var other = Schedule.of("other", work, TEN_MINUTES, slot -> new Job(slot, slot));
    Consumer<Engine> main =
        engine -> {
          engine.schedules().put(other);
          engine
              .schedules()
              .put(Schedule.of("tick", work, TEN_MINUTES, slot -> new Job(slot, slot)));
        };
    try (var host = VirtualHost.of(Place.MEMORY, directory, main)) {
      host.engine().start(work, "by hand", new Job(at(0), at(0)));

      host.pass(minutes(15));

      assertThat(host.keys())
          .containsExactlyInAnyOrder("by hand", "other/" + at(10), "tick/" + at(10));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goOnAfterARestartAndCatchUpWithinTheWindow(Place place) {
    try (var host = host(place, tick(1))) {
      host.passTo(at(15));

      host.restart(minutes(5.5));
      host.passTo(at(32));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 30));
      assertThat(starts(host)).containsExactly(at(10), at(20.5), at(30));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void missSlotsThatAreLaterThanTheWindow(Place place) {
    try (var host = host(place, tick(1))) {
      host.passTo(at(15));

      host.stop(minutes(40.1));
      host.passTo(at(62));

      assertThat(host.keys()).isEqualTo(ticks(10, 60));
    }
  }

  @Test
  void catchUpWithAllSlotsOfALongWindow() {
    var patient = tick(1).overlap(Overlap.ALLOW).catchUp(Duration.ofMinutes(25));
    try (var host = host(Place.MEMORY, patient)) {
      host.passTo(at(15));

      host.restart(minutes(46));
      host.pass(minutes(1));

      assertThat(host.keys()).isEqualTo(ticks(10, 40, 50, 60));
    }
  }

  @Test
  void beginWithTheFirstSlotAfterTheyArePut() {
    try (var host = VirtualHost.of(Place.MEMORY, directory, engine -> {})) {
      host.passTo(at(15));
      puts(tick(1)).accept(host.engine());

      host.passTo(at(25));

      assertThat(host.keys()).isEqualTo(ticks(20));
    }
  }

  @Test
  void beginAnewWithAnotherTimetable() {
    try (var host = host(Place.MEMORY, tick(1))) {
      host.passTo(at(15));
      host.stop(minutes(5.5));
      var hourly =
          Schedule.of(
              "tick",
              jobs(1),
              Timetable.every(Duration.ofHours(1), at(20.1)),
              slot -> new Job(slot, slot));

      host.engine().schedules().put(hourly);
      host.pass(minutes(70));

      assertThat(host.keys())
          .containsExactly("tick/" + at(10), "tick/" + at(20), "tick/" + at(80.1));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void passOverSlotsThatComeWhileTheyArePaused(Place place) {
    try (var host = host(place, tick(1))) {
      host.passTo(at(15));
      host.engine().schedules().pause("tick", "the bank is down");
      host.engine().schedules().pause("tick", "again");
      host.passTo(at(35));
      host.restart(minutes(1));
      host.passTo(at(40.5));
      assertThat(host.engine().schedules().list().getFirst().state().paused())
          .contains("the bank is down");

      host.engine().schedules().resume("tick");
      host.engine().schedules().resume("tick");
      host.passTo(at(52));

      assertThat(host.keys()).isEqualTo(ticks(10, 50));
    }
  }

  @Test
  void startTheQueuedSlotWhenTheyAreResumed() {
    try (var host = host(Place.MEMORY, tick(25).overlap(Overlap.QUEUE))) {
      host.passTo(at(25));
      host.engine().schedules().pause("tick", "down");
      host.passTo(at(45));
      assertThat(host.keys()).isEqualTo(ticks(10));

      host.engine().schedules().resume("tick");
      host.pass(minutes(1));

      assertThat(host.keys()).isEqualTo(ticks(10, 20));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startARunWhenTheyAreTriggered(Place place) {
    try (var host = host(place, tick(25))) {
      host.passTo(at(12));
      host.engine().schedules().pause("tick", "down");

      var run = host.engine().schedules().trigger("tick");

      assertThat(host.run(run).orElseThrow().key()).isEqualTo("tick/now/" + at(12));
      assertThat(host.engine().find(jobs(25), run).orElseThrow().state().slot()).isEqualTo(at(12));
      host.engine().schedules().resume("tick");
      host.passTo(at(45));
      assertThat(host.keys())
          .containsExactly("tick/" + at(10), "tick/now/" + at(12), "tick/" + at(40));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startTheSlotsOfThePastOneAfterTheOther(Place place) {
    try (var host = host(place, tick(3))) {
      host.passTo(at(15));

      host.engine().schedules().backfill("tick", at(-30), at(0));
      host.passTo(at(17));
      host.restart(minutes(0));
      host.passTo(at(35));

      assertThat(host.keys()).isEqualTo(ticks(10, -30, -20, -10, 30));
      assertThat(starts(host)).containsExactly(at(10), at(15), at(18), at(21), at(30));
    }
  }

  @Test
  void startTheSlotsOfThePastAtOnceWhereRunsMayOverlap() {
    try (var host = host(Place.MEMORY, tick(25).overlap(Overlap.ALLOW))) {
      host.passTo(at(5));

      host.engine().schedules().backfill("tick", at(-30), at(0));
      host.pass(minutes(0));

      assertThat(host.keys()).isEqualTo(ticks(-30, -20, -10));
    }
  }

  @Test
  void startNoSlotOfThePastThatHasBecomeARun() {
    try (var host = host(Place.MEMORY, tick(1).overlap(Overlap.ALLOW))) {
      host.passTo(at(25));
      host.engine().schedules().backfill("tick", at(0), at(25));
      host.pass(minutes(1));
      assertThat(host.keys()).isEqualTo(ticks(10, 20, 0));

      host.engine().schedules().backfill("tick", at(0), at(25));
      host.pass(minutes(1));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 0));
    }
  }

  @Test
  void refuseToBackfillWhatIsNoTimeOfThePastOrTooMuch() {
    try (var host = host(Place.MEMORY, tick(1))) {
      var schedules = host.engine().schedules();
      host.pass(minutes(1));

      refuses(() -> schedules.backfill("tick", at(0), at(2)), "not from " + at(0));
      refuses(() -> schedules.backfill("tick", at(0), at(0)), "not from " + at(0));
      refuses(
          () -> schedules.backfill("tick", at(-10 * Schedules.MOST_BACKFILLED - 1), at(1)),
          "more than 10000 slots");
      schedules.backfill("tick", at(-10 * Schedules.MOST_BACKFILLED + 1), at(1));
      assertThatThrownBy(() -> schedules.backfill("tick", at(-1), at(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("still backfilled up to " + at(1));
    }
  }

  private static void refuses(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void endWhenTheyAreDeletedAndLeaveTheirRuns(Place place) {
    try (var host = VirtualHost.of(place, directory, engine -> engine.register(jobs(25)))) {
      host.engine().schedules().put(tick(25));
      host.passTo(at(15));

      host.engine().schedules().delete("tick");
      host.engine().schedules().delete("tick");
      host.passTo(at(40));
      host.restart(minutes(1));
      host.pass(minutes(10));

      assertThat(host.engine().schedules().list()).isEmpty();
      assertThat(host.keys()).isEqualTo(ticks(10));
      assertThat(status(host, 10)).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areListedAndStartNothingUntilTheyArePut(Place place) {
    var put = new ArrayList<Schedule<?>>(List.of(tick(1)));
    try (var host =
        VirtualHost.of(place, directory, engine -> put.forEach(engine.schedules()::put))) {
      put.clear();
      host.restart(minutes(0));
      host.passTo(at(15));

      assertThat(host.keys()).isEmpty();
      assertThat(host.engine().schedules().list())
          .singleElement()
          .satisfies(row -> assertThat(row.workflow()).isEqualTo("jobs"));
      var description = host.engine().schedules().describe("tick").orElseThrow();
      assertThat(description.bound()).isFalse();
      assertThat(description.next()).startsWith(at(20), at(30));
      assertThatThrownBy(() -> host.engine().schedules().trigger("tick"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nobody has put it");
      host.engine().schedules().put(tick(1));
      host.passTo(at(20));
      assertThat(host.keys()).isEqualTo(ticks(20));
    }
  }

  @Test
  void tellTheirNextFiveTimes() {
    try (var host = host(Place.MEMORY, tick(1).jitter(Duration.ofMinutes(1)))) {
      host.passTo(at(15));

      var description = host.engine().schedules().describe("tick").orElseThrow();

      assertThat(description.bound()).isTrue();
      assertThat(description.next()).containsExactly(at(20), at(30), at(40), at(50), at(60));
      assertThat(description.row().timetable()).isEqualTo("every PT10M");
      assertThat(description.row().state().settled()).isEqualTo(at(10));
      assertThat(description.row().state().run()).contains(host.runs().getFirst().id());
      assertThat(host.engine().schedules().describe("other")).isEmpty();
    }
  }

  @Test
  void refuseCommandsToOneThatIsNotThere() {
    try (var host = VirtualHost.of(Place.MEMORY, directory, engine -> {})) {
      var schedules = host.engine().schedules();

      refuses(() -> schedules.pause("tick", "down"), "no schedule tick");
      refuses(() -> schedules.resume("tick"), "no schedule tick");
      refuses(() -> schedules.trigger("tick"), "no schedule tick");
      host.pass(minutes(1));
      refuses(() -> schedules.backfill("tick", at(0), at(1)), "no schedule tick");
    }
  }

  @Test
  void passOverSlotsThatTheirTestRefuses() {
    var everyOther = tick(1).when(slot -> slot.getEpochSecond() / 600 % 2 == 0);
    try (var host = host(Place.MEMORY, everyOther)) {
      host.pass(minutes(45));

      assertThat(host.keys()).isEqualTo(ticks(20, 40));
    }
  }

  @Test
  void startARunLaterByTheJitterOfItsSlot() {
    try (var host = host(Place.MEMORY, tick(1).jitter(Duration.ofMinutes(5)))) {
      host.pass(minutes(36));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 30));
      for (int i = 0; i < 3; i++) {
        assertThat(starts(host).get(i)).isBetween(at(10 * i + 10), at(10 * i + 15));
      }
      assertThat(starts(host)).doesNotContain(at(10), at(20), at(30));
    }
  }

  @Test
  void tryASlotAgainThatFailsAndLoseNoOther() {
    var calls = new ArrayList<Instant>();
    var flaky =
        Schedule.of(
            "tick",
            jobs(1),
            TEN_MINUTES,
            slot -> {
              calls.add(slot);
              if (calls.size() < 4) {
                throw new IllegalStateException("no input yet");
              }
              return new Job(slot, slot);
            });
    try (var host = host(Place.MEMORY, flaky)) {
      host.pass(minutes(21));

      assertThat(host.keys()).isEqualTo(ticks(10, 20));
      assertThat(calls).containsExactly(at(10), at(10), at(10), at(10), at(20));
      assertThat(starts(host).getFirst()).isEqualTo(at(10).plusSeconds(1 + 2 + 4));
    }
  }

  @Test
  void giveASlotUpThatFailsForLongerThanTheWindow() {
    var broken =
        Schedule.of(
            "tick",
            jobs(1),
            TEN_MINUTES,
            slot -> {
              if (slot.isBefore(at(20))) {
                throw new LinkageError("broken");
              }
              return new Job(slot, slot);
            });
    try (var host = host(Place.MEMORY, broken)) {
      host.passTo(at(15));
      host.engine().schedules().backfill("tick", at(-5), at(5));
      host.passTo(at(21));

      assertThat(host.keys()).isEqualTo(ticks(20));
      assertThat(host.engine().schedules().list().getFirst().state().backfill()).isEmpty();
    }
  }

  @Test
  void delayNoOtherScheduleWhileAnInputTakesLong() {
    Consumer<Engine> main =
        engine -> {
          engine.schedules().put(tick(1));
          engine
              .schedules()
              .put(
                  Schedule.of(
                      "slow",
                      jobs(1),
                      TEN_MINUTES,
                      slot -> {
                        engine.schedules().describe("tick"); // takes its time, and asks back
                        return new Job(slot, slot);
                      }));
        };
    try (var host = VirtualHost.of(Place.MEMORY, directory, main)) {
      host.pass(minutes(10));

      assertThat(host.keys()).containsExactlyInAnyOrder("tick/" + at(10), "slow/" + at(10));
    }
  }

  @Test
  void startEachSlotOnceThoughTheClockJumpsForward() {
    try (var host = host(Place.MEMORY, tick(1).overlap(Overlap.ALLOW))) {
      host.passTo(at(15));

      host.clock(minutes(7)); // it shows 22
      host.pass(minutes(2));
      assertThat(host.keys()).isEqualTo(ticks(10));
      host.passTo(at(23)); // it shows 30

      assertThat(host.keys()).isEqualTo(ticks(10, 30));
      assertThat(host.runs().getLast().created()).isEqualTo(at(30));
    }
  }

  @Test
  void findASlotInTimeThatAJumpOfTheClockBringsNear() {
    var daily =
        Schedule.of(
            "tick", jobs(1), Timetable.every(Duration.ofDays(1)), slot -> new Job(slot, slot));
    try (var host = host(Place.MEMORY, daily)) {
      host.passTo(at(5));

      host.clock(Duration.ofDays(1).minus(minutes(5).plusSeconds(30)));
      host.pass(minutes(2));

      assertThat(host.keys()).containsExactly("tick/" + Scheduler.START.plus(Duration.ofDays(1)));
    }
  }

  @Test
  void startEachSlotOnceThoughTheClockGoesBack() {
    try (var host = host(Place.MEMORY, tick(1).overlap(Overlap.ALLOW))) {
      host.passTo(at(25));

      host.clock(minutes(-20)); // it shows 25 until 45
      host.passTo(at(45));
      assertThat(host.keys()).isEqualTo(ticks(10, 20));
      host.passTo(at(50));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 30));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startEachSlotOnceThoughTheClockHasGoneBackBeforeARestart(Place place) {
    try (var host = host(place, tick(1).overlap(Overlap.ALLOW))) {
      host.passTo(at(25));
      host.clock(minutes(-20));

      host.restart(minutes(0)); // it shows 5
      host.passTo(at(52));

      assertThat(host.keys()).isEqualTo(ticks(10, 20, 30));
    }
  }

  @Test
  void areNotSilencedByAClockThatWasAhead() {
    try (var host = host(Place.MEMORY, tick(1))) {
      host.clock(Duration.ofDays(300).plus(minutes(5)));
      host.passTo(at(12));
      assertThat(host.keys()).hasSize(1);
      host.clock(Duration.ZERO);

      host.restart(minutes(0));
      host.passTo(at(21));

      assertThat(host.keys()).hasSize(2).containsAll(ticks(20));
    }
  }

  @ParameterizedTest
  @EnumSource
  void startEachSlotOnceWhereverTheProcessDies(Overlap overlap) {
    int deaths = 0;
    for (boolean afterwards : List.of(false, true)) {
      for (int write = 1; ; write++) {
        var schedule = tick(4).overlap(overlap);
        try (var host = host(Place.MEMORY, schedule)) {
          if (afterwards) {
            host.dieAfter(write);
          } else {
            host.dieBefore(write);
          }

          host.passTo(at(38));

          assertThat(host.keys()).as("write " + write).isEqualTo(ticks(10, 20, 30));
          assertThat(host.engine().schedules().list().getFirst().state().run())
              .contains(host.runs().getLast().id());
          if (host.isDoomed()) {
            break;
          }
          deaths++;
        }
      }
    }
    assertThat(deaths).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void knowTheRunOfASlotAgainThatWasNotWrittenBeforeALongDeath(Place place) {
    try (var host = host(place, tick(25))) {
      host.passTo(at(9));
      host.staysDown(minutes(5));
      host.dieAfter(1); // that is the start of the run

      host.passTo(at(32));

      assertThat(host.keys()).isEqualTo(ticks(10));
      assertThat(status(host, 10)).isEqualTo(RunStatus.WAITING);
    }
  }

  @Test
  void startQueuedAndPastSlotsOnceWhereverTheProcessDies() {
    int deaths = 0;
    for (int write = 1; ; write++) {
      try (var host = host(Place.MEMORY, tick(8).overlap(Overlap.QUEUE))) {
        host.passTo(at(5));
        host.engine().schedules().backfill("tick", at(-20), at(0));
        host.dieAfter(write);

        host.passTo(at(75));

        assertThat(host.keys())
            .as("write " + write)
            .doesNotHaveDuplicates()
            .containsAll(ticks(-20, 10, 20, -10, 30));
        if (host.isDoomed()) {
          break;
        }
        deaths++;
      }
    }
    assertThat(deaths).isGreaterThan(20);
  }

  @Test
  void goOnThoughTheStoreDoesNotAnswerForAWhile() {
    try (var host = host(Place.MEMORY, tick(1))) {
      host.failWrites(3);

      host.pass(minutes(25));

      assertThat(host.keys()).isEqualTo(ticks(10, 20));
    }
  }

  @Test
  void tellWhoAsksWhenTheStoreCannotBeWritten() {
    try (var host = host(Place.MEMORY, tick(1))) {
      host.failWrites(1_000);
      var schedules = host.engine().schedules();

      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> schedules.pause("tick", "down"))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("no answer");
      }
      assertThat(schedules.list().getFirst().state().paused()).isEmpty();
    }
  }

  @Test
  void areRefusedByAnEngineThatIsClosed() {
    try (var host = host(Place.MEMORY, tick(1))) {
      var engine = host.engine();
      var schedules = engine.schedules();
      engine.close();

      for (Runnable call :
          List.<Runnable>of(
              engine::schedules, schedules::list, () -> schedules.pause("tick", "late"))) {
        assertThatThrownBy(call::run)
            .isInstanceOfSatisfying(
                StoreException.class,
                e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CLOSED));
      }
    }
  }

  @Test
  void refuseNamesAndTimesThatMakeNoSense() {
    refuses(() -> Schedule.of("", jobs(1), TEN_MINUTES, s -> new Job(s, s)), "cannot name");
    refuses(() -> Schedule.of("a/b", jobs(1), TEN_MINUTES, s -> new Job(s, s)), "cannot name");
    refuses(() -> tick(1).catchUp(Duration.ofSeconds(9)), "the catch-up window is from PT10S");
    refuses(() -> tick(1).catchUp(Duration.ofDays(367)), "not PT8808H");
    refuses(() -> tick(1).jitter(Duration.ofMillis(-1)), "the jitter is from PT0S");
    tick(1).catchUp(Schedule.LEAST_CATCH_UP).jitter(Duration.ZERO);
    tick(1).catchUp(Schedule.MOST).jitter(Schedule.MOST);
  }

  @Test
  void areNothingForAnInlineEngine() {
    assertThatThrownBy(() -> Engine.inline().schedules())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
