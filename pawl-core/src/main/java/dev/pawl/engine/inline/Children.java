package dev.pawl.engine.inline;

import org.jspecify.annotations.Nullable;

/// The children that one visit waits for: branches of a fork or parallel, items of a map, a called
/// workflow. They run one after another on the thread that waits, or on those of a [Crew].
final class Children {
  private final String name;
  private final int total;
  private final int needed;
  private final int tolerated;
  private final Child child;
  private final @Nullable Object[] results;

  /// Runs a child.
  interface Child {
    /// Runs the child with this index to its end.
    ///
    /// @param crew what can stop it; null if it runs on the thread of its parent
    /// @return its state there
    Object run(int index, @Nullable Crew crew) throws GaveUp, InterruptedException;
  }

  /// Of `total` children `needed` have to succeed, and then the others need not end; more than
  /// `tolerated` must not fail.
  ///
  /// @param name the node that waits
  Children(String name, int total, int needed, int tolerated, Child child) {
    this.name = name;
    this.total = total;
    this.needed = needed;
    this.tolerated = tolerated;
    this.child = child;
    this.results = new Object[total];
  }

  /// Runs the children in order on this thread, until enough have succeeded.
  ///
  /// @throws Lost if too few can succeed
  void runHere() throws Lost, InterruptedException {
    int done = 0;
    int failed = 0;
    for (int i = 0; i < total && done < needed; i++) {
      try {
        results[i] = child.run(i, null);
        done++;
      } catch (GaveUp e) {
        results[i] = e;
        failed++;
        if (isLost(failed, e)) {
          throw new Lost(e);
        }
      }
    }
  }

  /// Runs the children on virtual threads, started in order and at most `width` at once, until
  /// enough have succeeded. When this returns or throws, none of them runs any more.
  ///
  /// @param visit the visit that waits
  /// @throws Lost if too few can succeed
  /// @throws Visit.Late if the visit's time ends before
  void runOnThreads(Visit visit, int width) throws Lost, Visit.Late, InterruptedException {
    new Crew(this, visit.turns()).run(visit, Math.min(width, total));
  }

  String name() {
    return name;
  }

  int total() {
    return total;
  }

  int needed() {
    return needed;
  }

  /// Whether it is lost by this failure, which is failure number `failed`.
  boolean isLost(int failed, GaveUp failure) {
    return failed > tolerated || failure.endsRun();
  }

  /// Runs a child for a crew.
  Object run(int index, Crew crew) throws GaveUp, InterruptedException {
    return child.run(index, crew);
  }

  /// Keeps what a child came to. Each index is written by one thread, and read when all have ended.
  void keep(int index, Object result) {
    results[index] = result;
  }

  /// What child number `index` came to: its state, a [GaveUp], or null if it is not needed.
  @Nullable Object result(int index) {
    return results[index];
  }

  /// Too few children can succeed.
  static final class Lost extends Exception {
    private static final long serialVersionUID = 1;
    private final GaveUp child;

    Lost(GaveUp child) {
      super(null, child, false, false);
      this.child = child;
    }

    /// What made it so.
    GaveUp child() {
      return child;
    }
  }
}
