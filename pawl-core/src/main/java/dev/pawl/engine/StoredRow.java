package dev.pawl.engine;

import dev.pawl.run.Plan;
import dev.pawl.run.RunState;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// The changing part of the row of a run in memory, as queued. Guarded by the run's lock.
final class StoredRow {
  private final Plan plan;
  private RunRow.State state;

  StoredRow(Plan plan, RunRow.State state) {
    this.plan = plan;
    this.state = state;
  }

  RunRow.State state() {
    return state;
  }

  /// Whom the run belongs to, or 0.
  long owner() {
    return state.owner();
  }

  /// Becomes that of a run that starts.
  RunRow.State started(RunState run, long owner, Instant at) {
    state = new RunRow.State(run.status(), Optional.empty(), "", owner, run.inbox().accepted(), at);
    return state;
  }

  /// Becomes what it has to be for a run that has gone on.
  ///
  /// @param owner whom the run belongs to from now on; 0 for nobody
  /// @param at when it changes
  /// @return what is to be written; empty if it stays as it is
  Optional<RunRow.State> update(RunState run, long owner, Supplier<Instant> at) {
    var status = run.status();
    var goal = run.goal();
    var target =
        goal == null || status.isFinal() ? Optional.<RunStatus>empty() : Optional.of(goal.status());
    var reason = reason(run, status);
    if (status == state.status()
        && (owner == 0) == (state.owner() == 0)
        && run.inbox().accepted() == state.inbox()
        && target.equals(state.goal())
        && reason.equals(state.reason())) {
      return Optional.empty();
    }
    state = new RunRow.State(status, target, reason, owner, run.inbox().accepted(), at.get());
    return Optional.of(state);
  }

  private String reason(RunState run, RunStatus status) {
    var goal = run.goal();
    if (status == RunStatus.COMPLETED) {
      return plan.name(run.end());
    }
    if (goal != null && status != RunStatus.PAUSED) {
      return goal.reason();
    }
    return Objects.requireNonNullElse(run.paused(), "");
  }
}
