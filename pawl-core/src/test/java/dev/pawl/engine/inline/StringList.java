package dev.pawl.engine.inline;

import dev.pawl.workflow.step.Field;
import java.util.List;
import java.util.stream.Stream;

/// A state that steps leave their names in.
record StringList(List<String> items) {
  static final StringList EMPTY = new StringList(List.of());
  static final Field<StringList, List<String>> ITEMS = Field.of(StringList::items);

  StringList {
    items = List.copyOf(items);
  }

  StringList plus(String item) {
    return new StringList(Stream.concat(items.stream(), Stream.of(item)).toList());
  }
}
