package dev.pawl.run;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be done because a run is now as it is and was as it was. An effect is a hint that may
/// come twice: whoever performs it asks the run first.
@SuppressWarnings("ReferenceEquality") // a branch that has not changed is the same object
final class Effects {
  private Effects() {}

  static List<Effect> between(Plan plan, RunState before, RunState after) {
    var effects = new ArrayList<Effect>(2);
    after
        .branches()
        .changes(before.branches(), (old, branch) -> of(plan, after, old, branch, effects));
    if (mayHaveFreed(before, after)) {
      freed(before, after, effects);
    }
    return effects;
  }

  /// Whether a branch may be runnable now that has not changed itself.
  private static boolean mayHaveFreed(RunState before, RunState after) {
    return before.paused() != null && after.paused() == null
        || before.branches().draining() > after.branches().draining();
  }

  private static void freed(RunState before, RunState after, List<Effect> effects) {
    after
        .branches()
        .compare(
            before.branches(),
            (old, branch) -> {
              if (branch == old && after.runnable(branch) && !before.runnable(branch)) {
                effects.add(new Effect.Begin(branch.id()));
              }
            });
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
    if (due != null) {
      effects.add(new Effect.Wake(branch.id(), branch.visit(), branch.attempt(), due));
    }
    boolean counts = old == null || old.visit() != branch.visit() || hasStayed(old, branch);
    if (counts && plan.limitsVisits(branch.node())) {
      effects.add(new Effect.Deadline(branch.id(), branch.visit(), plan.deadline(branch)));
    }
  }

  /// Whether a branch has handled a signal and stays: its visit may have taken too long meanwhile.
  private static boolean hasStayed(Branch old, Branch branch) {
    return old.task() == Task.SIGNAL && branch.task() == Task.WORK;
  }

  private static boolean isStopped(Branch branch) {
    return branch.phase() == Phase.DRAINING
        || (branch.phase() == Phase.READY && branch.task() == Task.LATE);
  }
}
