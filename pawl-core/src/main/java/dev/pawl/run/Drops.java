package dev.pawl.run;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the visits that a transition has ended before anything came of their work: what they have
/// begun elsewhere is not wanted any more.
@SuppressWarnings("ReferenceEquality") // a branch that has not changed is the same object
final class Drops {
  private Drops() {}

  /// The branches as they were in those visits.
  static List<Branch> of(RunState before, RunState after, List<Fact> facts) {
    if (before.goal() != null || !mayDrop(before, after, facts)) {
      return List.of();
    }
    var dropped = new ArrayList<Branch>();
    before
        .branches()
        .compare(
            after.branches(),
            (now, branch) -> {
              if (works(branch)
                  && (after.goal() != null || now != branch && hasLeft(branch, now))) {
                dropped.add(branch);
              }
            });
    return dropped;
  }

  /// Most transitions drop nothing, and looking at every branch takes time.
  private static boolean mayDrop(RunState before, RunState after, List<Fact> facts) {
    if (after.goal() != null
        || after.branches().size() < before.branches().size()
        || after.branches().draining() > before.branches().draining()) {
      return true;
    }
    for (var fact : facts) {
      var branch = before.branches().get(fact.branch());
      if (branch != null && works(branch)) {
        return true;
      }
    }
    return false;
  }

  private static boolean works(Branch branch) {
    return branch.task() == Task.WORK || branch.task() == Task.LATE;
  }

  private static boolean hasLeft(Branch branch, @Nullable Branch now) {
    return now == null
        || now.visit() != branch.visit()
        || now.node() != branch.node()
        || now.phase() == Phase.DRAINING;
  }
}
