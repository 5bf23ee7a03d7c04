package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.bytes;
import static dev.pawl.testkit.conformance.StoreFixture.goOn;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.row;
import static dev.pawl.testkit.conformance.StoreFixture.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.EventRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.OutboxRow.Kind;
import dev.pawl.store.Settled;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What runs send, and what becomes of it.
interface OutboxCases {
  /// The store of this test.
  StoreFixture fixture();

  private static OutboxRow sent(Kind kind, String name, String id) {
    return OutboxRow.sent(id(1), kind, id, name, "key", bytes(id), Map.of("a", "ä\n\t"), NOW);
  }

  private void begin() {
    assertThat(fixture().write(start(fixture().run(1)).commit())).isEmpty();
  }

  private void send(OutboxRow... rows) {
    var draft = goOn(1);
    for (var row : rows) {
      draft.sends(row);
    }
    assertThat(fixture().write(draft.commit())).isEmpty();
  }

  private void settle(Settled... settled) {
    var draft = goOn(1);
    for (var each : settled) {
      draft.settles(each);
    }
    assertThat(fixture().write(draft.commit())).isEmpty();
  }

  private List<OutboxRow> events() {
    return fixture().store().outbox(Optional.empty(), 0, 100);
  }

  private static List<String> ids(List<OutboxRow> rows) {
    return rows.stream().map(OutboxRow::id).toList();
  }

  @Test
  default void keepsWhatARunSendsWithItsTransition() {
    begin();

    send(sent(Kind.EVENT, "topic", "1"));

    var row = events().getFirst();
    assertThat(row.number()).isPositive();
    assertThat(row)
        .usingRecursiveComparison()
        .ignoringFields("number")
        .isEqualTo(sent(Kind.EVENT, "topic", "1"));
  }

  @Test
  default void numbersRowsInTheOrderOfCommits() {
    fixture()
        .write(
            start(fixture().run(1)).sends(sent(Kind.EVENT, "b", "1")).commit(),
            start(fixture().run(2))
                .sends(sent(Kind.EVENT, "a", "2"))
                .sends(sent(Kind.EVENT, "b", "3"))
                .commit());
    fixture().write(goOn(1).sends(sent(Kind.EVENT, "a", "4")).commit());

    assertThat(ids(events())).containsExactly("1", "2", "3", "4");
    assertThat(events()).extracting(OutboxRow::number).isSorted().doesNotHaveDuplicates();
  }

  @Test
  default void sendsNothingOfACommitThatIsRefused() {
    begin();
    fixture().write(goOn(1).row(row(1, 1)).commit());

    var rejections =
        fixture()
            .write(
                goOn(1).row(row(1, 1)).sends(sent(Kind.EVENT, "topic", "1")).commit(),
                goOn(2).row(row(2, 1)).sends(sent(Kind.LOGGED, "topic", "2")).commit());

    assertThat(rejections).hasSize(2);
    assertThat(events()).isEmpty();
    assertThat(fixture().store().log().read("topic", 0, 10)).isEmpty();
  }

  @Test
  default void sendsABatchOnceThatIsWrittenAgain() {
    begin();
    var commit = goOn(1).sends(sent(Kind.EVENT, "topic", "1")).commit();
    fixture().write(commit);

    fixture().writeAgain(commit);

    assertThat(ids(events())).containsExactly("1");
  }

  @Test
  default void givesPagesBehindANumber() {
    begin();
    send(
        sent(Kind.EVENT, "topic", "1"),
        sent(Kind.EVENT, "topic", "2"),
        sent(Kind.EVENT, "topic", "3"));

    var first = fixture().store().outbox(Optional.empty(), 0, 2);
    var rest = fixture().store().outbox(Optional.empty(), first.getLast().number(), 2);

    assertThat(ids(first)).containsExactly("1", "2");
    assertThat(ids(rest)).containsExactly("3");
  }

  @Test
  default void keepsEventsHooksAndWhatIsForRunsApart() {
    begin();

    send(
        sent(Kind.HOOK, "audit", "1"),
        sent(Kind.EVENT, "audit", "2"),
        sent(Kind.HOOK, "mail", "3"),
        sent(Kind.RUN, "audit", "4"),
        sent(Kind.RUN, "mail", "5"));

    assertThat(ids(events())).containsExactly("2");
    assertThat(ids(fixture().store().outbox(Optional.of("audit"), 0, 10))).containsExactly("1");
    assertThat(ids(fixture().store().outbox(Optional.of("mail"), 0, 10))).containsExactly("3");
    assertThat(fixture().store().outbox(Optional.of("other"), 0, 10)).isEmpty();
    var forRuns = fixture().store().outboxOfRuns(0, 10);
    assertThat(ids(forRuns)).containsExactly("4", "5");
    assertThat(ids(fixture().store().outboxOfRuns(forRuns.getFirst().number(), 10)))
        .containsExactly("5");
    assertThat(fixture().store().outboxOfRuns(0, 1)).hasSize(1);
  }

  @Test
  default void forgetsWhatWasDelivered() {
    begin();
    send(sent(Kind.EVENT, "topic", "1"), sent(Kind.EVENT, "topic", "2"));

    settle(Settled.gone(events().getFirst()));
    settle(new Settled(1_000, Settled.Outcome.GONE, ""));

    assertThat(ids(events())).containsExactly("2");
  }

  @Test
  default void neverGivesANumberAgain() {
    begin();
    send(sent(Kind.EVENT, "topic", "1"));
    long first = events().getFirst().number();
    settle(Settled.gone(events().getFirst()));

    send(sent(Kind.EVENT, "topic", "2"));

    assertThat(events().getFirst().number()).isGreaterThan(first);
  }

  @Test
  default void showsWhatIsNoLongerTriedAndWhy() {
    begin();
    send(sent(Kind.HOOK, "audit", "1"), sent(Kind.EVENT, "topic", "2"));
    var hook = fixture().store().outbox(Optional.of("audit"), 0, 10).getFirst();

    settle(Settled.parked(hook, "it hangs"));

    assertThat(fixture().store().outbox(Optional.of("audit"), 0, 10)).isEmpty();
    assertThat(ids(events())).containsExactly("2");
    var parked = fixture().store().parked(0, 10);
    assertThat(ids(parked)).containsExactly("1");
    assertThat(parked.getFirst().parked()).contains("it hangs");
    assertThat(fixture().store().parked(hook.number(), 10)).isEmpty();
  }

  @Test
  default void triesAgainWhatWasParked() {
    begin();
    send(sent(Kind.EVENT, "topic", "1"), sent(Kind.EVENT, "topic", "2"));
    var first = events().getFirst();
    settle(Settled.parked(first, "refused"));

    settle(Settled.waiting(first));

    assertThat(ids(events())).containsExactly("1", "2");
    assertThat(events().getFirst().parked()).isEmpty();
    assertThat(fixture().store().parked(0, 10)).isEmpty();
  }

  @Test
  default void putsEventsForItsOwnLogThereAtOnce() throws Exception {
    var heard = new AtomicInteger();
    begin();
    try (var listening = fixture().store().log().listen(heard::incrementAndGet)) {
      send(sent(Kind.LOGGED, "topic", "1"), sent(Kind.LOGGED, "other", "2"));
      send(sent(Kind.EVENT, "topic", "3"));
      assertThat(listening).isNotNull();
    }

    assertThat(events()).extracting(OutboxRow::id).containsExactly("3");
    var logged = fixture().store().log().read("topic", 0, 10);
    assertThat(logged)
        .singleElement()
        .usingRecursiveComparison()
        .ignoringFields("offset")
        .isEqualTo(new EventRow(0, "topic", "1", "key", bytes("1"), Map.of("a", "ä\n\t"), NOW));
    assertThat(heard).hasValue(1);
  }

  @Test
  default void trimsTheOldestEventsOfItsLog() {
    var log = fixture().store().log();
    for (int i = 1; i <= 5; i++) {
      var at = NOW.plusSeconds(i);
      log.append(List.of(new EventRow(0, "t" + i % 2, "" + i, "key", bytes("x"), Map.of(), at)));
    }

    int few = log.trim(NOW.plusSeconds(5), 3);
    int rest = log.trim(NOW.plusSeconds(5), 10);
    int none = log.trim(NOW.plusSeconds(5), 10);

    assertThat(List.of(few, rest, none)).containsExactly(3, 1, 0);
    assertThat(log.read("t0", 0, 10)).isEmpty();
    assertThat(log.read("t1", 0, 10)).extracting(EventRow::id).containsExactly("5");
    assertThat(log.end()).isEqualTo(log.read("t1", 0, 10).getFirst().offset());
  }
}
