package dev.pawl.testkit.workload;

import dev.pawl.workflow.step.Results;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/// The results of a map, in a list.
record ListedResults<I, R>(List<Results.Item<I, R>> items) implements Results<I, R> {
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
    return items.stream()
        .flatMap(item -> item instanceof Done<I, R>(var in, var value) ? Stream.of(value) : null)
        .toList();
  }

  @Override
  public List<Failed<I, R>> failures() {
    return items.stream()
        .flatMap(item -> item instanceof Failed<I, R> failed ? Stream.of(failed) : null)
        .toList();
  }

  @Override
  public Iterator<Item<I, R>> iterator() {
    return items.iterator();
  }
}
