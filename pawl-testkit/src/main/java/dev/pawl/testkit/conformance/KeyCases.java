package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.WORKFLOW;
import static dev.pawl.testkit.conformance.StoreFixture.completed;
import static dev.pawl.testkit.conformance.StoreFixture.goOn;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.parked;
import static dev.pawl.testkit.conformance.StoreFixture.start;
import static dev.pawl.testkit.conformance.StoreFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.Commit;
import dev.pawl.store.Commit.Reason;
import dev.pawl.store.Commit.Rejection;
import dev.pawl.store.RunRow;
import dev.pawl.store.RunRow.Unique;
import dev.pawl.workflow.RunStatus;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who may have a key, and who is found by it.
interface KeyCases {
  /// The store of this test.
  StoreFixture fixture();

  private Commit starting(int number, Unique unique) {
    return start(fixture().run(number, "key", unique)).commit();
  }

  private Commit ending(int number) {
    return goOn(number).update(fixture().writer().id(), completed()).commit();
  }

  private Optional<RunRow> found() {
    return fixture().store().find(WORKFLOW, "key");
  }

  @Test
  default void rejectsASecondOpenRunOfAKey() {
    fixture().write(starting(1, Unique.OPEN));

    var rejections = fixture().write(starting(2, Unique.OPEN));

    assertThat(rejections).containsExactly(new Rejection(0, Reason.KEY_TAKEN));
    assertThat(fixture().store().run(id(2))).isEmpty();
  }

  @Test
  default void letsOneOfTwoRunsOfABatchHaveTheKey() {
    var rejections = fixture().write(starting(1, Unique.OPEN), starting(2, Unique.OPEN));

    assertThat(rejections).containsExactly(new Rejection(1, Reason.KEY_TAKEN));
  }

  @Test
  default void keepsTheKeyOfARunThatWaits() {
    fixture().write(starting(1, Unique.OPEN));
    fixture().write(goOn(1).update(fixture().writer().id(), parked()).commit());

    var rejections = fixture().write(starting(2, Unique.OPEN));

    assertThat(rejections).containsExactly(new Rejection(0, Reason.KEY_TAKEN));
  }

  @Test
  default void freesTheKeyOfARunThatEnds() {
    var rejections =
        fixture().write(starting(1, Unique.OPEN), ending(1), starting(2, Unique.OPEN), ending(2));

    assertThat(rejections).isEmpty();
    assertThat(fixture().write(starting(3, Unique.OPEN))).isEmpty();
  }

  /// A run that is over when it is written.
  private Commit startingAndEnding(int number) {
    var row = fixture().run(number, "key", Unique.OPEN);
    return start(
            new RunRow(
                row.id(),
                row.workflow(),
                row.version(),
                row.key(),
                row.unique(),
                row.request(),
                row.headers(),
                row.input(),
                row.created(),
                row.parent(),
                completed()))
        .commit();
  }

  @Test
  default void freesTheKeyOfARunThatStartsAndEndsInOneCommit() {
    var rejections = fixture().write(startingAndEnding(1), starting(2, Unique.OPEN));

    assertThat(rejections).isEmpty();
  }

  @Test
  default void rejectsARunThatStartsAndEndsInOneCommitWhenItsKeyIsTaken() {
    var rejections = fixture().write(starting(1, Unique.OPEN), startingAndEnding(2));

    assertThat(rejections).containsExactly(new Rejection(1, Reason.KEY_TAKEN));
  }

  @Test
  default void keepsAKeyForEverWhereItIsAsked() {
    fixture().write(starting(1, Unique.EVER), ending(1));

    var rejections = fixture().write(starting(2, Unique.EVER), starting(3, Unique.OPEN));

    assertThat(rejections)
        .containsExactly(new Rejection(0, Reason.KEY_TAKEN), new Rejection(1, Reason.KEY_TAKEN));
  }

  @Test
  default void rejectsARunThatWantsForEverAKeyThatAnotherHad() {
    fixture().write(starting(1, Unique.OPEN), ending(1));

    var rejections = fixture().write(starting(2, Unique.EVER));

    assertThat(rejections).containsExactly(new Rejection(0, Reason.KEY_TAKEN));
  }

  @Test
  default void letsRunsThatClaimNothingShareAKey() {
    fixture().write(starting(1, Unique.OPEN));

    var rejections = fixture().write(starting(2, Unique.NONE), starting(3, Unique.NONE));

    assertThat(rejections).isEmpty();
    assertThat(fixture().write(ending(1), starting(4, Unique.OPEN))).isEmpty();
  }

  @Test
  default void letsWorkflowsHaveTheSameKey() {
    var other = fixture().run(2, "other", "key", Unique.EVER, Optional.empty());

    var rejections = fixture().write(starting(1, Unique.EVER), start(other).commit());

    assertThat(rejections).isEmpty();
  }

  @Test
  default void givesAKeyBackToARunThatGoesOn() {
    fixture().write(starting(1, Unique.OPEN));
    fixture()
        .write(
            goOn(1).update(fixture().writer().id(), state(RunStatus.FAILED, 0)).commit(),
            goOn(1).update(0, fixture().owned()).commit());

    var rejections = fixture().write(starting(2, Unique.OPEN));

    assertThat(rejections).containsExactly(new Rejection(0, Reason.KEY_TAKEN));
  }

  @Test
  default void rejectsARunThatGoesOnWhenItsKeyIsTaken() {
    fixture().write(starting(1, Unique.OPEN));
    fixture()
        .write(
            goOn(1).update(fixture().writer().id(), state(RunStatus.FAILED, 0)).commit(),
            starting(2, Unique.OPEN));

    var rejections = fixture().write(goOn(1).update(0, fixture().owned()).commit());

    assertThat(rejections).containsExactly(new Rejection(0, Reason.KEY_TAKEN));
    assertThat(fixture().store().run(id(1)).orElseThrow().state().status())
        .isEqualTo(RunStatus.FAILED);
  }

  @Test
  default void findsTheRunThatHoldsAKey() {
    fixture().write(starting(1, Unique.OPEN), starting(2, Unique.NONE));

    assertThat(found().orElseThrow().id()).isEqualTo(id(1));
  }

  @Test
  default void findsTheNewestRunOfAKeyThatNobodyHolds() {
    fixture().write(starting(1, Unique.OPEN), ending(1));
    fixture().write(starting(3, Unique.NONE), starting(2, Unique.NONE));

    assertThat(found().orElseThrow().id()).isEqualTo(id(3));
    assertThat(fixture().store().find(WORKFLOW, "another")).isEmpty();
    assertThat(fixture().store().find("another", "key")).isEmpty();
  }

  @Test
  default void startsOneRunForARequest() {
    var first = fixture().run(1, WORKFLOW, "a", Unique.OPEN, Optional.of("request"));
    var second = fixture().run(2, WORKFLOW, "b", Unique.OPEN, Optional.of("request"));
    var third = fixture().run(3, "other", "c", Unique.OPEN, Optional.of("request"));

    var rejections =
        fixture()
            .write(start(first).commit(), ending(1), start(second).commit(), start(third).commit());

    assertThat(rejections).containsExactly(new Rejection(2, Reason.KEY_TAKEN));
    assertThat(fixture().store().requested(WORKFLOW, "request").orElseThrow().id())
        .isEqualTo(id(1));
    assertThat(fixture().store().requested("other", "request").orElseThrow().id()).isEqualTo(id(3));
    assertThat(fixture().store().requested(WORKFLOW, "another")).isEmpty();
  }
}
