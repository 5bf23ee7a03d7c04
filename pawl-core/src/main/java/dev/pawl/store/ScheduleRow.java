package dev.pawl.store;

import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A schedule as a store keeps it: what starts runs at the times of a timetable. The function that
/// makes a run's input is code, and is not kept.
///
/// @param name its name, unique in the store
/// @param workflow the name of the workflow whose runs it starts
/// @param timetable its timetable as text
/// @param overlap what happens when the run that it started last is still open
/// @param catchUp how late a run may start, if its slot could not be kept
/// @param jitter by how much at most a run starts later than its slot
/// @param state the part that changes
public record ScheduleRow(
    String name,
    String workflow,
    String timetable,
    Overlap overlap,
    Duration catchUp,
    Duration jitter,
    State state) {

  /// What happens to a slot whose time comes while the run that the schedule started last is open.
  public enum Overlap {
    /// It is passed over.
    SKIP,
    /// It waits until the run is over. One slot waits at most; others are passed over meanwhile.
    QUEUE,
    /// Its run starts beside the other.
    ALLOW,
    /// The run is cancelled, and that of the slot starts when it is over.
    CANCEL
  }

  /// The part of a schedule that changes.
  ///
  /// @param settled slots up to this time have become runs, or were passed over
  /// @param paused why it is paused; empty if it is not
  /// @param queued the slot that waits until the last run is over
  /// @param backfill slots of the past that are to become runs
  /// @param run the run that it started last
  public record State(
      Instant settled,
      Optional<String> paused,
      Optional<Instant> queued,
      Optional<Backfill> backfill,
      Optional<RunId> run) {

    /// The state of a new schedule: all slots up to a time are none of its business.
    public static State since(Instant time) {
      return new State(
          time, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// With all slots up to a time settled.
    public State settled(Instant settled) {
      return new State(settled, paused, queued, backfill, run);
    }

    /// Paused for a reason, or not.
    public State paused(Optional<String> paused) {
      return new State(settled, paused, queued, backfill, run);
    }

    /// With this slot waiting, or none.
    public State queued(Optional<Instant> queued) {
      return new State(settled, paused, queued, backfill, run);
    }

    /// With these slots of the past left, or none.
    public State backfill(Optional<Backfill> backfill) {
      return new State(settled, paused, queued, backfill, run);
    }

    /// With this run as the last.
    public State run(RunId run) {
      return new State(settled, paused, queued, backfill, Optional.of(run));
    }
  }

  /// Slots of the past that are to become runs.
  ///
  /// @param after those after this time
  /// @param until and before this one
  public record Backfill(Instant after, Instant until) {}

  /// With another state.
  public ScheduleRow with(State state) {
    return new ScheduleRow(name, workflow, timetable, overlap, catchUp, jitter, state);
  }
}
