package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.bytes;
import static dev.pawl.testkit.conformance.StoreFixture.goOn;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.row;
import static dev.pawl.testkit.conformance.StoreFixture.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.MessageRow;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What becomes of messages that runs accept.
interface MessageCases {
  /// The store of this test.
  StoreFixture fixture();

  private static MessageRow message(int run, long number) {
    return new MessageRow(
        id(run),
        number,
        "signal",
        number % 2 == 0 ? Optional.of("correlation") : Optional.empty(),
        Optional.of("m-" + number),
        bytes("payload " + number),
        NOW.plusSeconds(number));
  }

  private void assertInbox(int run, MessageRow... expected) {
    assertThat(fixture().store().load(id(run)).orElseThrow().inbox())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(expected);
  }

  @Test
  default void keepsMessagesInTheirOrderUntilTheyAreUsed() {
    fixture().write(start(fixture().run(1)).commit(), start(fixture().run(2)).commit());

    fixture()
        .write(
            goOn(1).received(message(1, 1)).received(message(1, 2)).commit(),
            goOn(2).received(message(2, 1)).commit());
    assertInbox(1, message(1, 1), message(1, 2));
    fixture().write(goOn(1).used(1).row(row(1, 1)).commit());

    assertInbox(1, message(1, 2));
    assertInbox(2, message(2, 1));
  }

  @Test
  default void startsARunTogetherWithItsFirstMessage() {
    var rejections = fixture().write(start(fixture().run(1)).received(message(1, 1)).commit());

    assertThat(rejections).isEmpty();
    assertInbox(1, message(1, 1));
    assertThat(fixture().store().accepted(id(1), "m-1")).isTrue();
  }

  @Test
  default void acceptsAndUsesAMessageInOneCommit() {
    fixture().write(start(fixture().run(1)).received(message(1, 1)).used(1).commit());

    assertInbox(1);
    assertThat(fixture().store().accepted(id(1), "m-1")).isTrue();
  }

  @Test
  default void remembersTheIdsOfMessagesThatWereUsed() {
    fixture().write(start(fixture().run(1)).received(message(1, 1)).commit());
    fixture().write(start(fixture().run(2)).commit(), goOn(1).used(1).commit());

    assertThat(fixture().store().accepted(id(1), "m-1")).isTrue();
    assertThat(fixture().store().accepted(id(1), "m-2")).isFalse();
    assertThat(fixture().store().accepted(id(2), "m-1")).isFalse();
  }

  @Test
  default void leavesTheMessagesOfARejectedCommitOut() {
    fixture().write(start(fixture().run(1)).row(row(1, 1)).commit());

    var rejections = fixture().write(goOn(1).row(row(1, 1)).received(message(1, 1)).commit());

    assertThat(rejections).hasSize(1);
    assertInbox(1);
    assertThat(fixture().store().accepted(id(1), "m-1")).isFalse();
  }
}
