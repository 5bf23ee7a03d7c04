package dev.pawl.engine;

import dev.pawl.workflow.step.Results;
import java.util.Iterator;
import java.util.List;

/// The results of a map's items, all of them in memory.
///
/// @param items one for each item, in item order
record InlineResults<I, R>(List<Results.Item<I, R>> items) implements Results<I, R> {
  /// Copies the list.
  InlineResults {
    items = List.copyOf(items);
  }

  @Override
  public int done() {
    return values().size();
  }

  @Override
  public int failed() {
    return items.size() - done();
  }

  @Override
  public List<R> values() {
    return items.stream()
        .filter(item -> item instanceof Done)
        .map(item -> ((Done<I, R>) item).value())
        .toList();
  }

  @Override
  public List<Failed<I, R>> failures() {
    return items.stream()
        .filter(item -> item instanceof Failed)
        .map(item -> (Failed<I, R>) item)
        .toList();
  }

  @Override
  public Iterator<Item<I, R>> iterator() {
    return items.iterator();
  }
}
