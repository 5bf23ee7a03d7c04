package dev.pawl.jackson;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.pawl.store.Codec;
import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/// Stores values as JSON in UTF-8, because people look at it.
///
/// Records are objects of their components; the variants of sealed types carry their name, the
/// class's simple name unless an alias is given, as `@type`; decimals, times and durations are
/// strings and come back equal, as do numbers that are infinite or none. Enums go by the names of
/// their constants. Decoded collections are unmodifiable, and keep the order in which they were
/// stored: that of the value, or sorted where it is a hash table or made by `Set.of` or `Map.of`,
/// so that equal ones have equal bytes in every process. Values may nest 500 levels deep.
///
/// A missing component is empty if its type is an `Optional`, and else an error that names it; so
/// is one that is not known, and a value of the wrong kind. Annotations may rename a component;
/// those that leave one out are a problem, and `@JsonInclude` has no effect. Thread-safe.
public final class JacksonCodec implements Codec {
  /// How long a stored value may be is up to the engine; nesting is limited for the stack's sake.
  private static final StreamReadConstraints SIZES =
      StreamReadConstraints.builder()
          .maxNumberLength(Integer.MAX_VALUE)
          .maxStringLength(Integer.MAX_VALUE)
          .maxNameLength(Integer.MAX_VALUE)
          .build();

  /// How Jackson says that a component is missing.
  private static final String MISSING = "Missing required creator property";

  private final Map<Class<?>, String> aliases;
  private final SealedTypes sealed;
  private final JsonMapper mapper;
  private final Map<Type, JavaType> types = new ConcurrentHashMap<>();
  private final Map<Type, ObjectWriter> writers = new ConcurrentHashMap<>();
  private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

  /// A codec without aliases.
  public JacksonCodec() {
    this(Map.of());
  }

  private JacksonCodec(Map<Class<?>, String> aliases) {
    this.aliases = aliases;
    this.sealed = new SealedTypes(aliases);
    this.mapper = mapper(sealed);
  }

  private static JsonMapper mapper(SealedTypes sealed) {
    var module = new SimpleModule("pawl");
    module.setDeserializerModifier(new Unmodifiable());
    module.setSerializerModifier(new StableOrder());
    module.addSerializer(Root.class, new Root.Serializer());
    module.addAbstractTypeMapping(Set.class, LinkedHashSet.class);
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(SIZES).build())
        .annotationIntrospector(sealed)
        .addModule(module)
        .withCoercionConfigDefaults(coercion -> refuse(coercion, CoercionInputShape.EmptyString))
        .withCoercionConfig(URI.class, JacksonCodec::acceptEmpty)
        .withCoercionConfig(Locale.class, JacksonCodec::acceptEmpty)
        .withCoercionConfig(
            LogicalType.Textual,
            coercion ->
                refuse(
                    coercion,
                    CoercionInputShape.Integer,
                    CoercionInputShape.Float,
                    CoercionInputShape.Boolean))
        .withCoercionConfig(
            LogicalType.Integer,
            coercion -> refuse(coercion, CoercionInputShape.String, CoercionInputShape.Boolean))
        .withCoercionConfig(
            LogicalType.Boolean,
            coercion -> refuse(coercion, CoercionInputShape.String, CoercionInputShape.Integer))
        .withConfigOverride(
            BigDecimal.class,
            override -> override.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.STRING)))
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
        .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .build();
  }

  private static void refuse(MutableCoercionConfig coercion, CoercionInputShape... shapes) {
    for (var shape : shapes) {
      coercion.setCoercion(shape, CoercionAction.Fail);
    }
  }

  private static void acceptEmpty(MutableCoercionConfig coercion) {
    coercion.setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert);
  }

  /// A codec that calls a variant of a sealed type `name`, in place of its simple name: for a class
  /// that was renamed since its values were stored.
  public JacksonCodec alias(Class<?> variant, String name) {
    var more = new HashMap<>(aliases);
    more.put(variant, name);
    return new JacksonCodec(Map.copyOf(more));
  }

  @Override
  public Encoded encode(Object value, Type type) {
    try {
      return new Encoded.Bytes(
          writers.computeIfAbsent(type, this::writer).writeValueAsBytes(root(value, type)));
    } catch (JacksonException e) {
      throw new CodecException(
          "a value of " + type.getTypeName() + " cannot be stored: " + message(e), e);
    }
  }

  private ObjectWriter writer(Type type) {
    var known = known(type);
    return mapper.writerFor(
        SealedTypes.isSealed(known.getRawClass()) ? mapper.constructType(Root.class) : known);
  }

  private Object root(Object value, Type type) {
    var known = known(type);
    return SealedTypes.isSealed(known.getRawClass()) ? new Root(value, known) : value;
  }

  private JavaType known(Type type) {
    return types.computeIfAbsent(type, mapper::constructType);
  }

  @Override
  public Object decode(Encoded encoded, Type type) {
    if (!(encoded instanceof Encoded.Bytes bytes)) {
      throw new CodecException("only whole values can be decoded, not " + encoded);
    }
    try {
      Object value =
          readers.computeIfAbsent(type, t -> mapper.readerFor(known(t))).readValue(bytes.bytes());
      if (value == null) {
        throw new CodecException("null is stored where a " + type.getTypeName() + " is needed");
      }
      return value;
    } catch (JacksonException e) {
      throw new CodecException(
          "a stored value cannot be read as " + type.getTypeName() + ": " + message(e), e);
    }
  }

  private static String message(JacksonException error) {
    var path = path(error);
    if (path.isEmpty()) {
      return error.getOriginalMessage();
    }
    return error.getOriginalMessage().startsWith(MISSING)
        ? "missing `" + path + "`"
        : "`" + path + "`: " + error.getOriginalMessage();
  }

  /// Where it happened, as in `lines[0].price`.
  private static String path(JacksonException error) {
    var path = new StringBuilder();
    for (var step : error.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.toString();
  }

  @Override
  public List<String> problems(Type type) {
    return Storable.problems(known(type), mapper, sealed);
  }
}
