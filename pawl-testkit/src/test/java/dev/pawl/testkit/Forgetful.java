package dev.pawl.testkit;

import dev.pawl.store.Codec;
import dev.pawl.store.Encoded;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;

/// Stores values as JSON, but reads each `null` as a word.
final class Forgetful implements Codec {
  private final Codec json = ServiceLoader.load(Codec.class).findFirst().orElseThrow();

  @Override
  public Encoded encode(Object value, Type type) {
    return json.encode(value, type);
  }

  @Override
  public Object decode(Encoded encoded, Type type) {
    var text = new String(((Encoded.Bytes) encoded).bytes(), StandardCharsets.UTF_8);
    var read = text.replace("null", "\"forgotten\"");
    return json.decode(new Encoded.Bytes(read.getBytes(StandardCharsets.UTF_8)), type);
  }

  @Override
  public List<String> problems(Type type) {
    return json.problems(type);
  }
}
