package dev.pawl.stream;

import dev.pawl.store.Codec;
import dev.pawl.store.Encoded;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Map;

/// Something that happened. A value.
///
/// @param topic what it is about; not empty
/// @param id given by who sent it, and the same again where it was sent twice; unique in its topic
/// @param key events of one topic and key stay in order; not empty
/// @param payload what happened, in the form in which a store keeps values
/// @param headers what goes with it (tenant, trace context)
/// @param at when it happened
public record Event(
    String topic, String id, String key, Encoded payload, Map<String, String> headers, Instant at) {
  /// Copies the map.
  ///
  /// @throws IllegalArgumentException if topic, id or key is empty
  public Event {
    check(topic, "topic");
    check(id, "id");
    check(key, "key");
    headers = Map.copyOf(headers);
  }

  private static void check(String value, String name) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("the " + name + " of an event is empty");
    }
  }

  /// The payload as a value of a type.
  ///
  /// @throws dev.pawl.store.CodecException if it cannot be read as one
  public Object value(Codec codec, Type type) {
    return codec.decode(payload, type);
  }

  /// The payload as a value of a class.
  ///
  /// @throws dev.pawl.store.CodecException if it cannot be read as one
  public <T> T value(Codec codec, Class<T> type) {
    return type.cast(codec.decode(payload, type));
  }
}
