package dev.pawl.engine.schedule;

import dev.pawl.store.ScheduleRow;
import dev.pawl.workflow.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The schedules of an engine. Thread-safe; what a method changes is durable when it returns.
///
/// A schedule is stored, but for its functions. So an application puts its schedules each time it
/// starts; one that nobody has put since is listed, and starts nothing.
///
/// A slot becomes a run at most once, however often the process dies, however the clock jumps, and
/// whether it comes by itself or by [#backfill]: the run is started by the request
/// `schedule/<name>/<slot>`. Its key is `<name>/<slot>`, and the headers `schedule` and `slot` hold
/// both. No slot fires before its time.
public interface Schedules {
  /// How many slots [#backfill] takes at once.
  int MOST_BACKFILLED = 10_000;

  /// How many schedules a store may have.
  int MOST_SCHEDULES = 10_000;

  /// Adds a schedule, or replaces that of its name. A new one begins with the first slot after now.
  /// One that is stored stays paused if it is; if its timetable is the same as before, it goes on
  /// with the slots that came since the last engine closed, as far as the catch-up window reaches;
  /// if it is another, with the first slot after now.
  ///
  /// @throws IllegalArgumentException if there are [#MOST_SCHEDULES] others
  /// @throws RuntimeException whatever registering the workflow throws
  void put(Schedule<?> schedule);

  /// The stored schedules, in the order of their names.
  List<ScheduleRow> list();

  /// How a schedule stands, with its next five times; empty if there is none of this name.
  Optional<Description> describe(String name);

  /// Starts nothing by itself until it is resumed. Slots whose time comes meanwhile are passed
  /// over. Pausing a paused schedule changes nothing.
  ///
  /// @throws IllegalArgumentException if there is no such schedule
  void pause(String name, String reason);

  /// Goes on with the first slot after now, with the slot that was queued, and with what is left of
  /// a backfill. Resuming a schedule that is not paused changes nothing.
  ///
  /// @throws IllegalArgumentException if there is no such schedule
  void resume(String name);

  /// Starts a run now, also if the schedule is paused, and beside other runs of it. Its slot is the
  /// current time, and its key `<name>/now/<slot>`. For the overlap policy it is the last run.
  ///
  /// @throws IllegalArgumentException if there is no such schedule
  /// @throws IllegalStateException if nobody has put it since the engine was started
  /// @throws RuntimeException whatever the input function, or the start, throws
  RunId trigger(String name);

  /// Lets the slots of a time of the past become runs, in order, but for those that did already:
  /// with [ScheduleRow.Overlap#ALLOW] at once, else each when the last run of the schedule is over.
  /// That goes on after a restart.
  ///
  /// @param from the first slot may be at this time
  /// @param until slots are before this time
  /// @throws IllegalArgumentException if there is no such schedule, the time is empty or reaches
  ///   into the future, or has more than [#MOST_BACKFILLED] slots
  /// @throws IllegalStateException if nobody has put it since the engine was started, or an earlier
  ///   backfill is not over
  void backfill(String name, Instant from, Instant until);

  /// Deletes a schedule. Its runs go on. Deleting one that is not there changes nothing.
  void delete(String name);

  /// How a schedule stands.
  ///
  /// @param row what is stored of it
  /// @param bound whether it was put since the engine was started: if not, it starts nothing
  /// @param next the next five slots, as if it were not paused; fewer if there are no more, none if
  ///   nothing on the class path reads its timetable
  record Description(ScheduleRow row, boolean bound, List<Instant> next) {
    /// Copies the list.
    public Description {
      next = List.copyOf(next);
    }
  }
}
