package dev.pawl.workflow.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The items of a map, and what they are called. They are not stored but made again from the state.
///
/// @param values the items
/// @param keys their keys; empty without a key function
public record Items(List<Object> values, Optional<List<String>> keys) {
  /// What a map makes of this state, in the order in which it gives its items.
  ///
  /// @throws IllegalArgumentException if two items have one key
  @SuppressWarnings("unchecked") // a map takes states of its own type
  public static Items of(Work.Each<?, ?, ?> each, Object state) {
    var work = (Work.Each<Object, Object, Object>) each;
    var values = new ArrayList<Object>(work.items().apply(state));
    if (work.key().isEmpty()) {
      return new Items(values, Optional.empty());
    }
    var keys = new ArrayList<String>(values.size());
    var places = new HashMap<String, Integer>();
    for (int i = 0; i < values.size(); i++) {
      var key = Objects.requireNonNull(work.key().get().apply(values.get(i)), "key of item " + i);
      var earlier = places.putIfAbsent(key, i);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "items " + earlier + " and " + i + " have the same key " + key);
      }
      keys.add(key);
    }
    return new Items(values, Optional.of(keys));
  }
}
