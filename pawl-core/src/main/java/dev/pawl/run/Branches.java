package dev.pawl.run;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The live branches of a run, by name. Immutable: a sorted array that is copied on change, because
/// most runs have one branch, and the widest map has as many as its width.
@SuppressWarnings("ReferenceEquality") // a branch that has not changed is the same object
public final class Branches implements Iterable<Branch> {
  private static final Branches NONE = new Branches(new Branch[0], 0, 0);
  private final Branch[] sorted;
  private final int draining;
  private final int working;

  private Branches(Branch[] sorted, int draining, int working) {
    this.sorted = sorted;
    this.draining = draining;
    this.working = working;
  }

  static Branches of(Branch only) {
    return new Branches(new Branch[] {only}, drains(only), works(only));
  }

  static Branches none() {
    return NONE;
  }

  /// The branch with this name.
  public @Nullable Branch get(String id) {
    int index = find(id);
    return index < 0 ? null : sorted[index];
  }

  /// How many there are.
  public int size() {
    return sorted.length;
  }

  Branches with(Branch branch) {
    int index = find(branch.id());
    if (index >= 0) {
      var copy = sorted.clone();
      copy[index] = branch;
      return new Branches(
          copy,
          draining - drains(sorted[index]) + drains(branch),
          working - works(sorted[index]) + works(branch));
    }
    int place = -index - 1;
    var copy = Arrays.copyOf(sorted, sorted.length + 1);
    System.arraycopy(sorted, place, copy, place + 1, sorted.length - place);
    copy[place] = branch;
    return new Branches(copy, draining + drains(branch), working + works(branch));
  }

  Branches without(Branch branch) {
    int index = find(branch.id());
    if (index < 0) {
      return this;
    }
    var gone = sorted[index];
    var copy = new Branch[sorted.length - 1];
    System.arraycopy(sorted, 0, copy, 0, index);
    System.arraycopy(sorted, index + 1, copy, index, copy.length - index);
    return new Branches(copy, draining - drains(gone), working - works(gone));
  }

  Branches without(Predicate<Branch> gone) {
    var kept = new Branch[sorted.length];
    int count = 0;
    int drain = 0;
    int work = 0;
    for (var branch : sorted) {
      if (!gone.test(branch)) {
        kept[count++] = branch;
        drain += drains(branch);
        work += works(branch);
      }
    }
    return count == sorted.length ? this : new Branches(Arrays.copyOf(kept, count), drain, work);
  }

  private static int drains(Branch branch) {
    return branch.phase() == Branch.Phase.DRAINING ? 1 : 0;
  }

  private static int works(Branch branch) {
    return switch (branch.phase()) {
      case READY, ACTIVE, BACKOFF, DRAINING -> 1;
      case WAITING, BLOCKED, ARRIVED -> 0;
    };
  }

  /// Whether one has something to do, and does not only wait.
  boolean work() {
    return working > 0;
  }

  /// How many are draining.
  int draining() {
    return draining;
  }

  /// Whether one is draining below `top`.
  boolean drainsBelow(Branch top) {
    return draining > 0
        && any(branch -> branch.phase() == Branch.Phase.DRAINING && branch.isBelow(top));
  }

  /// Whether there are branches below `top`; in the order of names they come right after it.
  boolean hasBelow(Branch top) {
    int next = find(top.id()) + 1;
    return next > 0 && next < sorted.length && sorted[next].isBelow(top);
  }

  boolean any(Predicate<Branch> test) {
    for (var branch : sorted) {
      if (test.test(branch)) {
        return true;
      }
    }
    return false;
  }

  /// Calls `visitor` for each branch that is not what it was in `before`, with that; null if it is
  /// new.
  void changes(Branches before, BiConsumer<@Nullable Branch, Branch> visitor) {
    var old = before.sorted;
    int common = Math.min(old.length, sorted.length);
    int first = 0;
    while (first < common && old[first] == sorted[first]) {
      first++;
    }
    int last = sorted.length;
    if (old.length == sorted.length) {
      while (last > first && old[last - 1] == sorted[last - 1]) {
        last--;
      }
    }
    compare(
        old,
        first,
        last,
        (then, branch) -> {
          if (then != branch) {
            visitor.accept(then, branch);
          }
        });
  }

  /// Calls `visitor` for each branch with what it was in `before`; null if it is new.
  void compare(Branches before, BiConsumer<@Nullable Branch, Branch> visitor) {
    compare(before.sorted, 0, sorted.length, visitor);
  }

  /// Compares branches from `first` to `last`; those before are the same.
  private void compare(
      Branch[] old, int first, int last, BiConsumer<@Nullable Branch, Branch> visitor) {
    int next = first;
    for (int i = first; i < last; i++) {
      var branch = sorted[i];
      if (next < old.length && old[next] == branch) {
        visitor.accept(old[next++], branch);
        continue;
      }
      while (next < old.length && old[next].id().compareTo(branch.id()) < 0) {
        next++;
      }
      boolean known = next < old.length && old[next].id().equals(branch.id());
      visitor.accept(known ? old[next++] : null, branch);
    }
  }

  private int find(String id) {
    if (sorted.length == 1 && sorted[0].id().equals(id)) {
      return 0;
    }
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = sorted[middle].id().compareTo(id);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  @Override
  public Iterator<Branch> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < sorted.length;
      }

      @Override
      public Branch next() {
        if (next == sorted.length) {
          throw new NoSuchElementException();
        }
        return sorted[next++];
      }
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Branches branches && Arrays.equals(sorted, branches.sorted);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sorted);
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }
}
