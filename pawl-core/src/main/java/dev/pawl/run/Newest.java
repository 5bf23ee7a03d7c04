package dev.pawl.run;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Which entries of a history decide where its run stands: those of each branch from the newest on
/// by which it left a node, unless a branch above it has left its own since. What lies before may
/// name nodes that a definition has lost meanwhile.
public final class Newest {
  private Newest() {}

  /// The entries that decide, in order.
  ///
  /// @param history entries from the floor on, in order
  /// @param branch the branch of an entry
  /// @param leaves whether the branch leaves a node by it, and its children with it
  public static <T> List<T> of(
      List<T> history, Function<? super T, String> branch, Predicate<? super T> leaves) {
    var gone = new HashSet<String>();
    var newest = new ArrayDeque<T>();
    for (var entry : history.reversed()) {
      if (!isBelow(gone, branch.apply(entry))) {
        newest.addFirst(entry);
      }
      if (leaves.test(entry)) {
        gone.add(branch.apply(entry));
      }
    }
    return List.copyOf(newest);
  }

  private static boolean isBelow(Set<String> gone, String branch) {
    var at = branch;
    while (!gone.contains(at)) {
      if (at.isEmpty()) {
        return false;
      }
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return true;
  }
}
