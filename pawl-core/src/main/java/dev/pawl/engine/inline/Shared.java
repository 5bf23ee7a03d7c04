package dev.pawl.engine.inline;

import dev.pawl.engine.turns.Turns;
import dev.pawl.workflow.RunId;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the branches of an inline run share. Made when the run first forks or asks for its id.
/// Thread-safe.
final class Shared {
  /// Visits a run, without those of items; and visits an item.
  static final int STEPS = 100_000;

  private static final int BRANCHES = 100_000;
  private final Turns turns;
  private final AtomicInteger branches = new AtomicInteger(1);
  private final AtomicReference<@Nullable RunId> id = new AtomicReference<>();

  /// Visits of the root, and of the branches that are no items.
  final AtomicInteger steps = new AtomicInteger();

  Shared(Turns turns) {
    this.turns = turns;
  }

  RunId id() {
    var known = id.get();
    if (known != null) {
      return known;
    }
    var random = turns.random();
    var made = RunId.of(turns.now().toEpochMilli(), random.nextInt(1 << 12), random.nextLong());
    return id.compareAndSet(null, made) ? made : id();
  }

  /// Counts branches that are about to start at `node`.
  ///
  /// @throws GaveUp if the run has used up its branches
  void startBranches(int count, Node node) throws GaveUp {
    if (count > BRANCHES - branches.get() || branches.addAndGet(count) > BRANCHES) {
      throw spent(node, "branches", BRANCHES);
    }
  }

  static GaveUp spent(Node node, String limit, int value) {
    return new GaveUp(
        node.name,
        1,
        new IllegalStateException("the run has spent its limit of " + limit + " " + value),
        GaveUp.Reach.RUN);
  }
}
