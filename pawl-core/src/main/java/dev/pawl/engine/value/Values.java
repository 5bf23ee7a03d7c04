package dev.pawl.engine.value;

import dev.pawl.store.Codec;
import dev.pawl.store.CodecException;
import dev.pawl.store.Delta;
import dev.pawl.store.Encoded;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// Makes values. A large state is stored as what changed against the branch's state before, until
/// the patches since the last whole one add up to its size, so that reading stays linear.
public final class Values {
  private static final int WORTH_PATCHING = 4 << 10;
  private static final int LONGEST_CHAIN = 250;
  private final Codec codec;
  private final int limit;
  private final boolean verify;

  /// @param limit bytes a value, encoded
  /// @param verify whether each value is decoded again and compared
  public Values(Codec codec, int limit, boolean verify) {
    this.codec = codec;
    this.limit = limit;
    this.verify = verify;
  }

  /// What encodes them.
  public Codec codec() {
    return codec;
  }

  /// A value to be stored.
  ///
  /// @param before the state before, if there was one
  /// @throws CodecException if it cannot be stored
  public Value of(Object value, Type type, @Nullable Value before) {
    var encoded = codec.encode(value, type);
    if (!(encoded instanceof Encoded.Bytes whole)) {
      return Value.made(codec, type, value, encoded, null, null);
    }
    if (whole.bytes().length > limit) {
      throw new CodecException(
          "a value of type "
              + type.getTypeName()
              + " takes "
              + whole.bytes().length
              + " bytes, more than the limit of "
              + limit
              + "; keep large data elsewhere and refer to it, or raise Limits.stateBytes");
    }
    if (verify) {
      verify(value, type, whole);
    }
    return Value.made(codec, type, value, patch(whole, before), whole.bytes(), before);
  }

  private static Encoded patch(Encoded.Bytes whole, @Nullable Value before) {
    if (before == null
        || whole.bytes().length < WORTH_PATCHING
        || before.stored() instanceof Encoded.Reference
        || before.links() >= LONGEST_CHAIN) {
      return whole;
    }
    var delta = Delta.between(before.bytes(), whole.bytes());
    return before.patchedBytes() + delta.length < whole.bytes().length
        ? new Encoded.Patch(before.seq(), delta)
        : whole;
  }

  private void verify(Object value, Type type, Encoded.Bytes whole) {
    var again = codec.decode(whole, type);
    if (!again.equals(value)) {
      throw new CodecException(
          "a value of type "
              + type.getTypeName()
              + " is another after it was stored and read: "
              + value
              + " became "
              + again);
    }
  }
}
