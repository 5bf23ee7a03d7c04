package dev.pawl.run;

import static dev.pawl.run.Walk.AT;
import static dev.pawl.run.Walk.DUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.run.Transitions.Waiting;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A run that is taken from its history.
final class RestoreTest {
  @Test
  void needsOnlyTheFactsFromTheNewestOfTheRootOn() {
    var walk = new Walk(line()).leave("").leave("");

    assertThat(restored(walk, List.of(walk.fact()))).isEqualTo(walk.run());
  }

  @Test
  void needsNoFactsOfBranchesThatHaveJoined() {
    var walk = new Walk(joinAtParallel()).leave("").leave("/1.0").leave("/1.1").merge("");
    assertThat(walk.recorded())
        .isEqualTo("4: MERGED root papers#2 attempt 1 '' with merged after 0 ms");
    assertThat(restored(walk, walk.history().subList(1, 4))).isEqualTo(walk.run());

    walk.leave("/2.0").leave("/2.1").leave("");

    assertThat(restored(walk, walk.history().subList(4, 7))).isEqualTo(walk.run());
  }

  @Test
  void needsTheFactsOfBranchesThatAreUnderWay() {
    var walk = new Walk(joinAtParallel()).leave("").leave("/1.0");

    assertThat(restored(walk, walk.history())).isEqualTo(walk.run());
  }

  @Test
  void readsAFactThatNamesNoNextNodeAsAnEnd() {
    var inner = new Walk(call()).open("", 1, "sub").leave("/1.0");
    var outer = new Walk(line()).leave("").leave("").leave("");

    assertThat(restored(inner, List.of(inner.history().getFirst(), withoutNext(inner.fact()))))
        .isEqualTo(inner.run());
    var over = restored(outer, List.of(withoutNext(outer.fact())));
    assertThat(over.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(outer.plan.name(over.end())).isEqualTo("third");
  }

  @Test
  void waitsOnlyInTheVisitsThatWait() {
    var walk = new Walk(nap());

    assertThat(restored(walk, new Waiting("", 1, DUE)).branches().get("").due()).isEqualTo(DUE);
    assertThat(restored(walk, new Waiting("", 2, DUE))).isEqualTo(walk.run());
    assertThat(restored(walk, new Waiting("/1.0", 1, DUE))).isEqualTo(walk.run());
  }

  @Test
  void doesNotTakeTheWaitForARetryForThatOfANode() {
    var step = new Walk(line()).retry("");
    var before = new Walk(nap()).retry("");
    var after = new Walk(nap()).delay("").due("").retry("");

    assertThat(restored(step, new Waiting("", 1, AT))).isEqualTo(step.run());
    assertThat(restored(before, new Waiting("", 1, DUE))).isEqualTo(before.run());
    assertThat(restored(after, new Waiting("", 1, AT))).isEqualTo(after.run());
  }

  @Test
  void waitsForSignalsAsLongAsItsWaitSays() {
    var walk = new Walk(timed()).leave("");
    walk.begin("").on(new Event.Listens("", 2, 1, List.of(Optional.empty()), DUE, AT));
    assertThat(walk.branch("").phase()).isEqualTo(Branch.Phase.WAITING);

    var restored = restored(walk, new Waiting("", 2, DUE));

    assertThat(restored.status()).isEqualTo(RunStatus.WAITING);
    assertThat(restored.branches().get("").due()).isEqualTo(DUE);
    assertThat(walk.transitions.receiver(restored, arrived()))
        .contains(Objects.requireNonNull(restored.branches().get("")));
    assertThat(restored(walk, new Waiting("", 1, DUE)).branches().get("").phase())
        .isEqualTo(Branch.Phase.READY);
  }

  @Test
  void doesNotTakeTheWaitForARetryForThatForSignals() {
    var walk = new Walk(timed()).leave("").on(arrived()).begin("");
    walk.on(new Event.Listens("", 2, 1, List.of(Optional.empty()), DUE, AT)).retry("");
    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.RETRY);

    var branch = restored(walk, new Waiting("", 2, DUE.plusSeconds(1))).branches().get("");
    assertThat(branch.phase()).isEqualTo(Branch.Phase.BACKOFF);
    assertThat(branch.due()).isEqualTo(DUE);
  }

  private static Event.Arrived arrived() {
    return new Event.Arrived("a", Optional.empty(), Optional.empty(), "x", AT);
  }

  private static Workflow<Light> timed() {
    return Workflow.machine("timed", Light.class, Light.class, light -> light)
        .onSignal(
            Light.RED, Signal.of("a", String.class), (light, x, ctx) -> Light.GREEN, Light.GREEN)
        .onTimeout(Light.RED, Duration.ofSeconds(7), (light, ctx) -> Light.GREEN, Light.GREEN)
        .ends(Light.GREEN)
        .build();
  }

  private enum Light {
    RED,
    GREEN
  }

  @Test
  void isPausedAgain() {
    var walk = new Walk(line()).on(new Event.Pause("lunch", AT));

    assertThat(walk.recorded()).isEqualTo("1: PAUSED 'lunch' after 0 ms");
    assertThat(walk.crash().run().paused()).isEqualTo("lunch");
    assertThat(walk.effects()).isEmpty();
  }

  @Test
  void goesWhereItWasGoing() {
    var walk = new Walk(line());
    var failure = new Failure("first", 1, "error", Optional.empty());
    var goal = new RunState.Goal(RunStatus.FAILED, "error", failure);

    var restored =
        walk.transitions
            .restore("input", AT, List.of(), List.of(), Inbox.EMPTY, Undos.none(), null, goal)
            .after();

    assertThat(restored.goal()).isEqualTo(goal);
    assertThat(restored.status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void goesWhereItsHistorySays() {
    var walk = new Walk(line()).on(new Event.Cancel("enough", true, AT));
    var other = new RunState.Goal(RunStatus.FAILED, "error", null);

    var restored =
        walk.transitions
            .restore("input", AT, walk.history(), List.of(), Inbox.EMPTY, Undos.none(), null, other)
            .after();

    assertThat(restored.goal()).isEqualTo(new RunState.Goal(RunStatus.CANCELLED, "enough", null));
  }

  private static RunState restored(Walk walk, List<Fact> facts) {
    return walk.transitions
        .restore("input", AT, facts, List.of(), Inbox.EMPTY, Undos.none(), null, null)
        .after();
  }

  private static RunState restored(Walk walk, Waiting wait) {
    return walk.transitions
        .restore("input", AT, walk.history(), List.of(wait), Inbox.EMPTY, Undos.none(), null, null)
        .after();
  }

  private static Fact withoutNext(Fact fact) {
    return new Fact(
        fact.seq(),
        fact.kind(),
        fact.branch(),
        fact.visit(),
        fact.node(),
        fact.attempt(),
        fact.port(),
        List.of(),
        fact.state(),
        fact.failure(),
        fact.due(),
        fact.at(),
        fact.took(),
        fact.steps(),
        fact.branches(),
        fact.message());
  }

  private static Workflow<String> line() {
    var g = Workflow.graph("line", String.class);
    var first = g.step("first", s -> s);
    var second = g.step("second", s -> s);
    var third = g.step("third", s -> s);
    g.start(first).path(first, second, third, g.end());
    return g.build();
  }

  private static Workflow<String> nap() {
    var g = Workflow.graph("nap", String.class);
    var nap = g.delay("nap", s -> DUE);
    g.start(nap).path(nap, g.end());
    return g.build();
  }

  private static Workflow<String> call() {
    var sub = Workflow.graph("sub", String.class);
    var only = sub.step("only", s -> s);
    sub.start(only).path(only, sub.end());
    var g = Workflow.graph("call", String.class);
    var call = g.call("call", sub.build(), s -> s, (s, r) -> s);
    g.start(call).path(call, g.end());
    return g.build();
  }

  private static Workflow<String> joinAtParallel() {
    var g = Workflow.graph("joinAtParallel", String.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var b = g.step("b", s -> s);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    var last = g.step("last", s -> s);
    g.start(begin);
    begin.fork(a, b);
    g.path(a, papers).path(b, papers).path(papers, last, g.end());
    return g.build();
  }
}
