package dev.pawl.run;

import static dev.pawl.workflow.RunStatus.CANCELLED;
import static dev.pawl.workflow.RunStatus.COMPENSATING;
import static dev.pawl.workflow.RunStatus.COMPLETED;
import static dev.pawl.workflow.RunStatus.ERASED;
import static dev.pawl.workflow.RunStatus.FAILED;
import static dev.pawl.workflow.RunStatus.PAUSED;
import static dev.pawl.workflow.RunStatus.RUNNING;
import static dev.pawl.workflow.RunStatus.WAITING;

import dev.pawl.workflow.RunStatus;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Every legal change of a run's status. An attempt in flight when a run is paused may still end
/// the run; a failed run may run again when an operator retries it; what is over may be erased.
final class StatusTable {
  private static final Map<RunStatus, Set<RunStatus>> NEXT =
      Map.of(
          RUNNING, EnumSet.of(WAITING, PAUSED, COMPENSATING, COMPLETED, FAILED, CANCELLED),
          WAITING, EnumSet.of(RUNNING, PAUSED, COMPENSATING, FAILED, CANCELLED),
          PAUSED, EnumSet.of(RUNNING, WAITING, COMPENSATING, COMPLETED, FAILED, CANCELLED),
          COMPENSATING, EnumSet.of(PAUSED, FAILED, CANCELLED),
          COMPLETED, EnumSet.of(ERASED),
          FAILED, EnumSet.of(RUNNING, ERASED),
          CANCELLED, EnumSet.of(ERASED),
          ERASED, EnumSet.noneOf(RunStatus.class));

  private StatusTable() {}

  static boolean isLegal(RunStatus from, RunStatus to) {
    return from == to || NEXT.getOrDefault(from, Set.of()).contains(to);
  }

  /// @throws IllegalStateException if the change is not in the table
  static void check(RunStatus from, RunStatus to) {
    if (!isLegal(from, to)) {
      throw new IllegalStateException("a run cannot go from " + from + " to " + to);
    }
  }
}
