package dev.pawl.engine;

import dev.pawl.workflow.PawlException;
import dev.pawl.workflow.Workflow;
import java.time.Duration;

/// An attempt or a visit took longer than its policy allows, or a run longer than its workflow.
public final class TimedOut extends PawlException {
  private static final long serialVersionUID = 1;

  TimedOut(String node, int attempt, Duration limit) {
    super("attempt " + attempt + " of " + node + " took longer than " + limit);
  }

  TimedOut(Workflow<?> workflow, Duration limit) {
    super("the run of workflow " + workflow.name() + " lasted longer than " + limit);
  }

  TimedOut(String node, Duration limit) {
    super("the visit of " + node + " took longer than " + limit);
  }
}
