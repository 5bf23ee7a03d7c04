package dev.pawl.testkit.workload;

import java.util.ArrayList;
import java.util.List;

/// Decisions for something that is run again and again, until it has been run with every
/// combination of them. The first time each of them is 0.
final class Choices {
  private final List<Integer> picked = new ArrayList<>();
  private final List<Integer> options = new ArrayList<>();
  private int next;

  /// The next decision of this time.
  ///
  /// @param count how many options it has
  int pick(int count) {
    if (next == picked.size()) {
      picked.add(0);
      options.add(count);
    }
    return picked.get(next++);
  }

  /// Goes on to the next combination.
  ///
  /// @return whether there is one
  boolean advance() {
    next = 0;
    while (!picked.isEmpty() && picked.getLast() + 1 == options.getLast()) {
      picked.removeLast();
      options.removeLast();
    }
    if (picked.isEmpty()) {
      return false;
    }
    picked.set(picked.size() - 1, picked.getLast() + 1);
    return true;
  }
}
