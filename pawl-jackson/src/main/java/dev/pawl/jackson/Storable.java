package dev.pawl.jackson;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Finds what of a type cannot be stored: values are records, enums, sealed types, JDK values, and
/// lists, sets, maps and optionals of these.
final class Storable {
  private static final Set<Class<?>> VALUES =
      Set.of(
          String.class,
          Boolean.class,
          Character.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          BigDecimal.class,
          BigInteger.class,
          UUID.class,
          URI.class,
          Locale.class,
          Currency.class,
          DayOfWeek.class);

  private final SealedTypes sealed;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private Storable(SealedTypes sealed) {
    this.sealed = sealed;
  }

  /// A line for each place in `type` that cannot be stored.
  static List<String> problems(Type type, SealedTypes sealed) {
    var storable = new Storable(sealed);
    storable.check(type, type.getTypeName(), Map.of());
    return List.copyOf(storable.problems);
  }

  private void check(Type type, String path, Map<String, Type> arguments) {
    switch (type) {
      case Class<?> raw -> check(raw, path, Map.of());
      case ParameterizedType parameterized -> check(parameterized, path, arguments);
      case TypeVariable<?> variable -> {
        var argument = arguments.get(variable.getName());
        if (argument == null) {
          problem(path, "its type " + variable + " is not known; name it with a TypeRef");
        } else {
          check(argument, path, Map.of());
        }
      }
      case WildcardType wildcard -> check(wildcard.getUpperBounds()[0], path, arguments);
      default -> problem(path, "arrays are not stored; use a List");
    }
  }

  private void check(ParameterizedType type, String path, Map<String, Type> arguments) {
    var raw = (Class<?>) type.getRawType();
    var actual = type.getActualTypeArguments();
    if (Collection.class.isAssignableFrom(raw) || raw == Optional.class) {
      check(actual[0], path + "[]", arguments);
    } else if (Map.class.isAssignableFrom(raw)) {
      check(actual[0], path + ".key", arguments);
      check(actual[1], path + "{}", arguments);
    } else {
      var bound = new HashMap<String, Type>();
      var variables = raw.getTypeParameters();
      for (int i = 0; i < variables.length; i++) {
        bound.put(
            variables[i].getName(),
            actual[i] instanceof TypeVariable<?> variable
                ? arguments.getOrDefault(variable.getName(), variable)
                : actual[i]);
      }
      check(raw, path, bound);
    }
  }

  private void check(Class<?> raw, String path, Map<String, Type> arguments) {
    if (raw.isPrimitive()
        || raw.isEnum()
        || VALUES.contains(raw)
        || Temporal.class.isAssignableFrom(raw)
        || TemporalAmount.class.isAssignableFrom(raw)
        || ZoneId.class.isAssignableFrom(raw)
        || !seen.add(raw.getName() + arguments)) {
      return;
    }
    if (raw.isArray()) {
      problem(path, "arrays are not stored; use a List");
    } else if (raw.isSealed()) {
      checkVariants(raw, path);
    } else if (raw.isRecord()) {
      for (var component : raw.getRecordComponents()) {
        check(component.getGenericType(), path + "." + component.getName(), arguments);
      }
    } else if (Collection.class.isAssignableFrom(raw) || Map.class.isAssignableFrom(raw)) {
      problem(path, "the types in a raw " + raw.getSimpleName() + " are not known");
    } else {
      problem(path, raw.getName() + " is no record, enum, sealed type or value of the JDK");
    }
  }

  private void checkVariants(Class<?> raw, String path) {
    var names = new HashMap<String, Class<?>>();
    for (var leaf : SealedTypes.leaves(raw)) {
      var other = names.put(sealed.name(leaf), leaf);
      if (other != null) {
        problem(
            path,
            other.getName() + " and " + leaf.getName() + " have the same name; give one an alias");
      }
      check(leaf, path + "(" + leaf.getSimpleName() + ")", Map.of());
    }
  }

  private void problem(String path, String reason) {
    problems.add(path + ": " + reason);
  }
}
