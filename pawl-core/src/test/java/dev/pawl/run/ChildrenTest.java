package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The children of a map, a call and a parallel node: when they start, how they end, and what their
/// failures come to.
final class ChildrenTest {
  record Batch(List<String> items) {}

  @Test
  void startsAsManyItemsAsAMapIsWide() {
    var walk = new Walk(batch());

    walk.open("", 5);

    assertThat(walk.recorded()).isEqualTo("1: OPENED root map#1 attempt 1 '5' after 0 ms");
    assertThat(walk.effects()).containsExactly(new Effect.Begin("/1.0"), new Effect.Begin("/1.1"));
    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            1: 0 steps, 6 branches, RUNNING
            root map#1 BLOCKED input@0 (of 5: 2 started, 0 done, 0 failed, 3 needed)
            /1.0 map/first#1 READY null@1
            /1.1 map/first#1 READY null@1\
            """);
  }

  @Test
  void startsTheNextItemWhenOneHasEnded() {
    var walk = new Walk(batch()).open("", 5);

    walk.leave("/1.0");
    assertThat(walk.shown()).contains("/1.0 map/second#2 READY s2@2");
    walk.leave("/1.0");

    assertThat(walk.recorded())
        .isEqualTo("3: LEFT /1.0 map/second#2 attempt 1 '' to map/end with s3 after 5 ms");
    assertThat(walk.effects()).containsExactly(new Effect.Begin("/1.2"));
    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            3: 0 steps, 6 branches, RUNNING
            root map#1 BLOCKED input@0 (of 5: 3 started, 1 done, 0 failed, 3 needed)
            /1.1 map/first#1 READY null@1
            /1.2 map/first#1 READY null@0\
            """);
  }

  @Test
  void foldsWhenEveryItemHasEndedAndFewEnoughHaveFailed() {
    var walk = new Walk(batch()).open("", 3);

    walk.giveUp("/1.0").leave("/1.1").leave("/1.1").leave("/1.2").leave("/1.2");

    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            6: 0 steps, 4 branches, RUNNING
            root map#1 READY FOLD input@0 (of 3: 3 started, 2 done, 1 failed, 2 needed)\
            """);
    assertThat(walk.leave("").shown()).isEqualTo("7: 1 steps, 4 branches, COMPLETED");
  }

  @Test
  void failsWhenMoreItemsFailThanAreTolerated() {
    var walk = new Walk(batch()).open("", 5);

    walk.giveUp("/1.0").giveUp("/1.1");
    assertThat(walk.shown()).contains("(of 5: 4 started, 0 done, 2 failed, 3 needed)");
    walk.giveUp("/1.2");

    assertThat(walk.shown())
        .isEqualTo(
            """
            4: 0 steps, 6 branches, FAILED
            root map#1 READY input@0\
            """);
  }

  @Test
  void foldsAMapOfNothingAtOnce() {
    var walk = new Walk(batch());

    walk.open("", 0);

    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.shown())
        .isEqualTo(
            """
            1: 0 steps, 1 branches, RUNNING
            root map#1 READY FOLD input@0 (of 0: 0 started, 0 done, 0 failed, 0 needed)\
            """);
  }

  @Test
  void leavesItToAnItemWhatAFailureInItComesTo() {
    var walk = new Walk(mapOfForks()).open("", 2).leave("/1.0");

    walk.giveUp("/1.0/1.0");
    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 0 steps, 6 branches, RUNNING
            root map#1 BLOCKED input@0 (of 2: 2 started, 0 done, 0 failed, 1 needed)
            /1.0 map/begin#1 READY FAILED s2@2 (of 3: 3 started, 0 done, 1 failed, 3 needed)\
             because error at map/a
            /1.1 map/begin#1 READY null@1\
            """);
    walk.giveUp("/1.0");

    assertThat(walk.shown())
        .isEqualTo(
            """
            4: 0 steps, 6 branches, RUNNING
            root map#1 BLOCKED input@0 (of 2: 2 started, 0 done, 1 failed, 1 needed)
            /1.1 map/begin#1 READY null@1\
            """);
  }

  @Test
  void countsNoStepsBelowAnItem() {
    var walk = new Walk(mapOfForks()).open("", 1).leave("/1.0");

    walk.leave("/1.0/1.1");

    assertThat(walk.run().steps()).isZero();
  }

  @Test
  void countsTheStepsBelowAMapThatForksLater() {
    var walk = new Walk(forkingMap()).open("", 0);

    walk.leave("").leave("/1.1");

    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 2 steps, 3 branches, RUNNING
            root map#1 BLOCKED s2@2 (of 2: 2 started, 1 done, 0 failed, 2 needed)
            /1.0 call#1 READY s2@2
            /1.1 other#1 ARRIVED s3@3\
            """);
  }

  @Test
  void failsTheRunBelowAMapThatForksLater() {
    var walk = new Walk(forkingMap()).open("", 0).leave("").open("/1.0", 1, "sub");

    walk.giveUp("/1.0/1.0");

    assertThat(walk.run().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void runsWhatIsCalledOnABranch() {
    var walk = new Walk(call()).open("", 1, "sub");

    assertThat(walk.recorded())
        .isEqualTo("1: OPENED root call#1 attempt 1 '1' with sub after 0 ms");
    assertThat(walk.shown())
        .isEqualTo(
            """
            1: 0 steps, 2 branches, RUNNING
            root call#1 BLOCKED input@0 (of 1: 1 started, 0 done, 0 failed, 1 needed)
            /1.0 call/begin#1 READY sub@1\
            """);
    assertThat(walk.leave("/1.0").recorded())
        .isEqualTo(
            "2: LEFT /1.0 call/begin#1 attempt 1 '' to call/join|call/a|call/b|call/c with s2"
                + " after 5 ms");
  }

  @Test
  void foldsWhatACallCameTo() {
    var walk = new Walk(call()).open("", 1, "sub").leave("/1.0");

    walk.leave("/1.0/1.0").leave("/1.0/1.0").leave("/1.0/1.1").leave("/1.0/1.2").leave("/1.0");

    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            7: 6 steps, 5 branches, RUNNING
            root call#1 READY FOLD input@0 (of 1: 1 started, 1 done, 0 failed, 1 needed)
            /1.0 call/join#2 ARRIVED s7@7\
            """);
  }

  @Test
  void failsTheRunWhenWhatIsCalledFails() {
    var walk = new Walk(call()).open("", 1, "sub").leave("/1.0");

    walk.giveUp("/1.0/1.1");

    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 1 steps, 5 branches, FAILED
            root call#1 READY input@0\
            """);
  }

  @Test
  void leavesACallByItsErrorEdgeWhenWhatIsCalledFails() {
    var walk = new Walk(callWithRescue()).open("", 1, "sub").leave("/1.0");

    walk.giveUp("/1.0/1.1");

    assertThat(walk.shown())
        .isEqualTo(
            """
            3: 1 steps, 5 branches, RUNNING
            root call#1 READY FAILED input@0 (of 1: 1 started, 0 done, 1 failed, 1 needed)\
             because error at call/b\
            """);
  }

  @Test
  void foldsTheBranchesOfAParallelNode() {
    var walk = new Walk(papers());
    assertThat(walk.shown())
        .isEqualTo(
            """
            0: 0 steps, 3 branches, RUNNING
            root papers#1 BLOCKED input@0 (of 2: 2 started, 0 done, 0 failed, 2 needed)
            /1.0 papers/x#1 READY input@0
            /1.1 papers/y#1 READY input@0\
            """);

    walk.leave("/1.0").leave("/1.1");

    assertThat(walk.shown())
        .isEqualTo(walk.crash().shown())
        .isEqualTo(
            """
            2: 2 steps, 3 branches, RUNNING
            root papers#1 READY FOLD input@0 (of 2: 2 started, 2 done, 0 failed, 2 needed)
            /1.0 papers/x#1 ARRIVED s1@1
            /1.1 papers/y#1 ARRIVED s2@2\
            """);
  }

  private static Workflow<Batch> batch() {
    var item = Workflow.graph("item", String.class);
    var first = item.step("first", i -> i);
    var second = item.step("second", i -> i);
    item.start(first).path(first, second, item.end());
    var g = Workflow.graph("batch", Batch.class);
    var map = g.map("map", Batch::items, item.build(), (s, r) -> s).width(2).tolerate(0.4);
    g.start(map).path(map, g.end());
    return g.build();
  }

  private static Workflow<Batch> mapOfForks() {
    var g = Workflow.graph("mapOfForks", Batch.class);
    var map =
        g.map("map", Batch::items, ForksTest.trio(Join.ALL), (s, r) -> s).width(2).tolerate(0.5);
    g.start(map).path(map, g.end());
    return g.build();
  }

  private static Workflow<Batch> forkingMap() {
    var sub = Workflow.graph("sub", String.class);
    var only = sub.step("only", s -> s);
    sub.start(only).path(only, sub.end());
    var called = sub.build();
    var g = Workflow.graph("forkingMap", Batch.class);
    var map = g.map("map", Batch::items, called, (s, r) -> s);
    var call = g.call("call", called, s -> "", (s, r) -> s);
    var other = g.step("other", s -> s);
    var join = g.join("join", Join.ALL);
    g.start(map);
    map.fork(call, other);
    g.path(call, join).path(other, join).path(join, g.end());
    return g.build();
  }

  private static Workflow<String> call() {
    var g = Workflow.graph("call", String.class);
    var end = g.end();
    var call = g.call("call", ForksTest.trio(Join.ALL), s -> s, (s, r) -> s);
    g.start(call).path(call, end);
    return g.build();
  }

  private static Workflow<String> callWithRescue() {
    var g = Workflow.graph("callWithRescue", String.class);
    var end = g.end();
    var call = g.call("call", ForksTest.trio(Join.ALL), s -> s, (s, r) -> s);
    g.start(call).path(call, end);
    call.onError(Exception.class, (s, x) -> s, end);
    return g.build();
  }

  private static Workflow<String> papers() {
    var g = Workflow.graph("papers", String.class);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    g.start(papers).path(papers, g.end());
    return g.build();
  }
}
