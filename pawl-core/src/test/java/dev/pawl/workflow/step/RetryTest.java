package dev.pawl.workflow.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// When a failed attempt is tried again.
final class RetryTest {
  @Test
  void doublesExponentialWaitsUpToAMinute() {
    var retry = Retry.exponential(Duration.ofSeconds(1), 10).jitter(0);

    assertThat(waits(retry, 9))
        .containsExactly(1000L, 2000L, 4000L, 8000L, 16000L, 32000L, 60000L, 60000L, 60000L);
    assertThat(retry.attempts()).isEqualTo(10);
  }

  @Test
  void neverWaitsLessThanAFirstWaitBeyondTheLimit() {
    var retry = Retry.exponential(Duration.ofMinutes(5), 3).jitter(0);

    assertThat(waits(retry, 2)).containsExactly(300_000L, 300_000L);
  }

  @Test
  void keepsFixedWaitsEqual() {
    assertThat(waits(Retry.fixed(Duration.ofSeconds(3), 4), 3))
        .containsExactly(3000L, 3000L, 3000L);
  }

  @Test
  void limitsWaits() {
    var retry =
        Retry.exponential(Duration.ofSeconds(1), 9).jitter(0).longest(Duration.ofSeconds(3));

    assertThat(waits(retry, 4)).containsExactly(1000L, 2000L, 3000L, 3000L);
    assertThat(retry.waitAfter(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void shortensWaitsByAtMostTheJitter() {
    var retry = Retry.fixed(Duration.ofSeconds(10), 2).jitter(0.5);

    assertThat(retry.waitAfter(1, 0)).isEqualTo(Duration.ofSeconds(10));
    assertThat(retry.waitAfter(1, 0.5)).isEqualTo(Duration.ofMillis(7500));
    assertThat(retry.waitAfter(1, 1)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void waitsNotAtAllIfTheFirstWaitIsNone() {
    var retry = Retry.exponential(Duration.ZERO, 5_000);

    assertThat(retry.waitAfter(4_999, 0.3)).isZero();
  }

  @Test
  void coversOnlyTheTypesItNames() {
    var retry = Retry.exponential(Duration.ofSeconds(1), 3).only(IOException.class);

    assertThat(retry.covers(new FileNotFoundException())).isTrue();
    assertThat(retry.covers(new IllegalStateException())).isFalse();
    assertThat(retry.only(IllegalStateException.class).covers(new IllegalStateException()))
        .isTrue();
  }

  @Test
  void neverCoversExcludedTypes() {
    var retry =
        Retry.exponential(Duration.ofSeconds(1), 3)
            .only(IOException.class)
            .never(FileNotFoundException.class)
            .never(Error.class);

    assertThat(retry.covers(new IOException())).isTrue();
    assertThat(retry.covers(new FileNotFoundException())).isFalse();
    assertThat(retry.never(IOException.class).covers(new IOException())).isFalse();
    assertThat(Retry.fixed(Duration.ZERO, 2).covers(new StackOverflowError())).isTrue();
  }

  @Test
  void changesOneThingAtATime() {
    var retry = Retry.fixed(Duration.ofSeconds(1), 3).elapsed(Duration.ofHours(1)).jitter(0.1);

    assertThat(retry)
        .isEqualTo(
            new Retry(
                3,
                Duration.ofSeconds(1),
                1,
                Duration.ofSeconds(1),
                0.1,
                Duration.ofHours(1),
                List.of(),
                List.of()));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    var second = Duration.ofSeconds(1);

    assertThatThrownBy(() -> Retry.fixed(second, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retry: attempts is out of range: 0");
    assertThatThrownBy(() -> Retry.fixed(second.negated(), 1))
        .hasMessage("retry: first is out of range: PT-1S");
    assertThatThrownBy(() -> Retry.fixed(second, 1).jitter(1.1))
        .hasMessage("retry: jitter is out of range: 1.1");
    assertThatThrownBy(() -> Retry.fixed(second, 1).jitter(Double.NaN))
        .hasMessage("retry: jitter is out of range: NaN");
    assertThatThrownBy(() -> Retry.fixed(second, 1).longest(Duration.ofDays(36_501)))
        .hasMessage("retry: longest is out of range: PT876024H");
    assertThatThrownBy(() -> Retry.fixed(second, 1).elapsed(second.negated()))
        .hasMessage("retry: elapsed is out of range: PT-1S");
    assertThatThrownBy(() -> new Retry(1, second, 0.9, second, 0, second, List.of(), List.of()))
        .hasMessage("retry: factor is out of range: 0.9");
  }

  private static List<Long> waits(Retry retry, int attempts) {
    return IntStream.rangeClosed(1, attempts)
        .mapToObj(attempt -> retry.waitAfter(attempt, 0.7).toMillis())
        .toList();
  }
}
