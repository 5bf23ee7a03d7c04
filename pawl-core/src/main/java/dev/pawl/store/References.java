package dev.pawl.store;

import java.lang.reflect.Type;
import java.util.List;

/// Keeps values as they are: right for immutable values in one process.
enum References implements Codec {
  CODEC;

  @Override
  public Encoded encode(Object value, Type type) {
    return new Encoded.Reference(value);
  }

  @Override
  public Object decode(Encoded encoded, Type type) {
    if (encoded instanceof Encoded.Reference reference) {
      return reference.value();
    }
    throw new CodecException("this value was stored by another codec than the one in use");
  }

  @Override
  public List<String> problems(Type type) {
    return List.of();
  }
}
