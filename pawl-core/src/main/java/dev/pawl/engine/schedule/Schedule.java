package dev.pawl.engine.schedule;

import dev.pawl.store.ScheduleRow.Overlap;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Predicate;

/// Starts runs of a workflow at the times of a timetable. Immutable; begin with [#of], and give it
/// to [Schedules#put].
///
/// @param name unique among the schedules of a store; the keys of its runs begin with it
/// @param workflow whose runs it starts
/// @param timetable the slots
/// @param input makes the state that the run of a slot starts with. Called on a thread of its own,
///   again when it or the start has failed, and again after a crash
/// @param test asked before `input`: a slot for which it says no is passed over
/// @param overlap what happens to a slot whose time comes while the run that the schedule started
///   last is open
/// @param catchUp how late a run may start: after a time when no engine ran, when the clock went
///   forward, or when a start fails. A slot that is later than that is passed over, with a warning
///   in the log
/// @param jitter by how much at most a run starts after its slot; how much that is depends on the
///   name and the slot alone
public record Schedule<S>(
    String name,
    Workflow<S> workflow,
    Timetable timetable,
    Function<? super Instant, ? extends S> input,
    Predicate<? super Instant> test,
    Overlap overlap,
    Duration catchUp,
    Duration jitter) {
  /// The shortest time by which a slot may be late.
  public static final Duration LEAST_CATCH_UP = Duration.ofSeconds(10);

  /// The longest time by which a slot may be late, or be moved.
  public static final Duration MOST = Duration.ofDays(366);

  private static final int LONGEST_NAME = 100;

  /// Checks the name and the times.
  ///
  /// @throws IllegalArgumentException naming what is out of range
  public Schedule {
    if (name.isBlank()
        || name.length() > LONGEST_NAME
        || name.indexOf('/') >= 0
        || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" cannot name a schedule; use 1 to 100 characters, no '/' and no control"
              + " character among them");
    }
    check(name, "catch-up window", catchUp, LEAST_CATCH_UP);
    check(name, "jitter", jitter, Duration.ZERO);
  }

  private static void check(String name, String what, Duration given, Duration least) {
    if (given.compareTo(least) < 0 || given.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "schedule "
              + name
              + ": the "
              + what
              + " is from "
              + least
              + " to "
              + MOST
              + ", not "
              + given);
    }
  }

  /// A schedule that passes a slot over while the run of an earlier one is open, catches up within
  /// a minute, and has no jitter.
  ///
  /// @param input makes the state that the run of a slot starts with
  public static <S> Schedule<S> of(
      String name,
      Workflow<S> workflow,
      Timetable timetable,
      Function<? super Instant, ? extends S> input) {
    return new Schedule<>(
        name,
        workflow,
        timetable,
        input,
        slot -> true,
        Overlap.SKIP,
        Duration.ofMinutes(1),
        Duration.ZERO);
  }

  /// With a test that says whether a slot becomes a run.
  public Schedule<S> when(Predicate<? super Instant> test) {
    return new Schedule<>(name, workflow, timetable, input, test, overlap, catchUp, jitter);
  }

  /// With this answer to a run that is still open.
  public Schedule<S> overlap(Overlap overlap) {
    return new Schedule<>(name, workflow, timetable, input, test, overlap, catchUp, jitter);
  }

  /// With this as the time by which a run may start late.
  ///
  /// @throws IllegalArgumentException if it is less than [#LEAST_CATCH_UP] or more than [#MOST]
  public Schedule<S> catchUp(Duration catchUp) {
    return new Schedule<>(name, workflow, timetable, input, test, overlap, catchUp, jitter);
  }

  /// With this as the most by which a run starts after its slot.
  ///
  /// @throws IllegalArgumentException if it is negative or more than [#MOST]
  public Schedule<S> jitter(Duration jitter) {
    return new Schedule<>(name, workflow, timetable, input, test, overlap, catchUp, jitter);
  }
}
