package dev.pawl.testkit.simulation;

import dev.pawl.store.HistoryRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a whole history must look like: each visit ends once, visits of a branch follow each other,
/// and a branch whose parent has gone on does nothing more.
final class Visits {
  private final String run;
  private final List<HistoryRow> history;
  private final Map<String, Integer> newest = new HashMap<>();
  private final Set<String> forked = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Set<Long> undoable = new HashSet<>();
  private final Map<String, Long> undone = new HashMap<>();

  Visits(String run, List<HistoryRow> history) {
    this.run = run;
    this.history = history;
  }

  void check() {
    for (var row : history) {
      switch (row.kind()) {
        case LEFT, GAVE_UP -> {
          end(row);
          undone.remove(row.branch());
          undoable.add(row.seq());
        }
        case FINISHED -> undoable.add(row.seq());
        case UNDONE -> undo(row);
        case RETRY, AGAIN -> {
          if (!row.port().startsWith("undo ")) {
            checkNotEnded(row);
          }
        }
        case OPENED, MERGED, RECEIVED, STAYED -> checkNotEnded(row);
        case CANCELLED, ABANDONED, SPENT, EXPIRED -> undone.clear(); // from here on, all of it
        case PAUSED, RESUMED, DROPPED -> {
          // of the run, not of a visit
        }
      }
    }
  }

  /// Visits are undone once, and the latest of those that are undone together first.
  private void undo(HistoryRow row) {
    long seq = Long.parseLong(row.port());
    var before = undone.put(row.branch(), seq);
    if (!undoable.remove(seq) || before != null && before < seq) {
      throw new Violation("compensation", "run " + run + " undoes, after " + before + ", " + row);
    }
  }

  private void end(HistoryRow row) {
    checkNotEnded(row);
    int before = newest.getOrDefault(row.branch(), 0);
    boolean afterFork = row.visit() == before && forked.contains(visit(row.branch(), before));
    if (row.visit() != before + 1 && !afterFork) {
      throw new Violation(
          "visits", "run " + run + " ends visit " + row.visit() + " after " + before + ": " + row);
    }
    ended.add(visit(row.branch(), row.visit() - 1));
    // A fork ends with its children: by the visit of its join, or by an error.
    boolean forks = row.next().indexOf('|') >= 0;
    (forks ? forked : ended).add(visit(row.branch(), row.visit()));
    newest.put(row.branch(), row.visit());
  }

  private void checkNotEnded(HistoryRow row) {
    if (ended.contains(visit(row.branch(), row.visit()))) {
      throw new Violation("visits", "run " + run + " goes on with a visit that is over: " + row);
    }
    // The children of visit n of `a` are `a/n.0`, `a/n.1` and so on; those of a fork end before
    // their parent ends visit n + 1, all others before it ends visit n.
    for (var branch = row.branch(); !branch.isEmpty(); ) {
      int slash = branch.lastIndexOf('/');
      var parent = branch.substring(0, slash);
      int visit = Integer.parseInt(branch.substring(slash + 1, branch.lastIndexOf('.')));
      if (newest.getOrDefault(parent, 0) > visit) {
        throw new Violation(
            "visits", "run " + run + " goes on with a branch whose parent has: " + row);
      }
      branch = parent;
    }
  }

  private static String visit(String branch, int visit) {
    return branch + '#' + visit;
  }
}
