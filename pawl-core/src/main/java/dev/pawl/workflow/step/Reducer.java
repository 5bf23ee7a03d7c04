package dev.pawl.workflow.step;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// How the changes that parallel branches made to one value are merged.
@FunctionalInterface
public interface Reducer<T> {
  /// What one branch did to the value.
  ///
  /// @param start what the branch started with
  /// @param end what it ended with
  record Change<T>(T start, T end) {}

  /// The merged value. Should be pure: it may run again after a crash.
  ///
  /// @param base the value at the fork
  /// @param changes one for each branch that changed the value, in branch order
  /// @throws IllegalArgumentException if the changes cannot be merged
  T apply(T base, List<Change<T>> changes);

  /// Appends each branch's new tail to the base.
  static <E> Reducer<List<E>> append() {
    return (base, changes) -> {
      var all = new ArrayList<>(base);
      for (var change : changes) {
        int kept = change.start().size();
        if (change.end().size() < kept || !change.end().subList(0, kept).equals(change.start())) {
          throw new IllegalArgumentException(
              "append: a branch changed what was there; it may only add to the end");
        }
        all.addAll(change.end().subList(kept, change.end().size()));
      }
      return List.copyOf(all);
    };
  }

  /// The base plus each branch's new elements.
  static <E> Reducer<Set<E>> union() {
    return (base, changes) -> {
      var all = new LinkedHashSet<>(base);
      changes.forEach(change -> all.addAll(change.end()));
      return Collections.unmodifiableSet(all);
    };
  }

  /// The base plus each branch's difference.
  ///
  /// @throws ArithmeticException when the sum overflows
  static Reducer<Integer> sum() {
    return (base, changes) -> {
      int sum = base;
      for (var change : changes) {
        sum = Math.addExact(sum, Math.subtractExact(change.end(), change.start()));
      }
      return sum;
    };
  }

  /// The base plus each branch's difference.
  ///
  /// @throws ArithmeticException when the sum overflows
  static Reducer<Long> sumOfLongs() {
    return (base, changes) -> {
      long sum = base;
      for (var change : changes) {
        sum = Math.addExact(sum, Math.subtractExact(change.end(), change.start()));
      }
      return sum;
    };
  }

  /// The base plus each branch's difference.
  static Reducer<BigDecimal> sumOfDecimals() {
    return (base, changes) -> {
      var sum = base;
      for (var change : changes) {
        sum = sum.add(change.end().subtract(change.start()));
      }
      return sum;
    };
  }

  /// The least of the base and the branches' values.
  static <C extends Comparable<? super C>> Reducer<C> min() {
    return (base, changes) -> {
      var least = base;
      for (var change : changes) {
        least = change.end().compareTo(least) < 0 ? change.end() : least;
      }
      return least;
    };
  }

  /// The greatest of the base and the branches' values.
  static <C extends Comparable<? super C>> Reducer<C> max() {
    return (base, changes) -> {
      var greatest = base;
      for (var change : changes) {
        greatest = change.end().compareTo(greatest) > 0 ? change.end() : greatest;
      }
      return greatest;
    };
  }

  /// The value of the last branch, in branch order, that changed it.
  static <T> Reducer<T> last() {
    return (base, changes) -> changes.isEmpty() ? base : changes.getLast().end();
  }
}
