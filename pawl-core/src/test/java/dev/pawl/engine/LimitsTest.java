package dev.pawl.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

final class LimitsTest {
  @Test
  void changeOneByOne() {
    var limits =
        Limits.DEFAULT
            .steps(1)
            .branches(2)
            .stateBytes(3)
            .queuedCommits(4)
            .attempts(5)
            .poisonAfter(0)
            .messages(6)
            .nesting(7)
            .release(Duration.ZERO);

    assertThat(limits).isEqualTo(new Limits(1, 2, 3, 4, 5, 0, 6, 7, Duration.ZERO));
  }

  @Test
  void leaveRoomForOneOfEach() {
    List<IntFunction<Limits>> all =
        List.of(
            Limits.DEFAULT::steps,
            Limits.DEFAULT::branches,
            Limits.DEFAULT::stateBytes,
            Limits.DEFAULT::queuedCommits,
            Limits.DEFAULT::attempts,
            Limits.DEFAULT::messages,
            Limits.DEFAULT::nesting);

    assertThat(all)
        .allSatisfy(limit ->
            assertThatThrownBy(() -> limit.apply(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be positive, not 0"));
  }

  @Test
  void areNeverNegative() {
    assertThatThrownBy(() -> Limits.DEFAULT.poisonAfter(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Limits.DEFAULT.release(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
