package dev.pawl.behaviour;

import java.util.ArrayList;
import java.util.List;

/// A state that remembers what happened to it.
record Trail(int count, List<String> marks) {
  static final Trail EMPTY = new Trail(0, List.of());

  Trail mark(String mark) {
    var all = new ArrayList<>(marks);
    all.add(mark);
    return new Trail(count, List.copyOf(all));
  }

  Trail plus(int more) {
    return new Trail(count + more, marks);
  }
}
