package dev.pawl.run;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Finds the visits that a transition has ended, or taken farther, by what is not its own: what
/// they have begun elsewhere is not wanted any more, and what others have told them need not be
/// kept.
@SuppressWarnings("ReferenceEquality") // a branch that has not changed is the same object
final class Drops {
  private Drops() {}

  /// The branches as they were in visits that have ended before anything came of their work.
  static List<Branch> of(RunState before, RunState after, List<Fact> facts) {
    var dropped = new ArrayList<Branch>();
    compare(
        before,
        after,
        facts,
        (now, branch) -> {
          if (works(branch) && (after.goal() != null || now != branch && hasLeft(branch, now))) {
            dropped.add(branch);
          }
        });
    return dropped;
  }

  /// The rows of the outbox that were told to branches which go on.
  static List<Long> told(RunState before, RunState after, List<Fact> facts) {
    var told = new ArrayList<Long>();
    compare(
        before,
        after,
        facts,
        (now, branch) -> {
          if (branch.row() > 0
              && (now == null || now.row() == 0 || now.phase() == Phase.DRAINING)) {
            told.add(branch.row());
          }
        });
    return told;
  }

  /// Calls `visitor` for each branch that may have left a visit, with what it is now. Most
  /// transitions concern the branch of their fact alone, and looking at every branch takes time.
  private static void compare(
      RunState before,
      RunState after,
      List<Fact> facts,
      BiConsumer<@Nullable Branch, Branch> visitor) {
    if (before.goal() != null) {
      return;
    }
    if (after.goal() != null
        || after.branches().size() < before.branches().size()
        || after.branches().draining() > before.branches().draining()) {
      before.branches().compare(after.branches(), visitor);
      return;
    }
    var seen = facts.size() > 1 ? new HashSet<String>() : null;
    for (var fact : facts) {
      var branch = before.branches().get(fact.branch());
      if (branch != null && (seen == null || seen.add(branch.id()))) {
        visitor.accept(after.branches().get(branch.id()), branch);
      }
    }
  }

  private static boolean works(Branch branch) {
    return isIn(branch) && (branch.task() == Task.WORK || branch.task() == Task.LATE);
  }

  private static boolean hasLeft(Branch branch, @Nullable Branch now) {
    return now == null
        || now.visit() != branch.visit()
        || now.node() != branch.node()
        || !isIn(now);
  }

  /// Whether a branch is in its visit: one that has forked, or arrived at its join, is called after
  /// the visit that it has left, and one that drains has lost it.
  private static boolean isIn(Branch branch) {
    return switch (branch.phase()) {
      case READY, ACTIVE, BACKOFF, WAITING -> true;
      case BLOCKED, ARRIVED, DRAINING -> false;
    };
  }
}
