package dev.pawl.bench.durable;

import java.util.random.RandomGenerator;

/// Text that does not compress well.
final class RandomText {
  private static final int LETTERS = 26;

  private RandomText() {}

  static String of(RandomGenerator random, int length) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(LETTERS)));
    }
    return text.toString();
  }
}
