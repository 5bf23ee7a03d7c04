package dev.pawl.run;

import static dev.pawl.run.Walk.AT;
import static dev.pawl.run.Walk.DUE;
import static dev.pawl.run.Walk.TOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Signal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where signals meet waits.
final class SignalsTest {
  private static final Signal<String> A = Signal.of("a", String.class);
  private static final Signal<String> B = Signal.of("b", String.class);

  @Test
  void areHandledByTheBranchThatWaits() {
    var walk = new Walk(one());

    walk.leave("").on(arrived("b", "x"));

    assertThat(walk.recorded()).isEqualTo("2: RECEIVED root one#2 attempt 1 'b' with x after 0 ms");
    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.branch("").task()).isEqualTo(Branch.Task.SIGNAL);
    assertThat(walk.branch("").listening().signal()).isEqualTo("b");
    assertThat(walk.branch("").listening().payload()).isEqualTo("x");
    assertThat(walk.run().inbox()).isEqualTo(new Inbox(1, List.of()));
    assertThat(walk.ignores(new Event.Late("", 2))).isTrue();
    assertThat(walk.leave("").run().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(walk.ignores(arrived("b", "y"))).isTrue();
  }

  @Test
  void waitForABranchThatWaitsForThem() {
    var walk = new Walk(one()).on(arrived("b", "x"));
    assertThat(walk.run().inbox().accepted()).isEqualTo(1);
    assertThat(walk.run().inbox().unused()).extracting(Message::payload).containsExactly("x");
    assertThat(walk.history()).isEmpty();

    walk.leave("");

    assertThat(walk.history())
        .extracting(Fact::kind)
        .containsExactly(Fact.Kind.LEFT, Fact.Kind.RECEIVED);
    assertThat(walk.branch("").listening().payload()).isEqualTo("x");
    assertThat(walk.run().inbox().unused()).isEmpty();
  }

  @Test
  void areNotForAWaitForAnother() {
    var walk = new Walk(one()).leave("").on(arrived("a", "x"));

    assertThat(walk.run().status()).isEqualTo(RunStatus.WAITING);
    assertThat(walk.run().inbox().unused()).hasSize(1);
    assertThat(walk.on(arrived("b", "y")).branch("").listening().payload()).isEqualTo("y");
    assertThat(walk.run().inbox().unused()).extracting(Message::number).containsExactly(1L);
  }

  @Test
  void areHandledOneByOneByAWaitForAll() {
    var walk = new Walk(all()).on(arrived("a", "x")).on(arrived("a", "again"));
    walk.begin("").on(new Event.Stayed("", 1, 1, "s2", AT, TOOK));

    assertThat(walk.recorded()).isEqualTo("2: STAYED root all#1 attempt 1 'a' with s2 after 5 ms");
    assertThat(walk.shown())
        .isEqualTo(
            """
            2: 1 steps, 1 branches, WAITING
            root all#1 WAITING s2@0\
            """);
    assertThat(walk.branch("").listening().heard()).containsExactly("a");
    assertThat(walk.run().inbox().unused()).extracting(Message::payload).containsExactly("again");

    walk.on(arrived("b", "y"));

    assertThat(walk.branch("").listening().signal()).isEqualTo("b");
    assertThat(walk.leave("").run().status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void goToTheBranchThatHasWaitedLongest() {
    var walk = new Walk(fork()).leave("").leave("/1.1").leave("/1.0");

    walk.on(arrived("a", "x"));

    assertThat(walk.recorded()).startsWith("4: RECEIVED /1.1 late#2");
    assertThat(walk.on(arrived("a", "y")).recorded()).startsWith("5: RECEIVED /1.0 early#2");
  }

  @Test
  void areForTheBranchThatTheyAreMeantFor() {
    var walk = new Walk(correlated());
    assertThat(walk.branch("").phase()).isEqualTo(Branch.Phase.READY);
    walk.on(new Event.Arrived("a", Optional.of("1"), Optional.of("id"), "x", AT));

    walk.begin("").on(new Event.Listens("", 1, 1, List.of(Optional.of("2")), DUE, AT));

    assertThat(walk.effects()).containsExactly(new Effect.Wake("", 1, 1, DUE));
    assertThat(walk.shown())
        .isEqualTo(
            """
            0: 0 steps, 1 branches, WAITING
            root mine#1 WAITING input@0 until 2026-01-01T00:00:07Z\
            """);
    assertThat(walk.ignores(arrived("a", "nobody's"))).isFalse();
    walk.on(arrived("a", "nobody's"));
    assertThat(walk.run().status()).isEqualTo(RunStatus.WAITING);
    walk.on(new Event.Arrived("a", Optional.of("2"), Optional.empty(), "y", AT));
    assertThat(walk.branch("").listening().payload()).isEqualTo("y");
    assertThat(walk.run().inbox().unused()).extracting(Message::number).containsExactly(1L, 2L);
  }

  @Test
  void areForABranchThatAsksForThemLater() {
    var walk = new Walk(correlated());
    walk.on(new Event.Arrived("a", Optional.of("1"), Optional.empty(), "x", AT));

    walk.begin("").on(new Event.Listens("", 1, 1, List.of(Optional.of("1")), null, AT));

    assertThat(walk.recorded()).startsWith("1: RECEIVED root mine#1");
  }

  @Test
  void areKeptWhileTheRunIsPaused() {
    var walk = new Walk(one()).leave("").on(new Event.Pause("lunch", AT));

    walk.on(arrived("b", "x"));
    assertThat(walk.run().inbox().unused()).hasSize(1);
    walk.on(new Event.Resume(AT));

    assertThat(walk.recorded()).startsWith("4: RECEIVED root one#2");
    assertThat(walk.run().inbox().unused()).isEmpty();
  }

  @Test
  void countAgainstTheLimitOfSteps() {
    var walk = new Walk(all(), new Limits(0, 10, 0)).on(arrived("a", "x"));

    walk.begin("").on(new Event.Stayed("", 1, 1, "s2", AT, TOOK));

    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.SPENT);
    assertThat(walk.run().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void wouldMeetTheBranchThatWaitsForThem() {
    var walk = new Walk(fork()).leave("").leave("/1.1").leave("/1.0");

    assertThat(walk.receiver(arrived("a", "x"))).contains(walk.branch("/1.1"));
    assertThat(walk.receiver(arrived("b", "x"))).isEmpty();
    walk.on(new Event.Pause("lunch", AT));
    assertThat(walk.receiver(arrived("a", "x"))).isEmpty();
    walk.on(new Event.Resume(AT)).on(arrived("a", "x"));
    assertThat(walk.receiver(arrived("a", "x"))).contains(walk.branch("/1.0"));
    walk.on(new Event.Cancel("enough", true, AT));
    assertThat(walk.receiver(arrived("a", "x"))).isEmpty();
  }

  @Test
  void wouldMeetNobodyOnceTheRunIsOver() {
    var walk = new Walk(one()).leave("").on(arrived("b", "x")).leave("");

    assertThat(walk.run().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(walk.receiver(arrived("b", "y"))).isEmpty();
  }

  private static Event.Arrived arrived(String signal, String payload) {
    return new Event.Arrived(signal, Optional.empty(), Optional.empty(), payload, AT);
  }

  private static Workflow<String> one() {
    var g = Workflow.graph("one", String.class);
    var first = g.step("first", s -> s);
    var one = g.await("one", B, (s, x) -> s);
    g.start(first).path(first, one, g.end());
    return g.build();
  }

  private static Workflow<String> all() {
    var g = Workflow.graph("all", String.class);
    var all = g.awaitAll("all", g.arrival(A, (s, x) -> s), g.arrival(B, (s, x) -> s));
    g.start(all).path(all, g.end());
    return g.build();
  }

  private static Workflow<String> correlated() {
    var g = Workflow.graph("correlated", String.class);
    var mine = g.await("mine", A, s -> s, (s, x) -> s);
    g.start(mine).path(mine, g.end());
    return g.build();
  }

  private static Workflow<String> fork() {
    var g = Workflow.graph("fork", String.class);
    var begin = g.step("begin", s -> s);
    var x = g.step("x", s -> s);
    var y = g.step("y", s -> s);
    var early = g.await("early", A, (s, m) -> s);
    var late = g.await("late", A, (s, m) -> s);
    var join = g.join("join", Join.ALL);
    g.start(begin);
    begin.fork(x, y);
    g.path(x, early, join).path(y, late, join).path(join, g.end());
    return g.build();
  }
}
