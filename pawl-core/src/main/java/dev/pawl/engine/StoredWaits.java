package dev.pawl.engine;

import dev.pawl.run.Branch;
import dev.pawl.run.Plan;
import dev.pawl.run.RunState;
import dev.pawl.store.WaitRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The waits of a run in memory that the store knows of, as queued. Guarded by the run's lock.
final class StoredWaits {
  private final OpenRun run;
  private final Map<String, WaitRow> rows = new HashMap<>();

  StoredWaits(OpenRun run) {
    this.run = run;
  }

  /// Takes over what the store has.
  void restored(List<WaitRow> waits) {
    waits.forEach(wait -> rows.put(wait.branch(), wait));
  }

  /// Takes out the waits that are over: a wait is kept until its branch has left the visit, so that
  /// a crash in the attempt after it finds it again.
  List<String> over(RunState state) {
    if (rows.isEmpty()) {
      return List.of();
    }
    var over = new ArrayList<String>();
    rows.forEach((name, row) -> {
      if (!lasts(state, row)) {
        over.add(name);
      }
    });
    over.forEach(rows::remove);
    return over;
  }

  private static boolean lasts(RunState state, WaitRow row) {
    if (row.branch().equals(WaitRow.RUN)) {
      return state.goesOn();
    }
    var branch = state.branches().get(row.branch());
    return branch != null && branch.visit() == row.visit() && waits(branch);
  }

  private static boolean waits(Branch branch) {
    return branch.phase() == Branch.Phase.WAITING
        || branch.phase() == Branch.Phase.BACKOFF
        || branch.task() == Branch.Task.ELAPSED;
  }

  /// Puts in the waits that are new: those of delays, whose ends are not in the history, and, when
  /// the run leaves memory, whatever else there is to wake it for.
  List<WaitRow> added(RunState state, boolean release) {
    if (!release && !run.registered.delays()) {
      return List.of();
    }
    var plan = run.registered.plan();
    var added = new ArrayList<WaitRow>();
    for (var branch : state.branches()) {
      boolean delayed =
          branch.phase() == Branch.Phase.WAITING && plan.kind(branch.node()) == Plan.Kind.DELAY;
      var time = delayed || !release ? Optional.ofNullable(branch.due()) : plan.wake(branch);
      boolean isNew = delayed ? !rows.containsKey(branch.id()) : release;
      time.filter(any -> isNew)
          .map(end -> new WaitRow(run.id, branch.id(), branch.visit(), end))
          .filter(row -> !row.equals(rows.get(branch.id())))
          .ifPresent(added::add);
    }
    if (release) {
      plan.expiry(state, run.row.created())
          .map(end -> new WaitRow(run.id, WaitRow.RUN, 0, end))
          .filter(row -> !row.equals(rows.get(WaitRow.RUN)))
          .ifPresent(added::add);
    }
    added.forEach(row -> rows.put(row.branch(), row));
    return added;
  }
}
