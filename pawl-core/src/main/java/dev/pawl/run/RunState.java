package dev.pawl.run;

import dev.pawl.workflow.RunStatus;
import org.jspecify.annotations.Nullable;

/// A run as it is in memory. Immutable; the history says the same.
///
/// @param seq the newest sequence number
/// @param steps how many visits it has made
/// @param started how many branches it has started
/// @param paused why it is paused, or null
/// @param goal where it is going while it unwinds, or where it has got to
/// @param end the node that it ended at, or -1
/// @param branches its live branches
/// @param inbox its messages
/// @param undos its finished visits that can be undone
public record RunState(
    long seq,
    int steps,
    int started,
    @Nullable String paused,
    @Nullable Goal goal,
    int end,
    Branches branches,
    Inbox inbox,
    Undos undos) {
  /// Where a run that does not complete is going.
  ///
  /// @param status FAILED or CANCELLED
  /// @param reason why
  /// @param failure what failed
  public record Goal(RunStatus status, String reason, @Nullable Failure failure) {}

  /// Where it is in its life.
  public RunStatus status() {
    if (end >= 0) {
      return RunStatus.COMPLETED;
    }
    if (isUnwinding()) {
      return paused == null ? RunStatus.COMPENSATING : RunStatus.PAUSED;
    }
    if (goal != null) {
      return branches.draining() > 0 ? RunStatus.RUNNING : goal.status();
    }
    if (paused != null) {
      return RunStatus.PAUSED;
    }
    return branches.work() ? RunStatus.RUNNING : RunStatus.WAITING;
  }

  /// Whether finished visits are undone before the run is over.
  public boolean isUnwinding() {
    return goal != null && !undos.isEmpty();
  }

  /// Whether it goes on: it is not over, and does not unwind.
  public boolean goesOn() {
    return end < 0 && goal == null;
  }

  /// Whether an attempt of this branch may begin now.
  public boolean runnable(Branch branch) {
    return branch.phase() == Branch.Phase.READY
        && paused == null
        && (goal == null || branch.task() == Branch.Task.UNDO)
        && !branches.drainsBelow(branch);
  }

  /// The oldest sequence number that is needed to go on.
  public long floor() {
    var root = branches.get("");
    return undos.oldest(root == null ? seq : root.base());
  }

  RunState with(Branch branch) {
    return with(branches.with(branch));
  }

  RunState with(Branches branches) {
    return new RunState(seq, steps, started, paused, goal, end, branches, inbox, undos);
  }

  RunState with(@Nullable Goal goal) {
    return new RunState(seq, steps, started, paused, goal, end, branches, inbox, undos);
  }

  RunState with(Inbox inbox) {
    return new RunState(seq, steps, started, paused, goal, end, branches, inbox, undos);
  }

  RunState with(Undos undos) {
    return new RunState(seq, steps, started, paused, goal, end, branches, inbox, undos);
  }

  RunState pausedBecause(@Nullable String reason) {
    return new RunState(seq, steps, started, reason, goal, end, branches, inbox, undos);
  }

  RunState endedAt(int node) {
    return new RunState(seq, steps, started, paused, goal, node, Branches.none(), inbox, undos);
  }

  RunState counted(Fact fact) {
    return new RunState(
        fact.seq(), fact.steps(), fact.branches(), paused, goal, end, branches, inbox, undos);
  }
}
