package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a run may use up to the last of: steps, branches, and deaths of its process.
final class LimitsTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  record State(List<Integer> items) {}

  @Test
  void leavesTheLastStepThatIsAllowed() {
    var walk = new Walk(line(), new Limits(3, 100, 0));

    walk.leave("").leave("").leave("");

    assertThat(walk.run.end()).isNotNegative();
    assertThat(walk.run.steps()).isEqualTo(3);
  }

  @Test
  void failsAtTheFirstStepTooMany() {
    var walk = new Walk(line(), new Limits(2, 100, 0));

    walk.leave("").leave("").leave("");

    assertThat(walk.last.kind()).isEqualTo(Fact.Kind.SPENT);
    assertThat(walk.last.port()).isEqualTo("steps 2");
    assertThat(walk.run.steps()).isEqualTo(2);
  }

  @Test
  void startsTheLastBranchesThatAreAllowed() {
    var walk = new Walk(fork(), new Limits(100, 3, 0));

    walk.leave("");

    assertThat(walk.last.kind()).isEqualTo(Fact.Kind.LEFT);
    assertThat(walk.run.started()).isEqualTo(3);
  }

  @Test
  void failsWhenAForkStartsABranchTooMany() {
    var walk = new Walk(fork(), new Limits(100, 2, 0));

    walk.leave("");

    assertThat(walk.last.kind()).isEqualTo(Fact.Kind.SPENT);
    assertThat(walk.last.port()).isEqualTo("branches 2");
    assertThat(walk.run.started()).isEqualTo(1);
  }

  @Test
  void countsTheBranchesOfAParallelNodeThatIsEntered() {
    var enough = new Walk(parallelAfterStep(), new Limits(100, 3, 0));
    var tooFew = new Walk(parallelAfterStep(), new Limits(100, 2, 0));

    enough.leave("");
    tooFew.leave("");

    assertThat(enough.run.started()).isEqualTo(3);
    assertThat(tooFew.last.port()).isEqualTo("branches 2");
  }

  @Test
  void countsTheBranchesThatTheFirstNodesOfAForkOpen() {
    var enough = new Walk(forkToParallel(), new Limits(100, 5, 0));
    var tooFew = new Walk(forkToParallel(), new Limits(100, 4, 0));

    enough.leave("");
    tooFew.leave("");

    assertThat(enough.run.started()).isEqualTo(5);
    assertThat(tooFew.last.port()).isEqualTo("branches 4");
  }

  @Test
  void countsTheBranchesThatAParallelNodeStartsWith() {
    var walk = new Walk(parallelFirst(), new Limits(100, 100, 0));

    assertThat(walk.run.started()).isEqualTo(3);
  }

  @Test
  void opensAsManyItemsAsAreAllowed() {
    var enough = new Walk(map(), new Limits(100, 5, 0));
    var tooFew = new Walk(map(), new Limits(100, 4, 0));

    enough.open("", 4);
    tooFew.open("", 4);

    assertThat(enough.last.kind()).isEqualTo(Fact.Kind.OPENED);
    assertThat(enough.run.started()).isEqualTo(5);
    assertThat(tooFew.last.port()).isEqualTo("branches 4");
  }

  @Test
  void opensTheBranchesOfAParallelNodeWhereOthersJoinAfterTheirMerge() {
    var walk = new Walk(joinAtParallel(), new Limits(100, 5, 0));

    walk.leave("").leave("/1.0").leave("/1.1");
    assertThat(walk.run.started()).isEqualTo(3);
    walk.merge("");

    assertThat(walk.last.kind()).isEqualTo(Fact.Kind.MERGED);
    assertThat(walk.run.started()).isEqualTo(5);
  }

  @Test
  void failsWhenAParallelNodeWhereOthersJoinStartsABranchTooMany() {
    var walk = new Walk(joinAtParallel(), new Limits(100, 4, 0));

    walk.leave("").leave("/1.0").leave("/1.1").merge("");

    assertThat(walk.last.port()).isEqualTo("branches 4");
  }

  @Test
  void pausesAfterSoManyDeathsDuringOneAttempt() {
    var walk = new Walk(line(), new Limits(100, 100, 3));

    walk.again("").crash().again("").crash();
    assertThat(walk.last.kind()).isEqualTo(Fact.Kind.AGAIN);
    walk.again("");

    assertThat(walk.last.kind()).isEqualTo(Fact.Kind.PAUSED);
    assertThat(walk.run.paused())
        .isEqualTo("poison: the process died 3 times during attempts at first");
  }

  @Test
  void triesAgainForEverWithoutALimitOfDeaths() {
    var walk = new Walk(line(), new Limits(100, 100, 0));

    for (int death = 0; death < 20; death++) {
      walk.again("").crash();
    }

    assertThat(walk.last.kind()).isEqualTo(Fact.Kind.AGAIN);
    assertThat(walk.run.paused()).isNull();
  }

  @Test
  void doesNotTryAgainWhilePaused() {
    var walk = new Walk(line(), new Limits(100, 100, 3));
    walk.on(new Event.Pause("lunch", AT));

    var transition = walk.transitions.on(walk.run, new Event.Again("", 1, 1, AT));

    assertThat(transition.isNothing()).isTrue();
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
    var only = item.step("only", i -> i);
    item.start(only).path(only, item.end());
    var g = Workflow.graph("map", State.class);
    var map = g.map("map", State::items, item.build(), (s, r) -> s);
    g.start(map).path(map, g.end());
    return g.build();
  }

  /// A run, and the last fact that was recorded of it.
  private static final class Walk {
    private final Plan plan;
    private final Transitions transitions;
    private final List<Fact> history = new ArrayList<>();
    private RunState run;
    private Fact last;

    Walk(Workflow<?> workflow, Limits limits) {
      this.plan = Plan.of(workflow.definition());
      this.transitions = new Transitions(plan, limits);
      this.run = transitions.start("input", AT).after();
    }

    Walk on(Event event) {
      var transition = transitions.on(run, event);
      run = transition.after();
      history.addAll(transition.facts());
      if (!history.isEmpty()) {
        last = history.getLast();
      }
      return this;
    }

    /// Leaves the node where a branch is, by its first edge or its fork.
    Walk leave(String branch) {
      var at = begun(branch);
      int port = plan.model(at.node()).exits().edges().isEmpty() ? -1 : 0;
      return on(
          new Event.Left(branch, at.visit(), at.attempt(), port, "state", null, AT, Duration.ZERO));
    }

    Walk open(String branch, int children) {
      var at = begun(branch);
      return on(new Event.Opened(branch, at.visit(), at.attempt(), children, null, AT));
    }

    Walk merge(String branch) {
      var at = begun(branch);
      return on(new Event.Merged(branch, at.visit(), at.attempt(), "merged", AT));
    }

    Walk again(String branch) {
      var at = run.branches().get(branch);
      return on(new Event.Again(branch, at.visit(), at.attempt(), AT));
    }

    Walk crash() {
      run = transitions.restore("input", AT, history, List.of(), run.paused(), null).after();
      return this;
    }

    private Branch begun(String branch) {
      var at = run.branches().get(branch);
      on(new Event.Begun(branch, at.visit(), at.attempt()));
      return at;
    }
  }
}
