package dev.pawl.engine.value;

import dev.pawl.store.Codec;
import dev.pawl.store.Delta;
import dev.pawl.store.Encoded;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// A state or a result on its way between memory and store. Decoded when somebody asks; thread-safe
/// in that two threads may decode the same, with equal results.
public final class Value {
  private final Codec codec;
  private final Type type;
  private final Encoded stored;
  private final int links;
  private final int patched;
  private @Nullable Value base;
  private volatile byte @Nullable [] bytes;
  private volatile @Nullable Object decoded;
  private long seq;
  private long full;

  private Value(
      Codec codec, Type type, Encoded stored, @Nullable Value base, int links, int patched) {
    this.codec = codec;
    this.type = type;
    this.stored = stored;
    this.base = base;
    this.links = links;
    this.patched = patched;
  }

  /// A value that was stored whole.
  public static Value whole(Codec codec, Type type, Encoded stored, long seq) {
    var value = new Value(codec, type, stored, null, 0, 0);
    value.seq = seq;
    value.full = seq;
    return value;
  }

  /// A value that was stored as a patch.
  public static Value patched(Codec codec, Type type, Encoded.Patch stored, Value base, long seq) {
    var value =
        new Value(codec, type, stored, base, base.links + 1, base.patched + stored.delta().length);
    value.seq = seq;
    value.full = base.full;
    return value;
  }

  /// A value that has just been made.
  ///
  /// @param bytes its whole encoded form, if it has one
  static Value made(
      Codec codec,
      Type type,
      Object decoded,
      Encoded stored,
      byte @Nullable [] bytes,
      @Nullable Value base) {
    var value =
        stored instanceof Encoded.Patch patch && base != null
            ? patched(codec, type, patch, base, 0)
            : whole(codec, type, stored, 0);
    value.decoded = decoded;
    value.bytes = bytes;
    value.base = null;
    return value;
  }

  /// Says which row it is stored in.
  public void storedIn(long seq) {
    this.seq = seq;
    if (!(stored instanceof Encoded.Patch)) {
      full = seq;
    }
  }

  public Encoded stored() {
    return stored;
  }

  /// Its form for a place where nothing is known of the states before it.
  public Encoded whole() {
    return stored instanceof Encoded.Patch ? new Encoded.Bytes(bytes()) : stored;
  }

  Type type() {
    return type;
  }

  /// The row that it is stored in.
  long seq() {
    return seq;
  }

  /// The oldest row that is needed to read it.
  public long full() {
    return full;
  }

  /// How many patches it is away from a whole value.
  int links() {
    return links;
  }

  /// How many bytes of patches lie between it and a whole value.
  int patchedBytes() {
    return patched;
  }

  /// The value.
  ///
  /// @throws dev.pawl.store.CodecException if it cannot be read
  public Object get() {
    var value = decoded;
    if (value == null) {
      value =
          stored instanceof Encoded.Reference
              ? codec.decode(stored, type)
              : codec.decode(new Encoded.Bytes(bytes()), type);
      decoded = value;
    }
    return value;
  }

  /// Its whole encoded form; not for references.
  byte[] bytes() {
    var whole = bytes;
    if (whole == null) {
      whole =
          switch (stored) {
            case Encoded.Bytes given -> given.bytes();
            case Encoded.Patch patch -> resolve(patch);
            case Encoded.Reference reference ->
                throw new IllegalStateException("a reference has no bytes");
          };
      bytes = whole;
      base = null;
    }
    return whole;
  }

  private byte[] resolve(Encoded.Patch patch) {
    var before = base;
    if (before == null) {
      throw new IllegalStateException("row " + patch.base() + " is needed to read row " + seq);
    }
    return Delta.apply(before.bytes(), patch.delta());
  }
}
