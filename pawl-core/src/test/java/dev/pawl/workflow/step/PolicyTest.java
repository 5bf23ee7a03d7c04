package dev.pawl.workflow.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How a node is run.
final class PolicyTest {
  @Test
  void triesOnceByDefault() {
    assertThat(Policy.DEFAULT)
        .isEqualTo(
            new Policy(
                Retry.none(), Duration.ofMinutes(5), Duration.ofDays(3650), Integer.MAX_VALUE));
  }

  @Test
  void changesOneThingAtATime() {
    var policy =
        Policy.retry(Duration.ofMillis(200), 8)
            .never(IOException.class)
            .timeout(Duration.ofSeconds(20))
            .concurrency(4);

    assertThat(policy)
        .isEqualTo(
            new Policy(
                Retry.exponential(Duration.ofMillis(200), 8).never(IOException.class),
                Duration.ofSeconds(20),
                Duration.ofDays(3650),
                4));
  }

  @Test
  void limitsTheVisitAndRetriesInIt() {
    var policy = Policy.within(Duration.ofDays(2)).retry(Retry.fixed(Duration.ofHours(1), 9));

    assertThat(policy.perVisit()).isEqualTo(Duration.ofDays(2));
    assertThat(policy.retry().attempts()).isEqualTo(9);
    assertThat(policy.perAttempt()).isEqualTo(Policy.DEFAULT.perAttempt());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> Policy.DEFAULT.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("policy: timeout is out of range: PT0S");
    assertThatThrownBy(() -> Policy.within(Duration.ofSeconds(-1)))
        .hasMessage("policy: within is out of range: PT-1S");
    assertThatThrownBy(() -> Policy.within(Duration.ofDays(36_501)))
        .hasMessage("policy: within is out of range: PT876024H");
    assertThatThrownBy(() -> Policy.DEFAULT.concurrency(0))
        .hasMessage("policy: concurrency is out of range: 0");
  }
}
