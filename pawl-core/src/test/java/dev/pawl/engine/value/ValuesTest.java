package dev.pawl.engine.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.store.Codec;
import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// In which form values are stored, and that they are read as what they were.
final class ValuesTest {
  private static final int LARGE = 4 << 10;
  private static final int LIMIT = 64 << 10;

  private final Values values = new Values(new Text(), LIMIT, false);

  @Test
  void storesASmallValueWhole() {
    var before = stored(of("a".repeat(LARGE), null), 1);

    var value = stored(of("a".repeat(LARGE - 1), before), 2);

    assertThat(value.stored()).isInstanceOf(Encoded.Bytes.class);
    assertThat(value.full()).isEqualTo(2);
    assertThat(value.links()).isZero();
  }

  @Test
  void storesALargeValueAsAPatchOfTheOneBefore() {
    var before = stored(of(noise(LARGE), null), 7);

    var value = stored(of(before.get() + "!", before), 9);

    assertThat(value.stored())
        .isInstanceOfSatisfying(
            Encoded.Patch.class,
            patch -> {
              assertThat(patch.base()).isEqualTo(7);
              assertThat(value.patchedBytes()).isEqualTo(patch.delta().length).isLessThan(100);
            });
    assertThat(value.seq()).isEqualTo(9);
    assertThat(value.full()).isEqualTo(7);
    assertThat(value.links()).isEqualTo(1);
  }

  @Test
  void storesWholeWhatHasNothingInCommonWithTheOneBefore() {
    var before = stored(of("a".repeat(LARGE), null), 1);

    var value = of(noise(LARGE), before);

    assertThat(value.stored()).isInstanceOf(Encoded.Bytes.class);
  }

  @Test
  void endsAChainOfPatchesWhenTheyAddUpToTheValue() {
    var random = new Random(1);
    var value = stored(of(noise(LARGE), null), 1);
    int patches = 0;
    while (patches == 0 || value.stored() instanceof Encoded.Patch) {
      var text = (String) value.get();
      int sum = value.patchedBytes();
      value = stored(of(text.substring(500) + noise(500, random), value), value.seq() + 1);
      if (value.stored() instanceof Encoded.Patch) {
        assertThat(value.patchedBytes()).isBetween(sum + 500, LARGE - 1);
        patches++;
      }
    }

    assertThat(patches).isBetween(6, 8);
    assertThat(value.full()).isEqualTo(value.seq());
    assertThat(value.patchedBytes()).isZero();
  }

  @Test
  void endsAChainOfPatchesWhenItIsLong() {
    var value = stored(of(noise(LARGE * 4), null), 1);
    for (int i = 0; i < 250; i++) {
      value = stored(of(value.get() + "!", value), i + 2);
      assertThat(value.stored()).isInstanceOf(Encoded.Patch.class);
    }

    assertThat(of(value.get() + "!", value).stored()).isInstanceOf(Encoded.Bytes.class);
  }

  @Test
  void readsAPatchOfAPatch() {
    var first = noise(LARGE);
    var one = stored(of(first, null), 1);
    var two = stored(of(first + "!", one), 2);
    var three = stored(of(first + "!?", two), 3);

    var readOne = Value.whole(values.codec(), String.class, one.stored(), 1);
    var readTwo =
        Value.patched(values.codec(), String.class, (Encoded.Patch) two.stored(), readOne, 2);
    var readThree =
        Value.patched(values.codec(), String.class, (Encoded.Patch) three.stored(), readTwo, 3);

    assertThat(readThree.get()).isEqualTo(first + "!?");
    assertThat(readThree.links()).isEqualTo(2);
    assertThat(readThree.full()).isEqualTo(1);
    assertThat(readThree.patchedBytes()).isEqualTo(three.patchedBytes());
    assertThat(readTwo.get()).isEqualTo(first + "!");
  }

  @Test
  void keepsReferencesAsTheyAre() {
    var references = new Values(Codec.references(), 1, true);
    var state = new Object();

    var value = references.of(state, Object.class, null);

    assertThat(value.get()).isSameAs(state);
    assertThat(value.stored()).isEqualTo(new Encoded.Reference(state));
    assertThatThrownBy(value::bytes).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void patchesNothingOnAReference() {
    var before = Value.whole(values.codec(), String.class, new Encoded.Reference("before"), 1);

    assertThat(of(noise(LARGE), before).stored()).isInstanceOf(Encoded.Bytes.class);
  }

  @Test
  void storesUpToTheLimitAndNoMore() {
    assertThat(of("a".repeat(LIMIT), null).get()).isEqualTo("a".repeat(LIMIT));
    assertThatThrownBy(() -> of("a".repeat(LIMIT + 1), null))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("takes 65537 bytes, more than the limit of 65536");
  }

  @Test
  void refusesAValueThatIsReadAsAnotherIfAsked() {
    var verifying = new Values(new Text(), LIMIT, true);

    assertThat(verifying.of("plain", String.class, null).get()).isEqualTo("plain");
    assertThatThrownBy(() -> verifying.of("\ud800", String.class, null))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("is another after it was stored and read");
    assertThat(of("\ud800", null).get()).isEqualTo("\ud800");
  }

  private Value of(String text, Value before) {
    return values.of(text, String.class, before);
  }

  private static Value stored(Value value, long seq) {
    value.storedIn(seq);
    return value;
  }

  private static String noise(int length) {
    return noise(length, new Random(length));
  }

  private static String noise(int length, Random random) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  /// Text as UTF-8, which loses half surrogates.
  private static final class Text implements Codec {
    @Override
    public Encoded encode(Object value, Type type) {
      return new Encoded.Bytes(value.toString().getBytes(UTF_8));
    }

    @Override
    public Object decode(Encoded encoded, Type type) {
      return new String(((Encoded.Bytes) encoded).bytes(), UTF_8);
    }

    @Override
    public List<String> problems(Type type) {
      return List.of();
    }
  }
}
