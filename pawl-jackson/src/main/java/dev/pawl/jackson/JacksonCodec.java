package dev.pawl.jackson;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.pawl.store.Codec;
import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// Stores values as JSON in UTF-8, because people look at it.
///
/// Records are objects of their components; the variants of sealed types carry their name, the
/// class's simple name unless an alias is given, as `@type`; decimals, times and durations are
/// strings and come back equal. Decoded collections are unmodifiable. A missing component, one that
/// is not known, or a value of the wrong kind is an error that names its path. Thread-safe.
public final class JacksonCodec implements Codec {
  private final Map<Class<?>, String> aliases;
  private final SealedTypes sealed;
  private final JsonMapper mapper;
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
    return JsonMapper.builder()
        .annotationIntrospector(sealed)
        .addModule(module)
        .withConfigOverride(
            BigDecimal.class,
            override -> override.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.STRING)))
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .build();
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
          writers
              .computeIfAbsent(type, t -> mapper.writerFor(mapper.constructType(t)))
              .writeValueAsBytes(value));
    } catch (JacksonException e) {
      throw new CodecException(
          "a value of " + type.getTypeName() + " cannot be stored: " + message(e), e);
    }
  }

  @Override
  public Object decode(Encoded encoded, Type type) {
    if (!(encoded instanceof Encoded.Bytes bytes)) {
      throw new CodecException("only whole values can be decoded, not " + encoded);
    }
    try {
      Object value =
          readers
              .computeIfAbsent(type, t -> mapper.readerFor(mapper.constructType(t)))
              .readValue(bytes.bytes());
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
    var path = error.getPathReference();
    return path == null || path.isEmpty()
        ? error.getOriginalMessage()
        : path + ": " + error.getOriginalMessage();
  }

  @Override
  public List<String> problems(Type type) {
    return Storable.problems(type, sealed);
  }
}
