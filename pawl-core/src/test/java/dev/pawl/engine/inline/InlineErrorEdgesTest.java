package dev.pawl.engine.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.Engine;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.StepContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A node of an inline run that gives up leaves by the first error edge that takes its error.
final class InlineErrorEdgesTest {
  private final Engine engine = Engine.inline(new FakeTurns());

  @Test
  void leavesByTheFirstEdgeOfTheErrorsType() throws InterruptedException {
    var g = Workflow.graph("typed", String.class);
    var step =
        g.step(
            "step",
            (String s, StepContext ctx) -> {
              throw new FileNotFoundException("x.txt");
            });
    var state = g.end("state");
    var io = g.end("io");
    g.start(step).path(step, g.end());
    step.onError(IllegalStateException.class, (s, e) -> "state", state)
        .onError(IOException.class, (s, e) -> s + " lacks " + e.getMessage(), io)
        .onError(FileNotFoundException.class, (s, e) -> "file", state);

    assertThat(engine.run(g.build(), "it")).isEqualTo("it lacks x.txt");
  }

  @Test
  void comesAfterTheLastAttemptOnly() throws InterruptedException {
    var g = Workflow.graph("retried", String.class);
    var step =
        g.step(
                "step",
                (String s, StepContext ctx) -> {
                  throw new IOException("attempt " + ctx.attempt());
                })
            .with(Policy.retry(Duration.ofMillis(1), 3));
    var end = g.end();
    g.start(step).path(step, end);
    step.onError(IOException.class, (s, e) -> e.getMessage(), end);

    assertThat(engine.run(g.build(), "")).isEqualTo("attempt 3");
  }

  @Test
  void doesNotTakeOtherErrors() {
    var failure = failureWith((s, e) -> s, new IllegalStateException("other"));

    assertThat(failure).cause().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void failsWithTheFoldsErrorIfThatThrows() {
    var failure =
        failureWith(
            (s, e) -> {
              throw new ArithmeticException("fold");
            },
            new IOException("step"));

    assertThat(failure.node()).isEqualTo("step");
    assertThat(failure).cause().isInstanceOf(ArithmeticException.class);
    assertThat(failure.getCause().getSuppressed()).singleElement().isInstanceOf(IOException.class);
  }

  private RunFailed failureWith(Fold<String, IOException> fold, Exception error) {
    var g = Workflow.graph("failing", String.class);
    var step =
        g.step(
            "step",
            (String s, StepContext ctx) -> {
              throw error;
            });
    var end = g.end();
    g.start(step).path(step, end);
    step.onError(IOException.class, fold, end);
    var workflow = g.build();
    return catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, ""));
  }
}
