package dev.pawl.store;

import java.lang.reflect.Type;
import java.util.List;

/// Turns values into what a store keeps, and back. Thread-safe. Found by `ServiceLoader`; the
/// default is the JSON codec of `pawl-jackson`.
public interface Codec {
  /// Encodes a value.
  ///
  /// @param type the declared type of the value
  /// @throws CodecException if the value cannot be encoded; the message names the place
  Encoded encode(Object value, Type type);

  /// Decodes a value; its collections are unmodifiable.
  ///
  /// @throws CodecException if the value cannot be read; the message names the place
  Object decode(Encoded encoded, Type type);

  /// Why values of a type cannot be stored: a line for each component that is at fault, with its
  /// path; empty if they can.
  List<String> problems(Type type);

  /// Keeps references, for workflows that live in memory only.
  static Codec references() {
    return References.CODEC;
  }
}
