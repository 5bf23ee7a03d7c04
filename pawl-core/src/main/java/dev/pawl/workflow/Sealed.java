package dev.pawl.workflow;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// The variants of a sealed type.
final class Sealed {
  private Sealed() {}

  /// The types that a sealed type permits and that are not sealed themselves, at any depth, in the
  /// order of their declaration; the type itself if it is not sealed.
  static List<Class<?>> leaves(Class<?> type) {
    var leaves = new LinkedHashSet<Class<?>>();
    collect(type, leaves);
    return List.copyOf(leaves);
  }

  private static void collect(Class<?> type, SequencedSet<Class<?>> leaves) {
    if (!type.isSealed()) {
      leaves.add(type);
      return;
    }
    for (var permitted : type.getPermittedSubclasses()) {
      collect(permitted, leaves);
    }
  }
}
