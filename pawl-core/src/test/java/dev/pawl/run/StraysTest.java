package dev.pawl.run;

import static dev.pawl.run.Walk.AT;
import static dev.pawl.run.Walk.TOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Signal;
import dev.pawl.workflow.step.Unhandled;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of signals while no branch stands where they are waited for.
final class StraysTest {
  private static final Signal<String> A = Signal.of("a", String.class);
  private static final Signal<String> B = Signal.of("b", String.class);

  @Test
  void areKeptUnlessSomethingElseIsSaid() {
    var walk = new Walk(line(Unhandled.KEEP)).on(arrived("b"));

    assertThat(walk.refuses(arrived("b"))).isEmpty();
    assertThat(walk.history()).isEmpty();
    assertThat(walk.run().inbox().unused()).hasSize(1);
  }

  @Test
  void areDroppedWithATrace() {
    var walk = new Walk(line(Unhandled.DROP)).on(arrived("b"));

    assertThat(walk.recorded()).isEqualTo("1: DROPPED root first#1 attempt 1 'b' after 0 ms");
    assertThat(walk.fact().message()).contains("id of b");
    assertThat(walk.run().inbox()).isEqualTo(new Inbox(1, List.of()));
    assertThat(walk.shown())
        .isEqualTo(
            """
            1: 0 steps, 1 branches, RUNNING
            root first#1 READY input@0\
            """);
    assertThat(walk.leave("").on(arrived("a")).fact().kind()).isEqualTo(Fact.Kind.RECEIVED);
  }

  @Test
  void areRefusedByTheNodeWhereTheRunStands() {
    var walk = new Walk(line(Unhandled.REFUSE));

    assertThat(walk.refuses(arrived("a"))).contains(walk.branch(""));
    walk.leave("");
    assertThat(walk.refuses(arrived("a"))).isEmpty();
    assertThat(walk.refuses(arrived("b"))).contains(walk.branch(""));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KEEP")
  void areKeptForABranchThatIsAtWorkOnAnotherAndDroppedWhenItMovesOn(Unhandled unhandled) {
    var walk = new Walk(line(unhandled)).leave("").on(arrived("a")).on(arrived("a"));
    assertThat(walk.refuses(arrived("a"))).isEmpty();
    assertThat(walk.run().inbox().unused()).hasSize(1);

    walk.leave("");

    assertThat(walk.history())
        .extracting(Fact::kind)
        .containsExactly(Fact.Kind.LEFT, Fact.Kind.RECEIVED, Fact.Kind.LEFT, Fact.Kind.DROPPED);
    assertThat(walk.recorded()).isEqualTo("4: DROPPED root second#3 attempt 1 'a' after 0 ms");
    assertThat(walk.run().inbox().unused()).isEmpty();
  }

  @Test
  void areDecidedByWhereTheRunStandsAlsoWhileItIsPaused() {
    var walk =
        new Walk(line(Unhandled.DROP)).leave("").on(new Event.Pause("lunch", AT)).on(arrived("a"));
    assertThat(walk.run().inbox().unused()).hasSize(1);

    walk.on(arrived("b"));

    assertThat(walk.fact().kind()).isEqualTo(Fact.Kind.DROPPED);
    assertThat(walk.on(new Event.Resume(AT)).recorded()).startsWith("5: RECEIVED root wait#2");
  }

  @Test
  void areKeptForAnyOfSeveralBranches() {
    var walk = new Walk(fork()).leave("");
    walk.on(arrived("a")).on(arrived("a")).on(arrived("b")).on(arrived("b"));
    assertThat(walk.run().inbox().unused()).extracting(Message::signal).containsExactly("a", "b");

    walk.leave("/1.0");

    assertThat(walk.history())
        .extracting(Fact::kind, Fact::branch, Fact::port)
        .containsExactly(
            tuple(Fact.Kind.LEFT, "", ""),
            tuple(Fact.Kind.RECEIVED, "/1.0", "a"),
            tuple(Fact.Kind.RECEIVED, "/1.1", "b"),
            tuple(Fact.Kind.LEFT, "/1.0", ""),
            tuple(Fact.Kind.RECEIVED, "/1.0", "b"),
            tuple(Fact.Kind.DROPPED, "/1.0", "a"));
  }

  @Test
  void areNeitherDroppedNorRefusedByARunThatIsOver() {
    var walk = new Walk(line(Unhandled.REFUSE)).on(new Event.Cancel("enough", true, AT));

    assertThat(walk.refuses(arrived("b"))).isEmpty();
    assertThat(walk.ignores(arrived("b"))).isTrue();
  }

  @Test
  void leaveTheRunAsItsHistoryHasIt() {
    var walk = new Walk(line(Unhandled.DROP)).on(arrived("b")).leave("").on(arrived("b"));

    var restored =
        walk.transitions
            .restore(
                "input",
                AT,
                walk.history(),
                List.of(),
                walk.run().inbox(),
                Undos.none(),
                null,
                null)
            .after();

    assertThat(restored).usingRecursiveComparison().isEqualTo(walk.run());
  }

  @Test
  void areKeptAtTheStartOfAMachineWhoseStatusIsNotKnownYet() {
    var machine =
        Workflow.machine("light", Light.class, Light.class, light -> light)
            .unhandled(Unhandled.DROP)
            .onSignal(Light.RED, A, (light, a, ctx) -> Light.GREEN, Light.GREEN)
            .ends(Light.GREEN)
            .build();
    var walk = new Walk(machine).on(arrived("a")).on(arrived("b"));
    assertThat(walk.run().inbox().unused()).hasSize(2);

    walk.begin("").on(new Event.Left("", 1, 1, 0, "red", null, AT, TOOK));

    assertThat(walk.history())
        .extracting(Fact::kind)
        .containsExactly(Fact.Kind.LEFT, Fact.Kind.RECEIVED, Fact.Kind.DROPPED);
  }

  enum Light {
    RED,
    GREEN
  }

  private static Event.Arrived arrived(String signal) {
    return new Event.Arrived(signal, Optional.empty(), Optional.of("id of " + signal), "x", AT);
  }

  private static Workflow<String> line(Unhandled unhandled) {
    var g = Workflow.graph("line", String.class).unhandled(unhandled);
    var first = g.step("first", s -> s);
    var wait = g.await("wait", A, (s, x) -> s);
    var second = g.step("second", s -> s);
    g.start(first).path(first, wait, second, g.end());
    return g.build();
  }

  private static Workflow<String> fork() {
    var g = Workflow.graph("fork", String.class).unhandled(Unhandled.DROP);
    var begin = g.step("begin", s -> s);
    var left = g.await("left", A, (s, x) -> s);
    var right = g.await("right", B, (s, x) -> s);
    var also = g.await("also", B, (s, x) -> s);
    var join = g.join("join", Join.ALL);
    g.start(begin);
    begin.fork(left, right);
    g.path(left, also, join).path(right, join).path(join, g.end());
    return g.build();
  }
}
