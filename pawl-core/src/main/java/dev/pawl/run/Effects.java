package dev.pawl.run;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import dev.pawl.workflow.step.Policy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be done because a run is now as it is and was as it was. An effect is a hint that may
/// come twice: whoever performs it asks the run first.
@SuppressWarnings("ReferenceEquality") // a branch that has not changed is the same object
final class Effects {
  private Effects() {}

  static List<Effect> between(Plan plan, RunState before, RunState after) {
    if (after.end() >= 0) {
      return List.of();
    }
    var effects = new ArrayList<Effect>(2);
    boolean freed =
        before.paused() != null && after.paused() == null || before.draining() && !after.draining();
    after
        .branches()
        .compare(
            before.branches(),
            (old, branch) -> {
              if (branch != old || freed) {
                of(plan, after, old, branch, effects);
              }
            });
    return effects;
  }

  private static void of(
      Plan plan, RunState run, @Nullable Branch old, Branch branch, List<Effect> effects) {
    if (old != null && old.phase() == Phase.ACTIVE && isStopped(branch)) {
      effects.add(new Effect.Interrupt(branch.id()));
    }
    if (run.runnable(branch)) {
      effects.add(new Effect.Begin(branch.id()));
    }
    var due = branch.due();
    if (due != null && branch != old) {
      effects.add(new Effect.Wake(branch.id(), branch.visit(), branch.attempt(), due));
    }
    if ((old == null || old.visit() != branch.visit()) && isLimited(plan, branch)) {
      effects.add(
          new Effect.Deadline(
              branch.id(),
              branch.visit(),
              branch.entered().plus(plan.policy(branch.node()).perVisit())));
    }
  }

  private static boolean isStopped(Branch branch) {
    return branch.phase() == Phase.DRAINING
        || (branch.phase() == Phase.READY && branch.task() == Task.LATE);
  }

  private static boolean isLimited(Plan plan, Branch branch) {
    return plan.policy(branch.node()).perVisit().compareTo(Policy.DEFAULT.perVisit()) < 0;
  }
}
