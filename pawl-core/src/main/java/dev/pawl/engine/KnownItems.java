package dev.pawl.engine;

import dev.pawl.run.Branch;
import dev.pawl.run.RunState;
import dev.pawl.workflow.model.Items;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The items of the maps that a run in memory is in. Guarded by the run's lock.
final class KnownItems {
  private final Map<Visit, Items> items = new HashMap<>();

  private record Visit(String branch, int number) {
    static Visit of(Branch branch) {
      return new Visit(branch.id(), branch.visit());
    }
  }

  /// Those of the map that a branch is in; null if they are not known.
  @Nullable Items get(Branch parent) {
    return items.get(Visit.of(parent));
  }

  void put(Branch parent, Items made) {
    items.put(Visit.of(parent), made);
  }

  /// Forgets those of visits that are over.
  void retain(RunState run) {
    if (!items.isEmpty()) {
      items.keySet().removeIf(visit -> !isIn(run, visit));
    }
  }

  private static boolean isIn(RunState run, Visit visit) {
    var branch = run.branches().get(visit.branch);
    return branch != null && branch.visit() == visit.number;
  }
}
