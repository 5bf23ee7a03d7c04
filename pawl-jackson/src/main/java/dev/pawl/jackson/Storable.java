package dev.pawl.jackson;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;

/// Finds what of a type cannot be stored and come back equal and unchangeable: values are records,
/// enums, sealed types, values of the JDK, and lists, sets, maps and optionals of these.
final class Storable {
  private static final Set<Class<?>> SCALARS =
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
          Instant.class,
          Duration.class,
          Period.class,
          Year.class,
          YearMonth.class,
          MonthDay.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OffsetTime.class,
          OffsetDateTime.class,
          ZonedDateTime.class,
          ZoneId.class,
          ZoneOffset.class);
  private static final Set<Class<?>> OPTIONALS =
      Set.of(OptionalInt.class, OptionalLong.class, OptionalDouble.class);

  private final ObjectMapper mapper;
  private final SealedTypes sealed;
  private final List<String> problems = new ArrayList<>();
  private final Set<JavaType> seen = new HashSet<>();
  private final Map<JavaType, String> records = new LinkedHashMap<>();

  private Storable(ObjectMapper mapper, SealedTypes sealed) {
    this.mapper = mapper;
    this.sealed = sealed;
  }

  /// A line for each place in `type` that cannot be stored.
  static List<String> problems(JavaType type, ObjectMapper mapper, SealedTypes sealed) {
    var storable = new Storable(mapper, sealed);
    storable.check(type, type.getRawClass().getTypeName());
    if (storable.problems.isEmpty()) {
      // Jackson's view of a type can be had only where the types in it are sound.
      storable.records.forEach(storable::checkMapping);
    }
    return List.copyOf(storable.problems);
  }

  /// Whether it is stored as one string, number or truth value, and so can be the key of a map.
  static boolean isScalar(Class<?> type) {
    return type.isPrimitive() || type.isEnum() || SCALARS.contains(type);
  }

  private void check(JavaType type, String path) {
    var raw = type.getRawClass();
    if (isScalar(raw) || OPTIONALS.contains(raw)) {
      return;
    }
    if (raw == List.class || raw == Set.class) {
      check(type.getContentType(), path + "[]");
    } else if (raw == Map.class) {
      checkKey(type.getKeyType(), path + ".key");
      check(type.getContentType(), path + "{}");
    } else if (raw == Optional.class) {
      checkOptional(type.getReferencedType(), path);
    } else if (raw.isArray()) {
      problem(path, "an array can be changed; use a List");
    } else if (Collection.class.isAssignableFrom(raw)) {
      problem(path, "a " + raw.getSimpleName() + " does not come back as one; use a List or a Set");
    } else if (Map.class.isAssignableFrom(raw)) {
      problem(path, "a " + raw.getSimpleName() + " does not come back as one; use a Map");
    } else if (raw == Object.class) {
      problem(path, "its type is not known; name its type arguments, by a TypeRef at the outside");
    } else if (seen.add(type)) {
      checkOwn(type, raw, path);
    }
  }

  private void checkKey(JavaType type, String path) {
    if (type.getRawClass() == Locale.class) {
      problem(path, "a Locale loses its script as a key; use its language tag, a String");
    } else if (!isScalar(type.getRawClass())) {
      problem(
          path,
          type.getRawClass().getTypeName()
              + " is stored as more than a string; key the map by a string, a number, an enum or"
              + " another simple value, or use a List of entries");
    }
  }

  private void checkOptional(JavaType content, String path) {
    if (content.getRawClass() == Optional.class || OPTIONALS.contains(content.getRawClass())) {
      problem(path, "an empty Optional in an Optional is stored as none; use one Optional");
    } else {
      check(content, path + "[]");
    }
  }

  private void checkOwn(JavaType type, Class<?> raw, String path) {
    if (SealedTypes.isSealed(raw)) {
      checkVariants(type, path);
    } else if (!raw.isRecord()) {
      problem(
          path,
          raw.getTypeName()
              + " is no record, enum, sealed type or value of the JDK that is stored; use one");
    } else if (!isAccessible(raw)) {
      problem(
          path, "module " + raw.getModule().getName() + " does not let it be made; " + mend(raw));
    } else {
      records.put(type, path);
      for (var component : raw.getRecordComponents()) {
        var resolved =
            mapper
                .getTypeFactory()
                .resolveMemberType(component.getGenericType(), type.getBindings());
        check(resolved, path + "." + component.getName());
      }
    }
  }

  private static boolean isAccessible(Class<?> raw) {
    return raw.getModule().isOpen(raw.getPackageName(), ObjectMapper.class.getModule());
  }

  private static String mend(Class<?> raw) {
    var jackson = ObjectMapper.class.getModule();
    return "write `opens "
        + raw.getPackageName()
        + (jackson.isNamed() ? " to " + jackson.getName() : "")
        + ";` in its module-info";
  }

  private void checkVariants(JavaType type, String path) {
    var names = new HashMap<String, Class<?>>();
    for (var leaf : SealedTypes.leaves(type.getRawClass())) {
      var other = names.put(sealed.name(leaf), leaf);
      if (other != null) {
        problem(
            path,
            other.getName() + " and " + leaf.getName() + " have the same name; give one an alias");
      }
      var place = path + "(" + leaf.getSimpleName() + ")";
      if (leaf.isEnum()) {
        problem(place, "an enum cannot carry a type name; put it into a record");
      } else {
        checkVariant(type, leaf, place);
      }
    }
  }

  private void checkVariant(JavaType type, Class<?> leaf, String place) {
    JavaType variant;
    try {
      variant = mapper.getTypeFactory().constructSpecializedType(type, leaf);
    } catch (IllegalArgumentException e) {
      problem(place, "its type arguments do not follow from the sealed type's; give it the same");
      return;
    }
    check(variant, place);
  }

  /// Annotations may keep a component out of the JSON, or out of what is read of it.
  private void checkMapping(JavaType type, String path) {
    Set<String> written = new HashSet<>();
    Set<Object> read = new HashSet<>();
    try {
      var names = new HashMap<String, String>();
      mapper
          ._serializationContext()
          .findValueSerializer(type)
          .properties()
          .forEachRemaining(property -> {
            written.add(property.getMember().getName());
            names.put(property.getName(), property.getMember().getName());
          });
      known(type).map(name -> names.getOrDefault(name, name)).forEach(read::add);
    } catch (JacksonException e) {
      problem(path, "Jackson cannot store it: " + e.getOriginalMessage());
      return;
    }
    for (var component : type.getRawClass().getRecordComponents()) {
      var name = component.getName();
      if (!written.contains(name) || !read.contains(name)) {
        problem(path + "." + name, "an annotation keeps it out of the JSON; remove the annotation");
      }
    }
  }

  private Stream<String> known(JavaType type) {
    @Nullable Collection<Object> names =
        mapper._deserializationContext().findRootValueDeserializer(type).getKnownPropertyNames();
    return names == null ? Stream.of() : names.stream().map(String::valueOf);
  }

  private void problem(String path, String reason) {
    problems.add(path + ": " + reason);
  }
}
