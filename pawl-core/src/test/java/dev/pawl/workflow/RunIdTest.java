package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class RunIdTest {
  private static final long MILLIS = 1_767_225_600_000L;

  @Test
  void isAUuidOfVersionSeven() {
    var uuid = UUID.fromString(RunId.of(MILLIS, -1, -1).toString());

    assertThat(uuid.version()).isEqualTo(7);
    assertThat(uuid.variant()).isEqualTo(2);
    assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(MILLIS);
  }

  @Test
  void readsWhatItShows() {
    var id = RunId.of(MILLIS, 7, 0x123456789abcdefL);

    assertThat(RunId.parse(id.toString())).isEqualTo(id).hasSameHashCodeAs(id);
    assertThatThrownBy(() -> RunId.parse("no id")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sortsByTimeThenOrderThenChanceAsItsTextDoes() {
    var ids =
        List.of(
            RunId.of(MILLIS, 0, 5),
            RunId.of(MILLIS, 1, 3),
            RunId.of(MILLIS, 1, 4),
            RunId.of(MILLIS, 4095, 0),
            RunId.of(MILLIS + 1, 0, 0),
            new RunId(-1, 0),
            new RunId(-1, -1));

    assertThat(ids).isSorted();
    assertThat(ids.stream().map(RunId::toString)).isSorted();
    assertThat(ids.getFirst()).isEqualByComparingTo(RunId.parse(ids.getFirst().toString()));
  }
}
