package dev.pawl.workflow.step;

import java.util.List;

/// The results of a map's items, in item order, read lazily from the store. Nothing of it enters
/// the state unless the fold puts it there. Usable only during the fold, by its thread; iterating
/// again reads again.
public interface Results<I, R> extends Iterable<Results.Item<I, R>> {
  /// How one item ended.
  sealed interface Item<I, R> {
    /// The item as the map was given it.
    I input();
  }

  /// An item that has a result.
  ///
  /// @param input the item
  /// @param value its result
  record Done<I, R>(I input, R value) implements Item<I, R> {}

  /// An item that gave up, within what the map tolerates.
  ///
  /// @param input the item
  /// @param error type and message of its last error
  /// @param attempts how often its last step was tried
  record Failed<I, R>(I input, String error, int attempts) implements Item<I, R> {}

  /// How many items have a result.
  int done();

  /// How many items gave up.
  int failed();

  /// All results in item order, as a new unmodifiable list.
  List<R> values();

  /// All failures in item order, as a new unmodifiable list.
  List<Failed<I, R>> failures();
}
