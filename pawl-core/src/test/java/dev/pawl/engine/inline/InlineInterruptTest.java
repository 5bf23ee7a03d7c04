package dev.pawl.engine.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// An interrupt of the caller ends an inline run, with all its branches.
final class InlineInterruptTest {
  private final Engine engine = Engine.inline();
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void clearTheInterrupt() {
    Thread.interrupted();
  }

  @Test
  void endsARunBetweenTwoSteps() {
    var g = Workflow.graph("endless", Integer.class);
    var step =
        g.step(
            "step",
            n -> {
              if (n == 1000) {
                Thread.currentThread().interrupt();
              }
              return n + 1;
            });
    g.start(step).path(step, step);
    step.when("never", n -> n < 0, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> engine.run(workflow, 0)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void passesThroughAStepThatWasInterrupted() {
    var g = Workflow.graph("blocked", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) -> {
                  Thread.currentThread().interrupt();
                  never.await();
                  return n;
                })
            .with(Policy.retry(Duration.ofDays(1), 3));
    var end = g.end();
    g.start(step).path(step, end);
    step.onError(Exception.class, (n, e) -> n, end);
    var workflow = g.build();

    assertThatThrownBy(() -> engine.run(workflow, 0)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void endsTheWaitForAnAttempt() {
    var g = Workflow.graph("waiting", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) -> {
                  Thread.currentThread().interrupt();
                  throw new IOException("down");
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofDays(1), 3)));
    g.start(step).path(step, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> engine.run(workflow, 0)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void stopsTheBranchesOfAFork() throws InterruptedException {
    var running = new CountDownLatch(2);
    var stopped = new CountDownLatch(2);
    var g = Workflow.graph("fork", Integer.class);
    var fork = g.step("fork", n -> n);
    var a = g.step("a", (Integer n, StepContext ctx) -> blocked(n, running, stopped));
    var b = g.step("b", (Integer n, StepContext ctx) -> blocked(n, running, stopped));
    var end = g.end();
    g.start(fork).path(a, end).path(b, end);
    fork.fork(a, b);
    var workflow = g.build();

    var thrown = new AtomicReference<Throwable>();
    var caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                engine.run(workflow, 0);
              } catch (InterruptedException e) {
                thrown.set(stopped.getCount() == 0 ? e : new AssertionError("still running"));
              }
            });
    running.await();
    caller.interrupt();
    caller.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void stopsALimitedAttempt() throws InterruptedException {
    var running = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    var g = Workflow.graph("limited", Integer.class);
    var step =
        g.step("step", (Integer n, StepContext ctx) -> blocked(n, running, stopped))
            .with(Policy.DEFAULT.timeout(Duration.ofDays(1)));
    g.start(step).path(step, g.end());
    var workflow = g.build();
    var caller = Thread.currentThread();

    Thread.ofVirtual()
        .start(() -> {
          try {
            running.await();
            caller.interrupt();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });

    assertThatThrownBy(() -> engine.run(workflow, 0)).isInstanceOf(InterruptedException.class);
    assertThat(stopped.getCount()).isZero();
  }

  @Test
  void takesAnInterruptOfABranchByItselfForAFailure() throws InterruptedException {
    var g = Workflow.graph("self", Integer.class);
    var fork = g.step("fork", n -> n);
    var a =
        g.step(
                "a",
                (Integer n, StepContext ctx) -> {
                  if (ctx.attempt() == 1) {
                    throw new InterruptedException("by itself");
                  }
                  Thread.currentThread().interrupt();
                  return n + 1;
                })
            .with(Policy.retry(Duration.ZERO, 2));
    var a2 = g.step("a2", n -> n + 1);
    var b = g.step("b", n -> n);
    var end = g.end();
    g.start(fork).path(a, a2, end).path(b, end);
    fork.fork(a, b);

    assertThat(engine.run(g.build(), 0)).isEqualTo(2);
  }

  @Test
  void takesAnInterruptOfALimitedAttemptByItselfForAFailure() throws InterruptedException {
    var g = Workflow.graph("limited", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) -> {
                  if (ctx.attempt() == 1) {
                    throw new InterruptedException("by itself");
                  }
                  return n + 1;
                })
            .with(Policy.retry(Duration.ZERO, 2).timeout(Duration.ofDays(1)));
    g.start(step).path(step, g.end());

    assertThat(engine.run(g.build(), 0)).isEqualTo(1);
  }

  @Test
  void takesAnInterruptOfAnErrorEdgeByItselfForTheFailureOfItsBranch() throws InterruptedException {
    var g = Workflow.graph("fold", Integer.class);
    var fork = g.step("fork", n -> n);
    var a =
        g.step(
            "a",
            (Integer n, StepContext ctx) -> {
              throw new IOException("down");
            });
    var b = g.step("b", n -> n);
    var end = g.end();
    var failed = g.end("failed");
    g.start(fork).path(a, end).path(b, end);
    fork.fork(a, b);
    a.onError(
        IOException.class,
        (n, e) -> {
          throw new InterruptedException("by itself");
        },
        end);
    fork.onError(BranchFailed.class, (n, e) -> -1, failed);

    assertThat(engine.run(g.build(), 0)).isEqualTo(-1);
  }

  private int blocked(int n, CountDownLatch running, CountDownLatch stopped)
      throws InterruptedException {
    running.countDown();
    try {
      never.await();
    } finally {
      stopped.countDown();
    }
    return n;
  }
}
