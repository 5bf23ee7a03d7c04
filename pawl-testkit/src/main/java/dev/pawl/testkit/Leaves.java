package dev.pawl.testkit;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A value taken apart into what it is made of, as text by path (`lines[0].sku`): to compare
/// values, to show them, and to notice that one was changed. Immutable; values are equal as texts.
///
/// @param texts by path, in a stable order
record Leaves(Map<String, String> texts) {
  /// Copies the map, in its order.
  Leaves {
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }

  /// The leaves of a value. Records are taken apart by components, other classes outside of the JDK
  /// by fields, sets and maps in the order of their texts.
  static Leaves of(@Nullable Object value) {
    var taker = new Taker();
    taker.take("", value);
    return new Leaves(taker.texts);
  }

  /// A line for each leaf.
  List<String> lines() {
    var lines = new ArrayList<String>(texts.size());
    texts.forEach((path, text) -> lines.add(line(path, text)));
    return lines;
  }

  /// A line for each leaf that is another, or new, since `before`, and for each that is gone.
  List<String> linesSince(Leaves before) {
    var lines = new ArrayList<String>();
    texts.forEach((path, text) -> {
      if (!text.equals(before.texts.get(path))) {
        lines.add(line(path, text));
      }
    });
    before.texts.keySet().stream()
        .filter(path -> !texts.containsKey(path))
        .forEach(path -> lines.add(named(path) + " is gone"));
    return lines;
  }

  private static String line(String path, String text) {
    return path.isEmpty() ? "= " + text : path + " = " + text;
  }

  private static String named(String path) {
    return path.isEmpty() ? "the value" : path;
  }

  /// How this value differs from what it was: a line for each leaf that does.
  List<String> differences(Leaves was) {
    var lines = new ArrayList<String>();
    was.texts.forEach((path, text) -> {
      var now = texts.get(path);
      if (!text.equals(now)) {
        lines.add(named(path) + " was " + text + (now == null ? " and is gone" : ", is " + now));
      }
    });
    texts.forEach((path, text) -> {
      if (!was.texts.containsKey(path)) {
        lines.add(named(path) + " was not there, is " + text);
      }
    });
    return lines;
  }

  /// Takes one value apart.
  private static final class Taker {
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Set<Object> within = Collections.newSetFromMap(new IdentityHashMap<>());

    void take(String path, @Nullable Object value) {
      if (value == null) {
        texts.put(path, "null");
      } else if (!within.add(value)) {
        texts.put(path, "(itself)");
      } else {
        takeApart(path, value);
        within.remove(value);
      }
    }

    private void takeApart(String path, Object value) {
      switch (value) {
        case CharSequence text -> texts.put(path, escaped(text.toString()));
        case Optional<?> optional when optional.isPresent() -> take(path, optional.get());
        case Optional<?> empty -> texts.put(path, "empty");
        case Map<?, ?> map -> takeMap(path, map);
        case Set<?> set -> takeSet(path, set);
        case Collection<?> collection -> takeList(path, new ArrayList<>(collection));
        case Enum<?> constant -> texts.put(path, constant.name());
        case Record made -> takeRecord(path, made);
        default -> takeOther(path, value);
      }
    }

    private void takeList(String path, List<?> list) {
      if (list.isEmpty()) {
        texts.put(path, "[]");
      }
      for (int i = 0; i < list.size(); i++) {
        take(path + "[" + i + "]", list.get(i));
      }
    }

    private void takeSet(String path, Set<?> set) {
      var elements = set.stream().map(Taker::text).sorted().toList();
      if (elements.isEmpty()) {
        texts.put(path, "[]");
      }
      for (int i = 0; i < elements.size(); i++) {
        texts.put(path + "[" + i + "]", elements.get(i));
      }
    }

    private void takeMap(String path, Map<?, ?> map) {
      if (map.isEmpty()) {
        texts.put(path, "{}");
      }
      var sorted = new TreeMap<String, @Nullable Object>();
      map.forEach((key, value) -> sorted.put(text(key), value));
      sorted.forEach((key, value) -> take(path + "[" + key + "]", value));
    }

    /// A value as one text.
    private static String text(@Nullable Object value) {
      var texts = Leaves.of(value).texts;
      return texts.size() == 1 && texts.containsKey("") ? texts.get("") + "" : texts.toString();
    }

    private void takeRecord(String path, Record made) {
      var type = made.getClass();
      takeType(path, type);
      var components = type.getRecordComponents();
      if (components.length == 0) {
        texts.putIfAbsent(path, type.getSimpleName());
      }
      for (var component : components) {
        take(below(path, component.getName()), read(component.getAccessor(), made));
      }
    }

    /// Says which of several types this is, where there may be several.
    private void takeType(String path, Class<?> type) {
      if (Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed)) {
        texts.put(path, type.getSimpleName());
      }
    }

    private void takeOther(String path, Object value) {
      var type = value.getClass();
      if (type.isArray()) {
        var list = new ArrayList<@Nullable Object>();
        for (int i = 0; i < Array.getLength(value); i++) {
          list.add(Array.get(value, i));
        }
        takeList(path, list);
      } else if (type.getName().startsWith("java.")) {
        texts.put(path, escaped(value.toString()));
      } else {
        texts.put(path, type.getSimpleName());
        takeFields(path, value, type);
      }
    }

    private void takeFields(String path, Object value, @Nullable Class<?> type) {
      if (type == null || type.getName().startsWith("java.")) {
        return;
      }
      takeFields(path, value, type.getSuperclass());
      for (var field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          take(below(path, field.getName()), read(field, value));
        }
      }
    }

    private static @Nullable Object read(AccessibleObject member, Object owner) {
      try {
        member.setAccessible(true);
        return member instanceof java.lang.reflect.Method accessor
            ? accessor.invoke(owner)
            : ((java.lang.reflect.Field) member).get(owner);
      } catch (ReflectiveOperationException | RuntimeException e) {
        return "(unreadable: " + e + ")";
      }
    }

    private static String below(String path, String name) {
      return path.isEmpty() ? name : path + "." + name;
    }

    private static String escaped(String text) {
      return text.isEmpty()
          ? "\"\""
          : text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }
  }
}
