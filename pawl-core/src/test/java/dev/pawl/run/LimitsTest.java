package dev.pawl.run;

import static dev.pawl.run.Walk.AT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a run may use up to the last of: steps, branches, and deaths of its process.
final class LimitsTest {
  record State(List<Integer> items) {}

  @Test
  void leavesTheLastStepThatIsAllowed() {
    var walk = new Walk(line(), new Limits(3, 100, 0));

    walk.leave("").leave("").leave("");

    assertThat(walk.run().end()).isNotNegative();
    assertThat(walk.run().steps()).isEqualTo(3);
  }

  @Test
  void failsAtTheFirstStepTooMany() {
    var walk = new Walk(line(), new Limits(2, 100, 0));

    walk.leave("").leave("").leave("");

    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.SPENT);
    assertThat(walk.fact().port()).isEqualTo("steps 2");
    assertThat(walk.run().steps()).isEqualTo(2);
  }

  @Test
  void startsTheLastBranchesThatAreAllowed() {
    var walk = new Walk(fork(), new Limits(100, 3, 0));

    walk.leave("");

    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.LEFT);
    assertThat(walk.run().started()).isEqualTo(3);
  }

  @Test
  void failsWhenAForkStartsABranchTooMany() {
    var walk = new Walk(fork(), new Limits(100, 2, 0));

    walk.leave("");

    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.SPENT);
    assertThat(walk.fact().port()).isEqualTo("branches 2");
    assertThat(walk.run().started()).isEqualTo(1);
  }

  @Test
  void countsTheBranchesOfAParallelNodeThatIsEntered() {
    var enough = new Walk(parallelAfterStep(), new Limits(100, 3, 0));
    var tooFew = new Walk(parallelAfterStep(), new Limits(100, 2, 0));

    enough.leave("");
    tooFew.leave("");

    assertThat(enough.run().started()).isEqualTo(3);
    assertThat(tooFew.fact().port()).isEqualTo("branches 2");
  }

  @Test
  void countsTheBranchesThatTheFirstNodesOfAForkOpen() {
    var enough = new Walk(forkToParallel(), new Limits(100, 5, 0));
    var tooFew = new Walk(forkToParallel(), new Limits(100, 4, 0));

    enough.leave("");
    tooFew.leave("");

    assertThat(enough.run().started()).isEqualTo(5);
    assertThat(tooFew.fact().port()).isEqualTo("branches 4");
  }

  @Test
  void countsTheBranchesThatAParallelNodeStartsWith() {
    var walk = new Walk(parallelFirst(), new Limits(100, 100, 0));

    assertThat(walk.run().started()).isEqualTo(3);
  }

  @Test
  void opensAsManyItemsAsAreAllowed() {
    var enough = new Walk(map(), new Limits(100, 5, 0));
    var tooFew = new Walk(map(), new Limits(100, 4, 0));

    enough.open("", 4);
    tooFew.open("", 4);

    assertThat(enough.fact().kind()).isEqualTo(Fact.Kind.OPENED);
    assertThat(enough.run().started()).isEqualTo(5);
    assertThat(tooFew.fact().port()).isEqualTo("branches 4");
  }

  @Test
  void countsTheBranchesThatTheFirstNodesOfItemsOpen() {
    var enough = new Walk(mapOfParallels(), new Limits(100, 7, 0));
    var tooFew = new Walk(mapOfParallels(), new Limits(100, 6, 0));

    enough.open("", 2);
    tooFew.open("", 2);

    assertThat(enough.run().started()).isEqualTo(7);
    assertThat(tooFew.fact().port()).isEqualTo("branches 6");
  }

  @Test
  void limitsTheStepsOfEachItemByThemselves() {
    var enough = new Walk(map(), new Limits(2, 100, 0)).open("", 2);
    var tooFew = new Walk(map(), new Limits(1, 100, 0)).open("", 2);

    enough.leave("/1.0").leave("/1.0").leave("/1.1").leave("/1.1");
    tooFew.leave("/1.0").leave("/1.0");

    assertThat(enough.run().steps()).isZero();
    assertThat(enough.fact().kind()).isEqualTo(Fact.Kind.LEFT);
    assertThat(tooFew.recorded())
        .isEqualTo(
            "3: SPENT /1.0 map/second#2 attempt 1 'steps 1'"
                + " because the run has spent its limit of steps 1 at map/second after 0 ms");
  }

  @Test
  void opensTheBranchesOfAParallelNodeWhereOthersJoinAfterTheirMerge() {
    var walk = new Walk(joinAtParallel(), new Limits(100, 5, 0));

    walk.leave("").leave("/1.0").leave("/1.1");
    assertThat(walk.run().started()).isEqualTo(3);
    walk.merge("");

    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.MERGED);
    assertThat(walk.run().started()).isEqualTo(5);
  }

  @Test
  void failsWhenAParallelNodeWhereOthersJoinStartsABranchTooMany() {
    var walk = new Walk(joinAtParallel(), new Limits(100, 4, 0));

    walk.leave("").leave("/1.0").leave("/1.1").merge("");

    assertThat(walk.fact().port()).isEqualTo("branches 4");
  }

  @Test
  void pausesAfterSoManyDeathsDuringOneAttempt() {
    var walk = new Walk(line(), new Limits(100, 100, 3));

    walk.again("").crash().again("").crash();
    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.AGAIN);
    walk.again("");

    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.PAUSED);
    assertThat(walk.run().paused())
        .isEqualTo("poison: the process died 3 times during attempts at first");
  }

  @Test
  void triesAgainForEverWithoutALimitOfDeaths() {
    var walk = new Walk(line(), new Limits(100, 100, 0));

    for (int death = 0; death < 20; death++) {
      walk.again("").crash();
    }

    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.AGAIN);
    assertThat(walk.run().paused()).isNull();
  }

  @Test
  void doesNotTryAgainWhilePaused() {
    var walk = new Walk(line(), new Limits(100, 100, 3));

    walk.on(new Event.Pause("lunch", AT));

    assertThat(walk.ignores(new Event.Again("", 1, 1, AT))).isTrue();
  }

  private static Workflow<State> line() {
    var g = Workflow.graph("line", State.class);
    var first = g.step("first", s -> s);
    var second = g.step("second", s -> s);
    var third = g.step("third", s -> s);
    g.start(first).path(first, second, third, g.end());
    return g.build();
  }

  private static Workflow<State> fork() {
    var g = Workflow.graph("fork", State.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var b = g.step("b", s -> s);
    var join = g.join("join", Join.ALL);
    g.start(begin);
    begin.fork(a, b);
    g.path(a, join).path(b, join).path(join, g.end());
    return g.build();
  }

  private static Workflow<State> parallelFirst() {
    var g = Workflow.graph("parallelFirst", State.class);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    g.start(papers).path(papers, g.end());
    return g.build();
  }

  private static Workflow<State> parallelAfterStep() {
    var g = Workflow.graph("parallelAfterStep", State.class);
    var begin = g.step("begin", s -> s);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    g.start(begin).path(begin, papers, g.end());
    return g.build();
  }

  private static Workflow<State> forkToParallel() {
    var g = Workflow.graph("forkToParallel", State.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    var join = g.join("join", Join.ALL);
    g.start(begin);
    begin.fork(a, papers);
    g.path(a, join).path(papers, join).path(join, g.end());
    return g.build();
  }

  private static Workflow<State> joinAtParallel() {
    var g = Workflow.graph("joinAtParallel", State.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var b = g.step("b", s -> s);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    g.start(begin);
    begin.fork(a, b);
    g.path(a, papers).path(b, papers).path(papers, g.end());
    return g.build();
  }

  private static Workflow<State> map() {
    var item = Workflow.graph("item", Integer.class);
    var first = item.step("first", i -> i);
    var second = item.step("second", i -> i);
    item.start(first).path(first, second, item.end());
    var g = Workflow.graph("map", State.class);
    var map = g.map("map", State::items, item.build(), (s, r) -> s);
    g.start(map).path(map, g.end());
    return g.build();
  }

  private static Workflow<State> mapOfParallels() {
    var item = Workflow.graph("item", Integer.class);
    var papers =
        item.parallel(
            "papers",
            item.branch("x", String.class, (i, ctx) -> ""),
            item.branch("y", String.class, (i, ctx) -> ""),
            (i, x, y) -> i);
    item.start(papers).path(papers, item.end());
    var g = Workflow.graph("mapOfParallels", State.class);
    var map = g.map("map", State::items, item.build(), (s, r) -> s);
    g.start(map).path(map, g.end());
    return g.build();
  }
}
