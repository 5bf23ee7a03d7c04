package dev.pawl.engine.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.Engine;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.TimedOut;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Nodes of inline runs that limit the time of an attempt or a visit.
final class InlineLimitsTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  /// Long enough to begin with two branches, also on a busy machine.
  private static final Duration SOON = Duration.ofMillis(500);

  private static final Duration LONG = Duration.ofMinutes(1);
  private final Engine engine = Engine.inline();
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void runsALimitedAttemptOnAVirtualThread() throws InterruptedException {
    var g = Workflow.graph("limited", Boolean.class);
    var step =
        g.step("step", b -> Thread.currentThread().isVirtual()).with(Policy.DEFAULT.timeout(LONG));
    g.start(step).path(step, g.end());

    assertThat(engine.run(g.build(), false)).isTrue();
  }

  @Test
  void interruptsAnAttemptAtItsLimit() throws InterruptedException {
    var interrupted = new CountDownLatch(1);
    var g = Workflow.graph("slow", String.class);
    var step =
        g.step(
                "step",
                (String s, StepContext ctx) -> {
                  try {
                    never.await();
                  } finally {
                    interrupted.countDown();
                  }
                  return s;
                })
            .with(Policy.DEFAULT.timeout(SHORT));
    g.start(step).path(step, g.end());
    var workflow = g.build();

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, ""));

    interrupted.await();
    assertThat(failure.node()).isEqualTo("step");
    assertThat(failure)
        .cause()
        .isInstanceOf(TimedOut.class)
        .hasMessage("attempt 1 of step took longer than PT0.02S");
  }

  @Test
  void repeatsAnAttemptThatTimedOut() throws InterruptedException {
    var g = Workflow.graph("second", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) -> {
                  if (ctx.attempt() == 1) {
                    never.await();
                  }
                  return ctx.attempt();
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ZERO, 2)).timeout(SHORT));
    g.start(step).path(step, g.end());

    assertThat(engine.run(g.build(), 0)).isEqualTo(2);
  }

  @Test
  void leavesAnAttemptBehindThatIgnoresItsInterrupt() throws InterruptedException {
    var late = new AtomicReference<Throwable>();
    var free = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var g = Workflow.graph("deaf", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) -> {
                  if (ctx.attempt() == 2) {
                    return n + 1;
                  }
                  awaitDeafly(free);
                  try {
                    ctx.now();
                  } catch (IllegalStateException e) {
                    late.set(e);
                  }
                  done.countDown();
                  return n + 100;
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ZERO, 2)).timeout(SHORT));
    g.start(step).path(step, g.end());

    var end = engine.run(g.build(), 0);
    free.countDown();
    done.await();

    assertThat(end).isEqualTo(1);
    assertThat(late.get()).isInstanceOf(IllegalStateException.class);
  }

  private static void awaitDeafly(CountDownLatch latch) {
    for (; ; ) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // Ignoring it is the point.
      }
    }
  }

  @Test
  void passesOnWhatALimitedAttemptThrows() {
    var g = Workflow.graph("throws", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) -> {
                  throw new IOException("down");
                })
            .with(Policy.DEFAULT.timeout(LONG));
    g.start(step).path(step, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> engine.run(workflow, 0)).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void leavesALateVisitByTheTimeoutEdge() throws InterruptedException {
    var g = Workflow.graph("late", String.class);
    var step =
        g.step(
                "step",
                (String s, StepContext ctx) -> {
                  never.await();
                  return "done";
                })
            .with(Policy.within(SHORT));
    var end = g.end();
    g.start(step).path(step, end);
    step.onTimeout(s -> s + " late", end);

    assertThat(engine.run(g.build(), "was")).isEqualTo("was late");
  }

  @Test
  void endsALateVisitWhileItWaitsForAnAttempt() throws InterruptedException {
    var g = Workflow.graph("late", String.class);
    var step =
        g.step(
                "step",
                (String s, StepContext ctx) -> {
                  throw new IOException("down");
                })
            .with(Policy.within(SHORT).retry(Retry.fixed(LONG, 2)));
    var end = g.end();
    g.start(step).path(step, end);
    step.onTimeout(s -> s + " late", end);

    assertThat(engine.run(g.build(), "was")).isEqualTo("was late");
  }

  @Test
  void takesALateVisitWithoutATimeoutEdgeForAnErrorThatIsNotRepeated() {
    var g = Workflow.graph("late", String.class);
    var step =
        g.step(
                "step",
                (String s, StepContext ctx) -> {
                  never.await();
                  return s;
                })
            .with(Policy.within(SHORT).retry(Retry.fixed(Duration.ZERO, 5)));
    g.start(step).path(step, g.end());
    var workflow = g.build();

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, ""));

    assertThat(failure.attempts()).isEqualTo(1);
    assertThat(failure)
        .cause()
        .isInstanceOf(TimedOut.class)
        .hasMessage("the visit of step took longer than PT0.02S");
  }

  @Test
  void limitsTheVisitOfANodeWithBranches() throws InterruptedException {
    var stopped = new CountDownLatch(1);
    var g = Workflow.graph("fork", String.class);
    var fork = g.step("fork", s -> s + "!").with(Policy.within(SOON));
    var quick = g.step("quick", s -> s);
    var stuck =
        g.step(
            "stuck",
            (String s, StepContext ctx) -> {
              try {
                never.await();
              } finally {
                stopped.countDown();
              }
              return s;
            });
    var end = g.end();
    var late = g.end("late");
    g.start(fork).path(quick, end).path(stuck, end);
    fork.fork(quick, stuck).onTimeout(s -> s + " late", late);

    var state = engine.run(g.build(), "was");

    assertThat(state).isEqualTo("was! late");
    assertThat(stopped.getCount()).isZero();
  }

  @Test
  void tellsAnAttemptWhenItIsInterrupted() throws InterruptedException {
    var g = Workflow.graph("deadline", Boolean.class);
    var step =
        g.step(
                "step",
                (Boolean b, StepContext ctx) -> {
                  var left = Duration.between(ctx.now(), ctx.deadline());
                  return left.isPositive() && left.compareTo(LONG) <= 0;
                })
            .with(Policy.DEFAULT.timeout(LONG));
    g.start(step).path(step, g.end());

    assertThat(engine.run(g.build(), false)).isTrue();
  }

  @Test
  void doesNotLimitHowManyAttemptsRunAtOnce() throws Exception {
    var both = new CyclicBarrier(2);
    var g = Workflow.graph("meeting", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) -> {
                  both.await(1, TimeUnit.MINUTES);
                  return n + 1;
                })
            .with(Policy.DEFAULT.concurrency(1));
    g.start(step).path(step, g.end());
    var workflow = g.build();

    var other = new FutureTask<>(() -> engine.run(workflow, 10));
    Thread.ofVirtual().start(other);

    assertThat(engine.run(workflow, 0)).isEqualTo(1);
    assertThat(other.get()).isEqualTo(11);
  }
}
