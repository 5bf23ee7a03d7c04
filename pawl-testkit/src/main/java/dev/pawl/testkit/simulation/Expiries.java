package dev.pawl.testkit.simulation;

import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.Workflow;
import java.util.List;
import java.util.function.Function;

/// What must hold of runs that may not last for ever: they are ended once, and not before their
/// time by the clock that they were started by.
final class Expiries {
  private final Function<RunRow, Workflow<?>> workflows;

  /// @param workflows says what a run is a run of
  Expiries(Function<RunRow, Workflow<?>> workflows) {
    this.workflows = workflows;
  }

  void check(RunRow run, List<HistoryRow> history) {
    var ends = history.stream().filter(row -> row.kind() == HistoryRow.Kind.EXPIRED).toList();
    if (ends.size() > 1) {
      throw new Violation("timer", "run " + run.key() + " was ended for its time more than once");
    }
    for (var end : ends) {
      var limit = workflows.apply(run).definition().perRun();
      if (limit.isEmpty() || end.at().isBefore(run.created().plus(limit.get()))) {
        throw new Violation(
            "timer",
            "run "
                + run.key()
                + " was started at "
                + run.created()
                + ", and ended for its limit of "
                + limit
                + " at "
                + end.at());
      }
    }
  }
}
