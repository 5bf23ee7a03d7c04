package dev.pawl.testkit.compat;

import dev.pawl.store.HistoryRow;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Where the branches of a run stand, by its history alone. A branch that waits for others also
/// needs the nodes where it goes on with them: the join, and those whose results it folds.
///
/// A run without rows stands at the start, whatever that is called.
final class Standing {
  /// In the order of their names, so that those below a branch are a range.
  private final TreeMap<String, Branch> branches = new TreeMap<>();

  private static final class Branch {
    private final Set<String> nodes = new HashSet<>();
    private String join = "";
  }

  void add(HistoryRow row) {
    switch (row.kind()) {
      case LEFT -> left(row);
      case MERGED -> {
        dropBelow(row.branch());
        enter(row.branch(), row.node());
      }
      case OPENED, RETRY, AGAIN, RECEIVED, STAYED -> branch(row.branch()).nodes.add(row.node());
      case GAVE_UP -> {
        dropBelow(row.branch());
        branches.remove(row.branch());
      }
      case PAUSED, RESUMED, CANCELLED, ABANDONED, SPENT, EXPIRED, FINISHED, UNDONE, DROPPED -> {
        // Nobody moves.
      }
    }
  }

  private void left(HistoryRow row) {
    dropBelow(row.branch());
    var next = row.next().split("\\|", -1);
    if (next.length > 1) {
      fork(row, next);
    } else if (row.next().isEmpty() || row.next().equals(joinAbove(row.branch()))) {
      arrive(row);
    } else {
      enter(row.branch(), row.next());
    }
  }

  private void fork(HistoryRow row, String[] next) {
    enter(row.branch(), row.node());
    var parent = branch(row.branch());
    parent.join = next[0];
    parent.nodes.add(next[0]);
    for (int child = 1; child < next.length; child++) {
      enter(row.branch() + "/" + row.visit() + "." + (child - 1), next[child]);
    }
  }

  /// A child that has ended leaves its result to its parent, which folds it as what its last node
  /// makes.
  private void arrive(HistoryRow row) {
    branches.remove(row.branch());
    if (!row.branch().isEmpty() && row.next().isEmpty()) {
      branch(parent(row.branch())).nodes.add(row.node());
    }
  }

  private String joinAbove(String branch) {
    var above = branch.isEmpty() ? null : branches.get(parent(branch));
    return above == null ? "" : above.join;
  }

  private static String parent(String branch) {
    return branch.substring(0, branch.lastIndexOf('/'));
  }

  private void enter(String branch, String node) {
    var entered = new Branch();
    entered.nodes.add(node);
    branches.put(branch, entered);
  }

  private Branch branch(String name) {
    return branches.computeIfAbsent(name, absent -> new Branch());
  }

  private void dropBelow(String branch) {
    // '0' follows '/' in ASCII.
    branches.subMap(branch + "/", branch + "0").clear();
  }

  /// The nodes that the run needs, in order of their names.
  Set<String> nodes() {
    var nodes = new TreeSet<String>();
    branches.values().forEach(branch -> nodes.addAll(branch.nodes));
    return nodes;
  }
}
