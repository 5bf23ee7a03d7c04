package dev.pawl.testkit.compat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads the shapes that engines remember in a store: a line for each node, with its name and the
/// type of its state first, parted by tabs.
final class Shapes {
  private Shapes() {}

  /// The names of the types of states, by node; empty if no shape is remembered.
  static Map<String, String> types(Optional<String> shape) {
    var types = new TreeMap<String, String>();
    shape.stream()
        .flatMap(String::lines)
        .map(line -> line.split("\t", 3))
        .filter(parts -> parts.length >= 2)
        .forEach(parts -> types.put(parts[0], parts[1]));
    return types;
  }
}
