package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Work;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a branch makes of the end of a run that it waits for: that stays in the outbox, as a row
/// with a number, until what comes of it is recorded.
final class ChildRunsTest {
  private static final long ROW = 7;

  @Test
  void isTakenWithoutARowOfItsOwn() {
    var walk = waiting().on(ended());

    assertThat(walk.history()).isEmpty();
    assertThat(walk.newest().told()).isEmpty();
    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
    assertThat(walk.branch("").task()).isEqualTo(Task.SIGNAL);
    assertThat(walk.branch("").row()).isEqualTo(ROW);
    assertThat(walk.branch("").listening().payload()).isEqualTo("end of child");
  }

  @Test
  void goesWithTheRowByWhichTheBranchLeaves() {
    var walk = waiting().on(ended()).leave("");

    assertThat(walk.newest().told()).containsExactly(ROW);
    assertThat(walk.newest().dropped()).isEmpty();
    assertThat(walk.history()).extracting(Fact::kind).containsExactly(Fact.Kind.LEFT);
    assertThat(walk.shown()).isEqualTo(walk.crash().shown());
  }

  @Test
  void goesWhenTheBranchGivesUp() {
    var walk = waiting().on(ended()).giveUp("");

    assertThat(walk.newest().told()).containsExactly(ROW);
    assertThat(walk.run().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void goesWhenTheRunIsCancelled() {
    var walk = waiting().on(ended()).on(new Event.Cancel("enough", true, Walk.AT));

    assertThat(walk.newest().told()).containsExactly(ROW);
    assertThat(walk.newest().dropped()).isEmpty();
  }

  @Test
  void goesWhenItsBranchIsToStop() {
    var walk = waiting().on(ended()).begin("").on(new Event.Cancel("enough", true, Walk.AT));

    assertThat(walk.branch("").phase()).isEqualTo(Phase.DRAINING);
    assertThat(walk.newest().told()).containsExactly(ROW);
    assertThat(walk.drained("").newest().told()).isEmpty();
  }

  @Test
  void isRecordedBeforeItIsHandledAgain() {
    var walk = waiting().on(ended()).retry("");

    assertThat(walk.newest().told()).containsExactly(ROW);
    assertThat(walk.history())
        .extracting(Fact::kind)
        .containsExactly(Fact.Kind.RECEIVED, Fact.Kind.RETRY);
    assertThat(walk.history()).extracting(Fact::seq).containsExactly(1L, 2L);
    assertThat(walk.branch("").row()).isZero();
    var shown = walk.shown();
    assertThat(walk.crash().shown()).isEqualTo(shown).contains("BACKOFF SIGNAL attempt 2");
    assertThat(walk.branch("").listening().payload()).isEqualTo("end of child");
    assertThat(walk.due("").retry("").history())
        .extracting(Fact::kind)
        .containsExactly(Fact.Kind.RECEIVED, Fact.Kind.RETRY, Fact.Kind.RETRY);
  }

  @Test
  void isAMessageOfABranchThatDoesNotWaitYet() {
    var walk = new Walk(parent()).on(ended());

    assertThat(walk.newest().accepted()).isPresent();
    assertThat(walk.run().inbox().unused()).hasSize(1);
    assertThat(walk.begin("").on(listens(walk)).history())
        .extracting(Fact::kind)
        .containsExactly(Fact.Kind.RECEIVED);
    assertThat(walk.branch("").row()).isZero();
  }

  @Test
  void isAMessageOfARunThatIsPaused() {
    var walk = waiting().on(new Event.Pause("lunch", Walk.AT)).on(ended());

    assertThat(walk.newest().accepted()).isPresent();
    assertThat(walk.branch("").phase()).isEqualTo(Phase.WAITING);
  }

  @Test
  void isNothingToARunThatIsOver() {
    assertThat(waiting().on(new Event.Cancel("enough", true, Walk.AT)).ignores(ended())).isTrue();
  }

  @Test
  void isNotWantedWhenItsVisitEndsBefore() {
    var walk = waiting().on(new Event.Cancel("enough", true, Walk.AT));

    assertThat(walk.newest().dropped()).extracting(Branch::phase).containsExactly(Phase.WAITING);
    assertThat(walk.newest().told()).isEmpty();
  }

  private static Walk waiting() {
    var walk = new Walk(parent()).begin("");
    return walk.on(listens(walk));
  }

  private static Event listens(Walk walk) {
    var request = Optional.of("request");
    return new Event.Listens(
        "", walk.branch("").visit(), 1, List.of(request, request), null, Walk.AT);
  }

  private static Event ended() {
    var message =
        new Event.Arrived(
            Work.Child.completed(child().definition()),
            Optional.of("request"),
            Optional.empty(),
            "end of child",
            Walk.AT);
    return new Event.Ended("", ROW, message);
  }

  private static Workflow<String> parent() {
    var g = Workflow.graph("parent", String.class);
    var start = g.child("start", child(), s -> s, (s, end) -> end);
    g.start(start).path(start, g.end());
    return g.build();
  }

  private static Workflow<String> child() {
    var g = Workflow.graph("child", String.class);
    var only = g.step("only", s -> s);
    g.start(only).path(only, g.end());
    return g.build();
  }
}
