package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The finished visits that can be undone, against a plain sorted map of them.
final class UndosTest {
  @Test
  void areSortedByTheRowsThatEndedThem() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      var undos = Undos.none();
      var expected = new TreeMap<Long, Undo>();
      for (int change = 0; change < 20; change++) {
        long seq = 1L + random.nextInt(12);
        if (expected.remove(seq) != null || random.nextInt(4) == 0) {
          undos = undos.without(seq);
        } else {
          var undo = new Undo(seq, "/1." + seq % 3, 1, 0);
          expected.put(seq, undo);
          undos = undos.with(undo);
        }
        assertThat(undos.isEmpty()).isEqualTo(expected.isEmpty());
        assertThat(undos.oldest(99)).isEqualTo(expected.isEmpty() ? 99 : expected.firstKey());
        for (long limit = 0; limit <= 13; limit++) {
          long below = limit;
          var newest = expected.lowerEntry(below);
          assertThat(undos.newest(undo -> undo.seq() < below))
              .as("seed %d", seed)
              .isEqualTo(newest == null ? null : newest.getValue());
        }
      }
    }
  }
}
