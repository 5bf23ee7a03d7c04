package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeltaTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  private byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Copies `base` with some stretches replaced, moved in or left out.
  private byte[] edited(byte[] base) {
    var edited = base.clone();
    for (int edits = random.nextInt(6); edits > 0 && edited.length > 0; edits--) {
      int at = random.nextInt(edited.length);
      int to = Math.min(edited.length, at + random.nextInt(60));
      var put = bytes(random.nextInt(60));
      var next = new byte[edited.length - (to - at) + put.length];
      System.arraycopy(edited, 0, next, 0, at);
      System.arraycopy(put, 0, next, at, put.length);
      System.arraycopy(edited, to, next, at + put.length, edited.length - to);
      edited = next;
    }
    return edited;
  }

  @Test
  void givesTheTargetBack() {
    for (int i = 0; i < 2_000; i++) {
      var base = bytes(random.nextInt(400));
      var target = random.nextInt(10) == 0 ? bytes(random.nextInt(400)) : edited(base);

      var delta = Delta.between(base, target);

      assertThat(Delta.apply(base, delta)).as("seed %d, round %d", seed, i).isEqualTo(target);
    }
  }

  @Test
  void staysSmallWhenLittleChanged() {
    var base = bytes(1 << 20);
    var target = base.clone();
    for (int i = 0; i < 4; i++) {
      System.arraycopy(bytes(256), 0, target, random.nextInt(target.length - 256), 256);
    }

    assertThat(Delta.between(base, target)).hasSizeLessThan(1_500);
  }

  @Test
  void isNoLargerThanTheTargetAndAFewBytes() {
    var target = bytes(10_000);

    assertThat(Delta.between(bytes(10_000), target)).hasSizeLessThan(target.length + 20);
  }

  @Test
  void refusesAnotherBase() {
    var base = bytes(1_000);
    var delta = Delta.between(base, edited(base));
    var other = base.clone();
    Arrays.fill(other, (byte) 7);

    assertThatThrownBy(() -> Delta.apply(other, delta)).isInstanceOf(CodecException.class);
  }

  @Test
  void refusesADamagedPatch() {
    var base = bytes(500);
    var target = bytes(500);
    var delta = Delta.between(base, target);
    for (int i = 0; i < delta.length; i++) {
      var damaged = delta.clone();
      damaged[i] ^= (byte) (1 << random.nextInt(8));

      assertThatThrownBy(() -> Delta.apply(base, damaged)).isInstanceOf(CodecException.class);
    }
    assertThatThrownBy(() -> Delta.apply(base, Arrays.copyOf(delta, delta.length / 2)))
        .isInstanceOf(CodecException.class);
  }
}
