package dev.pawl.run;

import static dev.pawl.run.Walk.AT;
import static dev.pawl.run.Walk.DUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is to be done after each event: which attempts begin, stop, and wait.
final class EffectsTest {
  private static final Duration VISIT = Duration.ofMinutes(1);

  enum Way {
    OUT,
    ROUND
  }

  @Test
  void beginsTheFirstNodeAndThenTheNext() {
    var walk = new Walk(line());
    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));

    assertThat(walk.begin("").effects()).isEmpty();
    assertThat(walk.leave("").effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.leave("").effects()).isEmpty();

    assertThat(walk.run().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(walk.ignores(new Event.Pause("too late", AT))).isTrue();
  }

  @Test
  void wakesForARetryAndBeginsItWhenItIsDue() {
    var walk = new Walk(line()).retry("");

    assertThat(walk.recorded())
        .isEqualTo(
            "1: RETRY root first#1 attempt 1 '' because error at first until "
                + DUE
                + " after 5 ms");
    assertThat(walk.effects()).containsExactly(new Effect.Wake("", 1, 2, DUE));
    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            1: 0 steps, 1 branches, RUNNING
            root first#1 BACKOFF attempt 2 input@0 until 2026-01-01T00:00:07Z\
            """);
    assertThat(walk.ignores(new Event.Due("", 1, 2, AT))).isTrue();
    assertThat(walk.due("").effects()).containsExactly(new Effect.Begin(""));
  }

  @Test
  void beginsWhatAPauseHeldBackOnceItIsResumed() {
    var walk = new Walk(line()).on(new Event.Pause("lunch", AT));
    assertThat(walk.effects()).isEmpty();
    assertThat(walk.run().status()).isEqualTo(RunStatus.PAUSED);
    assertThat(walk.ignores(new Event.Pause("tea", AT))).isTrue();

    walk.on(new Event.Resume(AT));

    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.run().status()).isEqualTo(RunStatus.RUNNING);
    assertThat(walk.ignores(new Event.Resume(AT))).isTrue();
  }

  @Test
  void wakesOnlyOnceForAWaitThatAPauseOutlasts() {
    var walk = new Walk(line()).retry("").on(new Event.Pause("lunch", AT));

    walk.on(new Event.Resume(AT));

    assertThat(walk.effects()).isEmpty();
  }

  @Test
  void forgetsTheDeathsOfAnAttemptWhenResumed() {
    var walk = new Walk(line()).again("");
    assertThat(walk.branch("").marks()).isEqualTo(1);

    walk.on(new Event.Pause("lunch", AT)).on(new Event.Resume(AT));

    assertThat(walk.branch("").marks()).isZero();
  }

  @Test
  void beginsEveryBranchOfAForkAndTheirJoin() {
    var walk = new Walk(fork(Join.ALL));

    assertThat(walk.leave("").effects())
        .containsExactly(new Effect.Begin("/1.0"), new Effect.Begin("/1.1"));
    assertThat(walk.leave("/1.0").effects()).isEmpty();
    assertThat(walk.leave("/1.1").effects()).containsExactly(new Effect.Begin(""));
  }

  @Test
  void interruptsTheBranchThatAJoinNoLongerNeedsAndWaitsForItsEnd() {
    var walk = new Walk(fork(Join.ANY)).leave("").begin("/1.0").begin("/1.1");

    assertThat(walk.leave("/1.0").effects()).containsExactly(new Effect.Interrupt("/1.1"));
    assertThat(walk.run().runnable(walk.branch(""))).isFalse();
    assertThat(walk.drained("/1.1").effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.run().branches()).extracting(Branch::id).containsExactly("", "/1.0");
  }

  @Test
  void interruptsOnlyWhatIsUnderWayWhenCancelled() {
    var walk = new Walk(fork(Join.ALL)).leave("").begin("/1.0");

    walk.on(new Event.Cancel("enough", true, AT));

    assertThat(walk.effects()).containsExactly(new Effect.Interrupt("/1.0"));
    assertThat(walk.run().status()).isEqualTo(RunStatus.RUNNING);
    assertThat(walk.drained("/1.0").effects()).isEmpty();
    assertThat(walk.run().status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void setsADeadlineForEachVisitThatMayTakeTooLong() {
    var walk = new Walk(limited());

    assertThat(walk.leave("").effects())
        .containsExactly(new Effect.Begin(""), new Effect.Deadline("", 2, AT.plus(VISIT)));
    assertThat(walk.retry("").effects()).containsExactly(new Effect.Wake("", 2, 2, DUE));
    assertThat(walk.crash().effects())
        .containsExactly(
            new Effect.Wake("", 2, 2, DUE), new Effect.Deadline("", 2, AT.plus(VISIT)));
    assertThat(walk.plan.wake(walk.branch(""))).contains(DUE);
  }

  @Test
  void setsNoDeadlineForAVisitThatMayTakeAnyTime() {
    var walk = new Walk(line());

    assertThat(walk.plan.wake(walk.branch(""))).isEmpty();
  }

  @Test
  void interruptsALateAttemptAndLeavesOnce() {
    var walk = new Walk(limited()).leave("").begin("");

    assertThat(walk.ignores(new Event.Late("", 1))).isTrue();
    assertThat(walk.ignores(new Event.Late("/1.0", 2))).isTrue();
    assertThat(walk.late("").effects())
        .containsExactly(new Effect.Interrupt(""), new Effect.Begin(""));
    assertThat(walk.branch("").task()).isEqualTo(Branch.Task.LATE);
    assertThat(walk.ignores(new Event.Late("", 2))).isTrue();
  }

  @Test
  void interruptsNothingWhenAVisitIsLateBeforeItsAttemptBegins() {
    var walk = new Walk(limited()).leave("");

    assertThat(walk.late("").effects()).containsExactly(new Effect.Begin(""));
  }

  @Test
  void isNotLateOnceItHasForked() {
    var walk = new Walk(fork(Join.ALL)).leave("");

    assertThat(walk.ignores(new Event.Late("", 1))).isTrue();
  }

  @Test
  void waitsInADelayAndThenGoesOn() {
    var walk = new Walk(nap());

    assertThat(walk.delay("").effects()).containsExactly(new Effect.Wake("", 1, 1, DUE));
    assertThat(walk.run().status()).isEqualTo(RunStatus.WAITING);
    var waiting = walk.run();
    assertThat(walk.crash().run()).isEqualTo(waiting).hasSameHashCodeAs(waiting);
    assertThat(walk.effects()).containsExactly(new Effect.Wake("", 1, 1, DUE));

    assertThat(walk.due("").effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.branch("").task()).isEqualTo(Branch.Task.ELAPSED);
  }

  @Test
  void doesNotWaitAgainForADelayThatIsOver() {
    var walk = new Walk(nap()).delay("").due("").retry("");

    assertThat(walk.recorded()).contains("'after the delay'");
    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            1: 0 steps, 1 branches, RUNNING
            root nap#1 BACKOFF ELAPSED attempt 2 input@0 until 2026-01-01T00:00:07Z\
            """);
  }

  @Test
  void recordsTheNameOfThePortThatAChoiceLeavesBy() {
    var walk = new Walk(roundabout());

    walk.leave("");

    assertThat(walk.recorded())
        .isEqualTo("1: LEFT root turn#1 attempt 1 'OUT' to end with s1 after 5 ms");
    assertThat(walk.run().status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void takesNoOutcomeOfAnAttemptThatHasNotBegun() {
    var walk = new Walk(line());
    var left = new Event.Left("", 1, 1, 0, "state", null, AT, Duration.ZERO);

    assertThat(walk.ignores(left)).isTrue();
    assertThat(walk.begin("").ignores(left)).isFalse();
  }

  @Test
  void takesNoOutcomeOfAnotherAttempt() {
    var walk = new Walk(line()).begin("");

    assertThat(
            List.of(
                new Event.Left("", 2, 1, 0, "state", null, AT, Duration.ZERO),
                new Event.Left("", 1, 2, 0, "state", null, AT, Duration.ZERO),
                new Event.Left("/1.0", 1, 1, 0, "state", null, AT, Duration.ZERO)))
        .allMatch(walk::ignores);
  }

  /// The end comes first, so that nothing depends on where it stands.
  private static Workflow<String> line() {
    var g = Workflow.graph("line", String.class);
    var end = g.end();
    var first = g.step("first", s -> s);
    var second = g.step("second", s -> s);
    g.start(first).path(first, second, end);
    return g.build();
  }

  private static Workflow<String> nap() {
    var g = Workflow.graph("nap", String.class);
    var nap = g.delay("nap", s -> DUE);
    g.start(nap).path(nap, g.end());
    return g.build();
  }

  private static Workflow<String> limited() {
    var g = Workflow.graph("limited", String.class);
    var first = g.step("first", s -> s);
    var slow = g.step("slow", s -> s).with(Policy.within(VISIT));
    var end = g.end();
    g.start(first).path(first, slow, end);
    slow.onTimeout(s -> s, end);
    return g.build();
  }

  private static Workflow<String> roundabout() {
    var g = Workflow.graph("roundabout", String.class);
    var turn = g.choice("turn", Way.class, (s, ctx) -> Outcome.to(Way.ROUND, s));
    turn.on(Way.OUT, g.end()).on(Way.ROUND, turn);
    g.start(turn);
    return g.build();
  }

  private static Workflow<String> fork(Join mode) {
    var g = Workflow.graph("fork", String.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var b = g.step("b", s -> s);
    var join = g.join("join", mode);
    g.start(begin);
    begin.fork(a, b);
    g.path(a, join).path(b, join).path(join, g.end());
    return g.build();
  }
}
