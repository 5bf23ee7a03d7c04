package dev.pawl.run;

import static dev.pawl.run.Walk.AT;
import static dev.pawl.run.Walk.TOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How a run that fails or is cancelled, or a branch that is not needed, undoes what it has done.
final class UndoTest {
  @Test
  void undoesTheNewestVisitFirstWhenARunFails() {
    var walk = new Walk(trip()).leave("").leave("");
    assertThat(walk.run().floor()).isEqualTo(1);

    walk.giveUp("");

    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 2 steps, 1 branches, COMPENSATING
            root hotel#2 READY UNDO s2@2\
            """);
    assertThat(undone(walk).recorded())
        .isEqualTo("4: UNDONE root hotel#2 attempt 1 '2' after 5 ms");
    assertThat(walk.shown()).endsWith("root flight#1 READY UNDO s2@2");
    assertThat(undone(walk).recorded())
        .isEqualTo("5: UNDONE root flight#1 attempt 1 '1' after 5 ms");
    assertThat(walk.run().status()).isEqualTo(RunStatus.FAILED);
    assertThat(walk.effects()).isEmpty();
    assertThat(walk.ignores(new Event.Pause("too late", AT))).isTrue();
  }

  @Test
  void undoesWhatACancelledRunHasDone() {
    var walk = new Walk(trip()).leave("").on(new Event.Cancel("enough", true, AT));
    assertThat(walk.run().status()).isEqualTo(RunStatus.COMPENSATING);
    assertThat(walk.ignores(new Event.Cancel("again", true, AT))).isTrue();
    assertThat(walk.ignores(new Event.Late("", 1))).isTrue();

    undone(walk);

    assertThat(walk.run().status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void undoesNothingOfARunThatIsAbandoned() {
    var walk = new Walk(trip()).leave("").on(new Event.Cancel("enough", false, AT));

    assertThat(walk.recorded()).isEqualTo("2: ABANDONED 'enough' after 0 ms");
    assertThat(walk.run().status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void waitsForTheAttemptUnderWayAndUndoesWhatItHasDone() {
    var walk = new Walk(trip()).leave("").begin("");
    var left = new Event.Left("", 2, 1, 0, "late", null, AT, TOOK);

    walk.on(new Event.Cancel("enough", true, AT));
    assertThat(walk.effects()).containsExactly(new Effect.Interrupt(""));
    walk.on(new Event.Drained("", Optional.of(left)));

    assertThat(walk.recorded())
        .isEqualTo("3: FINISHED root hotel#2 attempt 1 '' with late after 5 ms");
    assertThat(walk.branch("").undo()).isEqualTo(new Undo(3, "", 2, 1));
    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
  }

  @Test
  void undoesNoVisitThatLeftByAnErrorEdge() {
    var walk = new Walk(trip()).rescue("", 0);

    assertThat(walk.giveUp("").run().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void triesACompensationAgain() {
    var walk = new Walk(trip()).leave("").on(new Event.Cancel("enough", true, AT)).retry("");

    assertThat(walk.recorded()).contains("RETRY root flight#1 attempt 1 'undo 1'");
    assertThat(walk.branch("").phase()).isEqualTo(Branch.Phase.BACKOFF);
    assertThat(walk.due("").effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.branch("").task()).isEqualTo(Branch.Task.UNDO);
  }

  @Test
  void pausesWhenACompensationGivesUp() {
    var walk = new Walk(trip()).leave("").on(new Event.Cancel("enough", true, AT)).giveUp("");

    assertThat(walk.run().paused()).isEqualTo("the compensation of flight gave up: error");
    assertThat(walk.run().status()).isEqualTo(RunStatus.PAUSED);

    walk.on(new Event.Resume(AT));

    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
    assertThat(undone(walk).run().status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void undoesWhatTheLosersOfARaceHaveDoneBeforeItGoesOn() {
    var walk = new Walk(race()).leave("").leave("/1.0").leave("/1.1");

    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            3: 3 steps, 3 branches, RUNNING
            root slow#1 READY UNDO s1@1 (of 2: 2 started, 1 done, 0 failed, 1 needed)
            /1.1 fast#1 ARRIVED s3@3\
            """);
    undone(walk);

    assertThat(walk.recorded()).isEqualTo("4: UNDONE root slow#1 attempt 1 '2' after 5 ms");
    assertThat(walk.shown()).contains("root join#2 READY JOIN s1@1");
    assertThat(walk.leave("").run().undos().oldest(99)).isEqualTo(3);
  }

  @Test
  void undoesWhatALoserStillFinishes() {
    var walk = new Walk(race()).leave("").begin("/1.0").leave("/1.1");
    var left = new Event.Left("/1.0", 1, 1, 0, "late", null, AT, TOOK);
    assertThat(walk.shown()).contains("root join#2 READY JOIN").contains("/1.0 slow#1 DRAINING");

    walk.on(new Event.Drained("/1.0", Optional.of(left)));

    assertThat(walk.recorded()).startsWith("3: FINISHED /1.0 slow#1");
    assertThat(walk.branch("").undo()).isEqualTo(new Undo(3, "/1.0", 1, 1));
    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
  }

  private static Walk undone(Walk walk) {
    var at = walk.begin("").branch("");
    return walk.on(new Event.Undone("", at.visit(), at.attempt(), AT, TOOK));
  }

  private static Workflow<String> trip() {
    var g = Workflow.graph("trip", String.class);
    var flight = g.step("flight", s -> s).compensate((s, ctx) -> {});
    var hotel = g.step("hotel", s -> s).compensate((s, ctx) -> {});
    var pay = g.step("pay", s -> s);
    g.start(flight).path(flight, hotel, pay, g.end());
    return g.build();
  }

  private static Workflow<String> race() {
    var g = Workflow.graph("race", String.class);
    var begin = g.step("begin", s -> s);
    var slow = g.step("slow", s -> s).compensate((s, ctx) -> {});
    var more = g.step("more", s -> s);
    var fast = g.step("fast", s -> s).compensate((s, ctx) -> {});
    var join = g.join("join", Join.ANY);
    g.start(begin);
    begin.fork(slow, fast);
    g.path(slow, more, join).path(fast, join).path(join, g.end());
    return g.build();
  }
}
