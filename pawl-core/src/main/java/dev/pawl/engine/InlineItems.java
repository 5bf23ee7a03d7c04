package dev.pawl.engine;

import dev.pawl.run.Failure;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Results;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// The items of one visit of a map.
///
/// @param values the items
/// @param keys their keys; empty if the map names none
record InlineItems<I>(List<I> values, List<String> keys) {
  /// The items of a map in this state.
  ///
  /// @throws IllegalArgumentException if two of them have the same key
  static <I> InlineItems<I> of(Work.Each<Object, I, ?> each, Object state) {
    var values = List.copyOf(each.items().apply(state));
    return new InlineItems<>(values, each.key().map(key -> keys(values, key)).orElse(List.of()));
  }

  private static <I> List<String> keys(List<I> values, Function<? super I, String> key) {
    var keys = new ArrayList<String>(values.size());
    var places = new HashMap<String, Integer>();
    for (var value : values) {
      var made = Objects.requireNonNull(key.apply(value), "an item's key is null");
      var before = places.put(made, keys.size());
      if (before != null) {
        throw new IllegalArgumentException(
            "items " + before + " and " + keys.size() + " have the same key, " + made);
      }
      keys.add(made);
    }
    return keys;
  }

  int size() {
    return values.size();
  }

  /// What names an item among the branches of the run.
  String segment(int index) {
    return keys.isEmpty() ? Integer.toString(index) : keys.get(index);
  }

  /// What came of the items.
  <R> Results<I, R> results(InlineBlock block) {
    var results = new ArrayList<Results.Item<I, R>>(size());
    for (int i = 0; i < size(); i++) {
      results.add(result(values.get(i), Objects.requireNonNull(block.result(i))));
    }
    return new InlineResults<>(results);
  }

  @SuppressWarnings("unchecked") // the workflow of the items ends with results of this type
  private static <I, R> Results.Item<I, R> result(I item, Object result) {
    return result instanceof GaveUp failure
        ? new Results.Failed<>(item, Failure.describe(failure.error()), failure.attempts())
        : new Results.Done<>(item, (R) result);
  }
}
