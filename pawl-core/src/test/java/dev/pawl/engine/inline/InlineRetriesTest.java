package dev.pawl.engine.inline;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.Engine;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An inline run repeats failed attempts as the policy of their node says.
final class InlineRetriesTest {
  private final FakeTurns turns = new FakeTurns();
  private final Engine engine = Engine.inline(turns);
  private final List<Integer> attempts = new ArrayList<>();

  @Test
  void waitsLongerAfterEachFailedAttempt() throws InterruptedException {
    var policy = Policy.DEFAULT.retry(Retry.exponential(ofMillis(100), 5).jitter(0));
    var workflow = oneStep(policy, failing(3, new IOException("down")));

    var end = engine.run(workflow, 0);

    assertThat(end).isEqualTo(4);
    assertThat(attempts).containsExactly(1, 2, 3, 4);
    assertThat(turns.waits).containsExactly(ofMillis(100), ofMillis(200), ofMillis(400));
  }

  @Test
  void drawsTheJitterOfAWait() throws InterruptedException {
    var policy = Policy.DEFAULT.retry(Retry.fixed(ofSeconds(1), 50).jitter(0.5));
    var workflow = oneStep(policy, failing(49, new IOException("down")));

    engine.run(workflow, 0);

    assertThat(turns.waits)
        .hasSize(49)
        .allMatch(wait -> wait.compareTo(ofMillis(500)) >= 0 && wait.compareTo(ofSeconds(1)) <= 0)
        .doesNotHaveDuplicates();
  }

  @Test
  void failsWithTheLastErrorWhenNoAttemptIsLeft() {
    var workflow = oneStep(Policy.retry(ofMillis(10), 3), failing(9, new IOException("down")));

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, 0));

    assertThat(failure.node()).isEqualTo("step");
    assertThat(failure.attempts()).isEqualTo(3);
    assertThat(failure).cause().isInstanceOf(IOException.class).hasMessage("down");
    assertThat(attempts).containsExactly(1, 2, 3);
  }

  @Test
  void doesNotRepeatErrorsThatThePolicyLeavesOut() {
    var policy = Policy.retry(ofMillis(10), 3).never(IOException.class);
    var workflow = oneStep(policy, failing(1, new IOException("down")));

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, 0));

    assertThat(failure.attempts()).isEqualTo(1);
  }

  @Test
  void startsNoAttemptOnceTheVisitHasLastedTooLong() {
    var policy = Policy.DEFAULT.retry(Retry.fixed(ofSeconds(10), 9).elapsed(ofSeconds(25)));
    var workflow = oneStep(policy, failing(9, new IOException("down")));

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, 0));

    assertThat(failure.attempts()).isEqualTo(4);
  }

  @Test
  void repeatsAfterErrorsThatAreNoExceptions() throws InterruptedException {
    var workflow =
        oneStep(
            Policy.retry(ofMillis(10), 3),
            (n, ctx) -> {
              if (ctx.attempt() == 1) {
                throw new StackOverflowError();
              }
              return ctx.attempt() == 2 ? null : 7;
            });

    assertThat(engine.run(workflow, 0)).isEqualTo(7);
  }

  @Test
  void repeatsAPredicateThatThrows() throws InterruptedException {
    var failures = new ArrayList<>(List.of("once"));
    var g = Workflow.graph("predicate", Integer.class);
    var step = g.step("step", n -> n + 1).with(Policy.retry(Duration.ZERO, 2));
    g.start(step).path(step, g.end());
    step.when(
        "never",
        n -> {
          if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.removeFirst());
          }
          return false;
        },
        step);

    assertThat(engine.run(g.build(), 0)).isEqualTo(1);
  }

  @Test
  void numbersAttemptsFromOneInEachVisit() throws InterruptedException {
    var g = Workflow.graph("twice", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) -> {
                  attempts.add(ctx.attempt());
                  if (ctx.attempt() < 3) {
                    throw new IOException("down");
                  }
                  return n + 1;
                })
            .with(Policy.retry(ofMillis(1), 3));
    g.start(step).path(step, g.end());
    step.when("again", n -> n < 2, step);

    engine.run(g.build(), 0);

    assertThat(attempts).containsExactly(1, 2, 3, 1, 2, 3);
  }

  private Step<Integer, Integer> failing(int times, Exception error) {
    return (n, ctx) -> {
      attempts.add(ctx.attempt());
      if (ctx.attempt() <= times) {
        throw error;
      }
      return ctx.attempt();
    };
  }

  private static Workflow<Integer> oneStep(Policy policy, Step<Integer, Integer> body) {
    var g = Workflow.graph("one", Integer.class);
    var step = g.step("step", body).with(policy);
    g.start(step).path(step, g.end());
    return g.build();
  }
}
