package dev.pawl.run;

import static dev.pawl.run.Walk.AT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// From a fork to its join, and what becomes of the branches on the way.
final class ForksTest {
  @Test
  void opensABranchForEachTarget() {
    var walk = new Walk(trio(Join.ALL));

    walk.leave("");

    assertThat(walk.recorded())
        .isEqualTo("1: LEFT root begin#1 attempt 1 '' to join|a|b|c with s1 after 5 ms");
    assertThat(walk.shown())
        .isEqualTo(
            """
            1: 1 steps, 4 branches, RUNNING
            root begin#1 BLOCKED s1@1 (of 3: 3 started, 0 done, 0 failed, 3 needed)
            /1.0 a#1 READY s1@1
            /1.1 b#1 READY s1@1
            /1.2 c#1 READY s1@1\
            """);
    assertThat(walk.run().floor()).isEqualTo(1);
  }

  @Test
  void goesOnAtTheJoinWhenEveryBranchHasArrived() {
    var walk = new Walk(trio(Join.ALL));

    walk.leave("").leave("/1.0").leave("/1.0").leave("/1.1").leave("/1.2");

    assertThat(walk.recorded())
        .isEqualTo("5: LEFT /1.2 c#1 attempt 1 '' to join with s5 after 5 ms");
    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            5: 5 steps, 4 branches, RUNNING
            root join#2 READY JOIN s1@1 (of 3: 3 started, 3 done, 0 failed, 3 needed)
            /1.0 more#2 ARRIVED s3@3
            /1.1 b#1 ARRIVED s4@4
            /1.2 c#1 ARRIVED s5@5\
            """);
    assertThat(walk.leave("").shown()).isEqualTo("6: 6 steps, 4 branches, COMPLETED");
    assertThat(walk.plan.name(walk.run().end())).isEqualTo("end");
  }

  @Test
  void dropsTheBranchesThatAJoinDoesNotNeed() {
    var walk = new Walk(trio(Join.atLeast(2)));

    walk.leave("").leave("/1.1").leave("/1.2");

    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            3: 3 steps, 4 branches, RUNNING
            root join#2 READY JOIN s1@1 (of 3: 3 started, 2 done, 0 failed, 2 needed)
            /1.1 b#1 ARRIVED s2@2
            /1.2 c#1 ARRIVED s3@3\
            """);
  }

  @Test
  void dropsWhatHasArrivedAtAnInnerJoinThatIsNotNeeded() {
    var walk = new Walk(nested(Join.ALL, Join.ANY));

    walk.leave("").leave("/1.0").leave("/1.0/1.0").leave("/1.1");

    assertThat(walk.shown())
        .isEqualTo(
            """
            4: 4 steps, 5 branches, RUNNING
            root outer#2 READY JOIN s1@1 (of 2: 2 started, 1 done, 0 failed, 1 needed)
            /1.1 b#1 ARRIVED s4@4\
            """);
  }

  @Test
  void waitsAtTheJoinForAnAttemptThatEndsWhileOtherBranchesGoOn() {
    var walk = new Walk(nested(Join.ANY, Join.ALL));

    walk.leave("").leave("/1.0").begin("/1.0/1.1").leave("/1.0/1.0");

    assertThat(walk.effects()).containsExactly(new Effect.Interrupt("/1.0/1.1"));
    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 3 steps, 5 branches, RUNNING
            root begin#1 BLOCKED s1@1 (of 2: 2 started, 0 done, 0 failed, 2 needed)
            /1.0 inner#2 READY JOIN s2@2 (of 2: 2 started, 1 done, 0 failed, 1 needed)
            /1.0/1.0 d#1 ARRIVED s3@3
            /1.0/1.1 e#1 DRAINING s2@2
            /1.1 b#1 READY s1@1\
            """);
    assertThat(walk.ignores(new Event.Begun("/1.0", 2, 1))).isTrue();
    assertThat(walk.ignores(new Event.Begun("/1.1", 1, 1))).isFalse();
    assertThat(walk.drained("/1.0/1.1").effects()).containsExactly(new Effect.Begin("/1.0"));
  }

  @Test
  void drainsOnlyBranchesThatWereCancelled() {
    var walk = new Walk(trio(Join.ALL)).leave("").begin("/1.0");

    assertThat(walk.ignores(new Event.Drained("/1.0", Optional.empty()))).isTrue();
    assertThat(walk.ignores(new Event.Drained("/1.9", Optional.empty()))).isTrue();
  }

  @Test
  void keepsOfACancelledRunOnlyWhatDrains() {
    var walk = new Walk(nested(Join.ANY, Join.ALL));

    walk.leave("").leave("/1.0").begin("/1.0/1.1").leave("/1.0/1.0");
    walk.on(new Event.Cancel("enough", true, AT));

    assertThat(walk.recorded()).isEqualTo("4: CANCELLED 'enough' after 0 ms");
    assertThat(walk.effects()).isEmpty();
    assertThat(walk.shown())
        .isEqualTo(
            """
            4: 3 steps, 5 branches, RUNNING
            root begin#1 READY s1@1
            /1.0/1.1 e#1 DRAINING s2@2\
            """);
    assertThat(walk.ignores(new Event.Pause("too late", AT))).isTrue();
    assertThat(walk.drained("/1.0/1.1").run().status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void toleratesTheFailuresThatLeaveEnoughBranches() {
    var walk = new Walk(trio(Join.atLeast(2)));

    walk.leave("").giveUp("/1.0");

    assertThat(walk.recorded())
        .isEqualTo("2: GAVE_UP /1.0 a#1 attempt 1 '' because error at a after 5 ms");
    assertThat(walk.shown())
        .isEqualTo(
            """
            2: 1 steps, 4 branches, RUNNING
            root begin#1 BLOCKED s1@1 (of 3: 3 started, 0 done, 1 failed, 2 needed)
            /1.1 b#1 READY s1@1
            /1.2 c#1 READY s1@1\
            """);
  }

  @Test
  void failsTheRunWhenTooFewBranchesAreLeft() {
    var walk = new Walk(trio(Join.atLeast(2)));

    walk.leave("").giveUp("/1.0").giveUp("/1.1");

    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 1 steps, 4 branches, FAILED
            root begin#1 READY s1@1\
            """);
    assertThat(walk.run().goal())
        .isEqualTo(new RunState.Goal(RunStatus.FAILED, "error", walk.fact().failure()));
  }

  @Test
  void leavesByAnErrorEdgeWhenABranchFailed() {
    var walk = new Walk(rescued());

    walk.leave("").begin("/1.1").giveUp("/1.0");

    assertThat(walk.effects()).containsExactly(new Effect.Interrupt("/1.1"));
    assertThat(walk.shown())
        .isEqualTo(
            """
            2: 1 steps, 3 branches, RUNNING
            root begin#1 READY FAILED s1@1 (of 2: 2 started, 0 done, 1 failed, 2 needed)\
             because error at a
            /1.1 b#1 DRAINING s1@1\
            """);
    assertThat(walk.ignores(new Event.Late("", 1))).isTrue();
    assertThat(walk.drained("/1.1").effects()).containsExactly(new Effect.Begin(""));

    walk.rescue("", 0);

    assertThat(walk.recorded())
        .isEqualTo(
            "3: LEFT root begin#1 attempt 1 'error Exception' to rescue with s3"
                + " because error at begin after 5 ms");
    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 2 steps, 3 branches, RUNNING
            root rescue#2 READY s3@3\
            """);
  }

  @Test
  void dropsWhatHasArrivedWhenItIsLateAtTheJoin() {
    var walk = new Walk(trio(Join.ANY)).leave("").leave("/1.1");

    walk.late("");

    assertThat(walk.shown())
        .isEqualTo(
            """
            2: 2 steps, 4 branches, RUNNING
            root join#2 READY LATE s1@1 (of 3: 3 started, 1 done, 0 failed, 1 needed)\
            """);
  }

  @Test
  void mergesAtAnEndWhereBranchesMeet() {
    var walk = new Walk(meetingAtTheEnd());

    walk.leave("").leave("/1.0").leave("/1.1");

    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 3 steps, 3 branches, RUNNING
            root end#2 READY JOIN s1@1 (of 2: 2 started, 2 done, 0 failed, 2 needed)
            /1.0 a#1 ARRIVED s2@2
            /1.1 b#1 ARRIVED s3@3\
            """);
    assertThat(walk.leave("").recorded())
        .isEqualTo("4: LEFT root end#2 attempt 1 '' to end with s4 after 5 ms");
    assertThat(walk.run().status()).isEqualTo(RunStatus.COMPLETED);
  }

  /// The join comes first, so that nothing depends on where it stands.
  static Workflow<String> trio(Join mode) {
    var g = Workflow.graph("trio", String.class);
    var join = g.join("join", mode);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var more = g.step("more", s -> s);
    var b = g.step("b", s -> s);
    var c = g.step("c", s -> s);
    g.start(begin);
    begin.fork(a, b, c);
    g.path(a, more, join).path(b, join).path(c, join).path(join, g.end());
    return g.build();
  }

  private static Workflow<String> nested(Join innerMode, Join outerMode) {
    var g = Workflow.graph("nested", String.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var d = g.step("d", s -> s);
    var e = g.step("e", s -> s);
    var inner = g.join("inner", innerMode);
    var b = g.step("b", s -> s);
    var outer = g.join("outer", outerMode);
    g.start(begin);
    begin.fork(a, b);
    a.fork(d, e);
    g.path(d, inner).path(e, inner).path(inner, outer).path(b, outer).path(outer, g.end());
    return g.build();
  }

  private static Workflow<String> rescued() {
    var g = Workflow.graph("rescued", String.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var b = g.step("b", s -> s);
    var join = g.join("join", Join.ALL);
    var rescue = g.step("rescue", s -> s);
    var end = g.end();
    g.start(begin);
    begin.fork(a, b).onError(Exception.class, (s, x) -> s, rescue);
    g.path(a, join).path(b, join).path(join, end).path(rescue, end);
    return g.build();
  }

  private static Workflow<String> meetingAtTheEnd() {
    var g = Workflow.graph("meetingAtTheEnd", String.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var b = g.step("b", s -> s);
    var end = g.end();
    g.start(begin);
    begin.fork(a, b);
    g.path(a, end).path(b, end);
    return g.build();
  }
}
