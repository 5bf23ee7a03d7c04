package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.completed;
import static dev.pawl.testkit.conformance.StoreFixture.goOn;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.parked;
import static dev.pawl.testkit.conformance.StoreFixture.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.WaitRow;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which waits are due.
interface WaitCases {
  Instant FAR = NOW.plusSeconds(1_000_000_000);

  /// The store of this test.
  StoreFixture fixture();

  /// Starts a run and parks it with a wait of its root branch.
  private void park(int number, Instant until) {
    var rejections =
        fixture()
            .write(
                start(fixture().run(number)).commit(),
                goOn(number).update(fixture().writer().id(), parked()).wait("", until).commit());
    assertThat(rejections).isEmpty();
  }

  @Test
  default void givesWaitsThatAreDueEarliestFirst() {
    park(1, NOW.plusSeconds(3));
    park(2, NOW.plusSeconds(1));
    park(3, NOW.plusSeconds(2));

    var due = fixture().store().due(Optional.empty(), NOW.plusSeconds(2), 10);

    assertThat(due)
        .containsExactly(
            new WaitRow(id(2), "", 1, NOW.plusSeconds(1)),
            new WaitRow(id(3), "", 1, NOW.plusSeconds(2)));
    assertThat(fixture().store().due(Optional.empty(), NOW.plusSeconds(9), 1)).hasSize(1);
  }

  @Test
  default void givesWaitsOfTheSameTimeInTheOrderOfTheirRuns() {
    IntStream.of(5, 2, 4, 1, 3).forEach(number -> park(number, NOW));

    var due = fixture().store().due(Optional.empty(), NOW, 4);

    assertThat(due).extracting(WaitRow::run).containsExactly(id(1), id(2), id(3), id(4));
  }

  @Test
  default void goesOnBehindAWaitThatItGave() {
    park(1, NOW.plusSeconds(1));
    IntStream.of(4, 2, 3).forEach(number -> park(number, NOW));
    var first = fixture().store().due(Optional.empty(), NOW.plusSeconds(1), 2);

    var rest = fixture().store().due(Optional.of(first.getLast()), NOW.plusSeconds(1), 10);

    assertThat(first).extracting(WaitRow::run).containsExactly(id(2), id(3));
    assertThat(rest).extracting(WaitRow::run).containsExactly(id(4), id(1));
    assertThat(fixture().store().due(Optional.of(rest.getLast()), NOW.plusSeconds(1), 10))
        .isEmpty();
  }

  @Test
  default void knowsNoWaitWhereThereIsNone() {
    fixture().write(start(fixture().run(1)).commit());

    assertThat(fixture().store().due(Optional.empty(), FAR, 10)).isEmpty();
  }

  @Test
  default void neverGivesAWaitBeforeItsTime() {
    var precise = NOW.plusNanos(1);

    park(1, precise);

    assertThat(fixture().store().due(Optional.empty(), NOW, 10)).isEmpty();
    assertThat(fixture().store().due(Optional.empty(), FAR, 10))
        .singleElement()
        .satisfies(wait -> assertThat(wait.wakeAt()).isAfterOrEqualTo(precise));
  }

  @Test
  default void keepsTimesThatAreFarAway() {
    park(1, Instant.MAX);
    park(2, NOW);

    assertThat(fixture().store().due(Optional.empty(), FAR, 10))
        .extracting(WaitRow::run)
        .containsExactly(id(2));
  }

  @Test
  default void leavesTheWaitsOfARunThatHasAnOwnerToItsOwner() {
    fixture().write(start(fixture().run(1)).wait("", NOW).commit());

    assertThat(fixture().store().due(Optional.empty(), FAR, 10)).isEmpty();
    assertThat(fixture().store().load(id(1)).orElseThrow().waits())
        .containsExactly(new WaitRow(id(1), "", 1, NOW));
  }

  @Test
  default void givesTheWaitsOfARunThatIsParkedAfterThem() {
    fixture().write(start(fixture().run(1)).wait("/1.0", NOW).wait("/1.1", NOW).commit());
    fixture().write(goOn(1).update(fixture().writer().id(), parked()).commit());

    assertThat(fixture().store().due(Optional.empty(), NOW, 10))
        .extracting(WaitRow::branch)
        .containsExactly("/1.0", "/1.1");
  }

  @Test
  default void givesTheWaitsOfARunThatStartsWithoutAnOwner() {
    var run = fixture().run(1);
    fixture().write(start(run).commit());
    fixture().write(goOn(1).update(run.state().owner(), parked()).commit());

    fixture().write(goOn(1).wait("", NOW).commit());

    assertThat(fixture().store().due(Optional.empty(), NOW, 10)).hasSize(1);
  }

  @Test
  default void forgetsTheWaitsOfARunThatIsClaimed() {
    park(1, NOW);
    park(2, NOW.plusSeconds(1));

    fixture().write(goOn(1).update(0, fixture().owned()).commit());

    assertThat(fixture().store().due(Optional.empty(), FAR, 10))
        .extracting(WaitRow::wakeAt)
        .containsExactly(NOW.plusSeconds(1));
    assertThat(fixture().store().load(id(1)).orElseThrow().waits()).hasSize(1);
  }

  @Test
  default void givesTheWaitsOfARunThatIsParkedAgain() {
    park(1, NOW);
    fixture().write(goOn(1).update(0, fixture().owned()).commit());

    fixture().write(goOn(1).update(fixture().writer().id(), parked()).commit());

    assertThat(fixture().store().due(Optional.empty(), NOW, 10)).hasSize(1);
  }

  @Test
  default void forgetsTheWaitsOfARunThatIsOver() {
    park(1, NOW);
    fixture().write(start(fixture().run(2)).wait("", NOW).commit());

    fixture()
        .write(
            goOn(1).update(0, completed()).commit(),
            goOn(2).update(fixture().writer().id(), completed()).commit());

    assertThat(fixture().store().due(Optional.empty(), FAR, 10)).isEmpty();
  }

  @Test
  default void forgetsAWaitThatIsOver() {
    fixture()
        .write(
            start(fixture().run(1)).wait("/1.0", NOW).wait("/1.1", NOW).commit(),
            goOn(1).update(fixture().writer().id(), parked()).over("/1.0").commit());

    assertThat(fixture().store().due(Optional.empty(), NOW, 10))
        .extracting(WaitRow::branch)
        .containsExactly("/1.1");
    assertThat(fixture().store().load(id(1)).orElseThrow().waits()).hasSize(1);
  }

  @Test
  default void replacesTheWaitOfABranch() {
    park(1, NOW);

    fixture().write(goOn(1).over("").wait("", NOW.plusSeconds(1)).commit());
    fixture().write(goOn(1).wait("", NOW.plusSeconds(2)).commit());

    assertThat(fixture().store().due(Optional.empty(), NOW.plusSeconds(9), 10))
        .containsExactly(new WaitRow(id(1), "", 1, NOW.plusSeconds(2)));
  }
}
