package dev.pawl.engine.inline;

import dev.pawl.run.Failure;
import dev.pawl.workflow.model.Items;
import dev.pawl.workflow.step.Results;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/// The results of a map's items, all of them in memory.
///
/// @param items one for each item, in item order
record ItemResults<I, R>(List<Results.Item<I, R>> items) implements Results<I, R> {
  /// What came of items.
  static <I, R> ItemResults<I, R> of(Items items, Children children) {
    int size = items.values().size();
    var results = new ArrayList<Item<I, R>>(size);
    for (int i = 0; i < size; i++) {
      results.add(item(items.values().get(i), Objects.requireNonNull(children.result(i))));
    }
    return new ItemResults<>(results);
  }

  @SuppressWarnings("unchecked") // the map has items, and its workflow results, of these types
  private static <I, R> Item<I, R> item(Object input, Object result) {
    return result instanceof GaveUp failure
        ? new Failed<>((I) input, Failure.describe(failure.error()), failure.attempts())
        : new Done<>((I) input, (R) result);
  }

  @Override
  public int done() {
    return values().size();
  }

  @Override
  public int failed() {
    return failures().size();
  }

  @Override
  public List<R> values() {
    var values = new ArrayList<R>(items.size());
    for (var item : items) {
      if (item instanceof Done<I, R> done) {
        values.add(done.value());
      }
    }
    return List.copyOf(values);
  }

  @Override
  public List<Failed<I, R>> failures() {
    var failures = new ArrayList<Failed<I, R>>();
    for (var item : items) {
      if (item instanceof Failed<I, R> failed) {
        failures.add(failed);
      }
    }
    return List.copyOf(failures);
  }

  @Override
  public Iterator<Item<I, R>> iterator() {
    return items.iterator();
  }
}
