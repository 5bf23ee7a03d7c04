package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.run.Branch.Phase;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.model.Work;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which visits a transition ends before anything came of their work: the runs that they have
/// started are not wanted any more.
final class DropsTest {
  @Test
  void areTheVisitsThatAJoinDoesNotNeed() {
    var walk = race().on(ended("/1.1"));

    walk.leave("/1.1");

    assertThat(dropped(walk)).containsExactly("/1.0 WAITING", "/1.2 WAITING");
    assertThat(walk.newest().told()).containsExactly(11L);
  }

  @Test
  void areThoseUnderWayWhenTheyAreToldToStop() {
    var walk = new Walk(fork(Join.ANY)).leave("");
    walk.begin("/1.0").begin("/1.1").on(listens(walk, "/1.1")).on(ended("/1.1"));

    walk.leave("/1.1");

    assertThat(walk.branch("/1.0").phase()).isEqualTo(Phase.DRAINING);
    assertThat(dropped(walk)).containsExactly("/1.0 ACTIVE", "/1.2 READY");
    assertThat(dropped(walk.drained("/1.0"))).isEmpty();
  }

  @Test
  void areNotToldAnyMoreWhatTheyHandleWhenAJoinDoesNotNeedThem() {
    var walk = race().on(ended("/1.0")).on(ended("/1.1"));

    walk.leave("/1.1");

    assertThat(dropped(walk)).containsExactly("/1.2 WAITING");
    assertThat(walk.newest().told()).containsExactlyInAnyOrder(10L, 11L);
  }

  @Test
  void areNoneOfTheOthersWhenABranchGoesOn() {
    var walk = new Walk(fork(Join.ALL)).leave("");
    for (var branch : List.of("/1.0", "/1.1", "/1.2")) {
      walk.begin(branch).on(listens(walk, branch));
    }

    walk.on(ended("/1.1")).leave("/1.1");

    assertThat(dropped(walk)).isEmpty();
    assertThat(walk.newest().told()).containsExactly(11L);
  }

  @Test
  void areAllWhenTheRunIsCancelled() {
    var walk = race().on(new Event.Cancel("enough", true, Walk.AT));

    assertThat(dropped(walk)).containsExactly("/1.0 WAITING", "/1.1 WAITING", "/1.2 WAITING");
    assertThat(walk.ignores(new Event.Cancel("again", true, Walk.AT))).isTrue();
  }

  @Test
  void areThoseThatGiveUpBeforeTheirChildIsOver() {
    var walk = new Walk(fork(Join.ALL)).leave("").giveUp("/1.1");

    assertThat(dropped(walk)).containsExactly("/1.0 READY", "/1.1 ACTIVE", "/1.2 READY");
  }

  @Test
  void areThoseThatHaveTakenTooLong() {
    var walk = race().late("/1.0");
    assertThat(walk.newest().dropped()).isEmpty();

    walk.leave("/1.0");

    assertThat(dropped(walk)).containsExactly("/1.0 ACTIVE", "/1.1 WAITING", "/1.2 WAITING");
  }

  @Test
  void areNoneThatOnlyBegin() {
    var walk = new Walk(fork(Join.ALL)).leave("").begin("/1.0");

    assertThat(walk.newest().dropped()).isEmpty();
    assertThat(walk.on(listens(walk, "/1.0")).newest().dropped()).isEmpty();
    assertThat(walk.retry("/1.1").newest().dropped()).isEmpty();
  }

  private static List<String> dropped(Walk walk) {
    return walk.newest().dropped().stream()
        .map(branch -> branch.id() + " " + branch.phase())
        .toList();
  }

  /// Three branches that wait for a child each; the first that ends is enough.
  private static Walk race() {
    var walk = new Walk(fork(Join.ANY)).leave("");
    for (var branch : List.of("/1.0", "/1.1", "/1.2")) {
      walk.begin(branch).on(listens(walk, branch));
    }
    return walk;
  }

  private static Event listens(Walk walk, String branch) {
    var request = Optional.of(branch);
    return new Event.Listens(
        branch, walk.branch(branch).visit(), 1, List.of(request, request), null, Walk.AT);
  }

  /// The child of a branch is over; its row has the number 10, 11 or 12.
  private static Event ended(String branch) {
    var message =
        new Event.Arrived(
            Work.Child.completed(child().definition()),
            Optional.of(branch),
            Optional.empty(),
            "end",
            Walk.AT);
    return new Event.Ended(branch, 10 + branch.charAt(branch.length() - 1) - '0', message);
  }

  private static Workflow<String> child() {
    var g = Workflow.graph("child", String.class);
    var only = g.step("only", s -> s);
    g.start(only).path(only, g.end());
    return g.build();
  }

  private static Workflow<String> fork(Join mode) {
    var g = Workflow.graph("fork", String.class);
    var begin = g.step("begin", s -> s);
    var join = g.join("join", mode);
    var a = g.child("a", child(), s -> s, (s, end) -> end);
    var b = g.child("b", child(), s -> s, (s, end) -> end);
    var c = g.child("c", child(), s -> s, (s, end) -> end);
    g.start(begin);
    begin.fork(a, b, c);
    g.path(a, join).path(b, join).path(c, join).path(join, g.end());
    return g.build();
  }
}
