package dev.pawl.engine.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.Engine;
import dev.pawl.engine.NotInline;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An inline run goes from step to step on the caller's thread.
final class InlineStepsTest {
  private final Engine engine = Engine.inline();

  private enum Size {
    SMALL,
    LARGE
  }

  @Test
  void passesTheStateFromStepToStep() throws InterruptedException {
    var chain = Workflow.graph("chain", String.class);
    var first = chain.step("first", s -> s + "1");
    var second = chain.step("second", s -> s + "2");
    chain.start(first).path(first, second, chain.end());

    var end = engine.run(chain.build(), "0");

    assertThat(end).isEqualTo("012");
  }

  @Test
  void callsStepsOnTheThreadOfTheCaller() throws InterruptedException {
    var threads = new ArrayList<Thread>();
    var g = Workflow.graph("threads", Integer.class);
    var step =
        g.step(
            "step",
            n -> {
              threads.add(Thread.currentThread());
              return n + 1;
            });
    g.start(step).path(step, g.end());
    step.when("again", n -> n < 3, step);

    engine.run(g.build(), 0);

    assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
  }

  @Test
  void takesTheFirstEdgeThatAcceptsTheStateAfterTheStep() throws InterruptedException {
    var g = Workflow.graph("edges", Integer.class);
    var step = g.step("step", n -> n + 1);
    var hundreds = g.step("hundreds", n -> n + 100);
    var tens = g.step("tens", n -> n + 10);
    var end = g.end();
    g.start(step).path(hundreds, end).path(tens, end);
    step.when("odd", n -> n % 2 == 1, hundreds).when("below four", n -> n < 4, tens).otherwise(end);
    var workflow = g.build();

    assertThat(engine.run(workflow, 0)).isEqualTo(101);
    assertThat(engine.run(workflow, 1)).isEqualTo(12);
    assertThat(engine.run(workflow, 5)).isEqualTo(6);
  }

  @Test
  void leavesAChoiceByThePortThatItNames() throws InterruptedException {
    var g = Workflow.graph("choice", String.class);
    var size =
        g.choice(
            "size",
            Size.class,
            (s, ctx) -> Outcome.to(s.length() > 3 ? Size.LARGE : Size.SMALL, s + "!"));
    var small = g.step("small", s -> s + " is small");
    var large = g.step("large", s -> s + " is large");
    var end = g.end();
    g.start(size).path(small, end).path(large, end);
    size.on(Size.LARGE, large).on(Size.SMALL, small);
    var workflow = g.build();

    assertThat(engine.run(workflow, "cat")).isEqualTo("cat! is small");
    assertThat(engine.run(workflow, "tiger")).isEqualTo("tiger! is large");
  }

  @Test
  void failsAStepThatReturnsNull() {
    var g = Workflow.graph("null", String.class);
    var step = g.step("nothing", (s, ctx) -> null);
    g.start(step).path(step, g.end());
    var workflow = g.build();

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, ""));

    assertThat(failure.run()).isEqualTo("null");
    assertThat(failure.node()).isEqualTo("nothing");
    assertThat(failure.attempts()).isEqualTo(1);
    assertThat(failure).hasCauseInstanceOf(NullPointerException.class);
    assertThat(failure.getCause()).hasMessageContaining("nothing");
  }

  @Test
  void failsAStepWhoseStateNoEdgeAccepts() {
    var g = Workflow.graph("stuck", Integer.class);
    var step = g.step("step", n -> n);
    g.start(step);
    step.when("positive", n -> n > 0, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> engine.run(workflow, 0))
        .isInstanceOf(RunFailed.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no edge of step matches; add otherwise(...)");
  }

  @Test
  void outlivesAStackOverflow() {
    var g = Workflow.graph("deep", Integer.class);
    var step = g.step("step", InlineStepsTest::deeper);
    g.start(step).path(step, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> engine.run(workflow, 0))
        .isInstanceOf(RunFailed.class)
        .hasCauseInstanceOf(StackOverflowError.class);
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int deeper(int n) {
    return deeper(n + 1) + 1;
  }

  @Test
  void runsOneWorkflowFromManyThreads() throws InterruptedException {
    var g = Workflow.graph("shared", Integer.class);
    var step = g.step("step", n -> n + 1);
    g.start(step).path(step, g.end());
    step.when("again", n -> n % 1000 != 0, step);
    var workflow = g.build();
    var ends = new Integer[4];
    var threads = new ArrayList<Thread>();

    for (int i = 0; i < ends.length; i++) {
      int index = i;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  ends[index] = engine.run(workflow, index * 1000);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }

    assertThat(List.of(ends)).containsExactly(1000, 2000, 3000, 4000);
  }

  @Test
  void refusesAWorkflowThatWaitsBeforeAnythingRuns() {
    var runs = new ArrayList<Integer>();
    var g = Workflow.graph("patient", Integer.class);
    var step =
        g.step(
            "step",
            n -> {
              runs.add(n);
              return n;
            });
    var delay = g.delay("cool off", n -> Instant.EPOCH);
    g.start(step).path(step, delay, g.end());
    var outer = Workflow.graph("outer", Integer.class);
    var call = outer.call("inner", g.build(), n -> n, (n, end) -> end);
    outer.start(call).path(call, outer.end());
    var workflow = outer.build();

    assertThatThrownBy(() -> engine.run(workflow, 0))
        .isInstanceOf(NotInline.class)
        .hasMessageContaining("workflow outer waits at inner/cool off");
    assertThat(runs).isEmpty();
  }
}
