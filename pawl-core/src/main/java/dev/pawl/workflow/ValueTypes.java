package dev.pawl.workflow;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// Which types nobody can change an instance of: records, enums, sealed interfaces, primitives,
/// values of the JDK, and lists, sets, maps and optionals of these. Types may refer to themselves.
///
/// Lists, sets and maps are taken by their interfaces: that they are unmodifiable is up to the code
/// that makes them. A type argument is checked where it is given, not where its variable is used.
final class ValueTypes {
  static final String MEND =
      "use records, enums, sealed interfaces, values of the JDK, and List, Set and Map of these";

  private static final Set<Class<?>> JDK =
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
          Void.class,
          BigDecimal.class,
          BigInteger.class,
          UUID.class,
          URI.class,
          Locale.class,
          Currency.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class);
  private static final Set<Class<?>> CONTAINERS =
      Set.of(List.class, Set.class, Map.class, Optional.class);

  private final Set<Class<?>> seen = new HashSet<>();
  private final List<String> flaws = new ArrayList<>();

  private ValueTypes() {}

  /// What can be changed in a value of this type; empty for a value type.
  static List<String> flaws(Class<?> type) {
    var types = new ValueTypes();
    types.check("the state", type);
    return types.flaws;
  }

  /// @param where what has this type, for messages
  private void check(String where, Type type) {
    switch (type) {
      case Class<?> plain -> {
        if (plain.getTypeParameters().length > 0) {
          flaws.add(
              where + " is a " + plain.getSimpleName() + " of anything, which may be mutable");
        }
        checkClass(where, plain);
      }
      case ParameterizedType generic -> {
        Arrays.stream(generic.getActualTypeArguments())
            .forEach(argument -> check("what is in " + where, argument));
        checkClass(where, (Class<?>) generic.getRawType());
      }
      case WildcardType wildcard -> check(where, wildcard.getUpperBounds()[0]);
      case TypeVariable<?> variable -> {}
      default -> mutable(where, type);
    }
  }

  private void checkClass(String where, Class<?> type) {
    if (type.isPrimitive()
        || type.isEnum()
        || JDK.contains(type)
        || CONTAINERS.contains(type)
        || type.getPackageName().startsWith("java.time")
        || seen.contains(type)) {
      return;
    }
    if (type.isRecord()) {
      seen.add(type);
      for (var component : type.getRecordComponents()) {
        check(type.getSimpleName() + "." + component.getName(), component.getGenericType());
      }
    } else if (type.isSealed() && type.isInterface()) {
      seen.add(type);
      for (var variant : type.getPermittedSubclasses()) {
        checkClass("the variant " + variant.getSimpleName(), variant);
      }
    } else {
      mutable(where, type);
    }
  }

  private void mutable(String where, Type type) {
    flaws.add(where + " is of the mutable type " + type.getTypeName());
  }
}
