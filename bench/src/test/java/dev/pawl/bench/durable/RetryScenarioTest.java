package dev.pawl.bench.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryScenarioTest {
  @Test
  void letsTheExpectedShareOfRunsComplete() {
    long completed = failing(1).stream().filter(Optional::isEmpty).count();

    assertThat(completed / 200.0).isCloseTo(92.2, within(0.6));
  }

  @Test
  void decidesTheSameForTheSameSeedOnly() {
    assertThat(failing(1)).isEqualTo(failing(1)).isNotEqualTo(failing(2));
  }

  private static List<Optional<String>> failing(long seed) {
    var dice = new RetryScenario.Dice(seed);
    return IntStream.range(0, 20_000).mapToObj(i -> dice.failing("run-" + i)).toList();
  }
}
