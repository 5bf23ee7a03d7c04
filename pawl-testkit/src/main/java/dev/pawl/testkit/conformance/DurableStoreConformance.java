package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.WORKFLOW;
import static dev.pawl.testkit.conformance.StoreFixture.bytes;
import static dev.pawl.testkit.conformance.StoreFixture.goOn;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.parked;
import static dev.pawl.testkit.conformance.StoreFixture.row;
import static dev.pawl.testkit.conformance.StoreFixture.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.OutboxRow;
import dev.pawl.store.Settled;
import dev.pawl.store.Store;
import dev.pawl.store.Store.Filter;
import dev.pawl.store.StoreException.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a store has to do that outlives its process. While a test runs, [#open()] opens the same
/// store each time it is called, also when that store is open already.
public abstract class DurableStoreConformance extends StoreConformance {
  /// For subclasses.
  protected DurableStoreConformance() {}

  private static List<Object> seen(Store store) {
    return List.of(
        store.runs(Filter.ALL, Optional.empty(), 10),
        store.owned(WORKFLOW, Optional.empty(), 10),
        store.history(id(1), 0, 10),
        store.once(id(1), "", 1),
        store.due(Optional.empty(), NOW, 10),
        store.schedules(),
        store.outbox(Optional.empty(), 0, 10),
        store.parked(0, 10),
        store.log().read("topic", 0, 10),
        store.shape(WORKFLOW, "1"));
  }

  private static OutboxRow sent(OutboxRow.Kind kind) {
    return OutboxRow.sent(id(2), kind, "id", "topic", "key", bytes("event"), Map.of(), NOW);
  }

  @Test
  final void findsEverythingAgainWhenItIsOpenedAgain() {
    var me = fixture().writer().id();
    fixture()
        .write(
            start(fixture().run(1)).row(row(1, 1)).once("", 1, "a", bytes("value")).commit(),
            start(fixture().run(2)).commit(),
            goOn(2)
                .update(me, parked())
                .wait("", NOW)
                .sends(sent(OutboxRow.Kind.EVENT))
                .sends(sent(OutboxRow.Kind.EVENT))
                .sends(sent(OutboxRow.Kind.LOGGED))
                .commit());
    var first = fixture().store().outbox(Optional.empty(), 0, 1).getFirst();
    fixture().write(goOn(2).settles(Settled.parked(first, "refused")).commit());
    fixture().writer().putShape(WORKFLOW, "1", "shape");
    fixture().writer().writeSchedules(List.of(ScheduleCases.schedule("nightly")), List.of());
    var before = seen(fixture().store());

    fixture().store().close();

    try (var again = open()) {
      assertThat(seen(again)).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  final void neverUsesTheIdOfAWriterAgain() {
    long last = fixture().writer().id();
    fixture().store().close();

    for (int i = 0; i < 3; i++) {
      try (var again = open();
          var writer = again.writer()) {
        assertThat(writer.id()).isGreaterThan(last);
        last = writer.id();
      }
    }
  }

  @Test
  final void refusesASecondWriterWhileTheFirstLives() {
    try (var second = open()) {
      WriterCases.assertRefused(second::writer, Kind.LOCKED);
      WriterCases.assertRefused(second::writer, Kind.LOCKED);

      assertThat(fixture().write(start(fixture().run(1)).commit())).isEmpty();
      assertThat(second.run(id(1))).isPresent();
    }
    assertThat(fixture().write(start(fixture().run(2)).commit())).isEmpty();
  }

  @Test
  final void letsAnotherWriteWhenTheWriterIsClosed() {
    fixture().write(start(fixture().run(1)).commit());

    fixture().writer().close();

    try (var second = open();
        var writer = second.writer()) {
      assertThat(writer.commit(1, List.of(goOn(1).row(row(1, 1)).commit()))).isEmpty();
      assertThat(fixture().store().history(id(1), 0, 10)).hasSize(1);
    }
  }

  @Test
  final void showsReadersWhatWasCommittedBefore() {
    try (var reader = open()) {
      for (int number = 1; number <= 50; number++) {
        fixture().write(start(fixture().run(number)).commit());

        assertThat(reader.run(id(number))).isPresent();
        assertThat(reader.runs(Filter.ALL, Optional.empty(), 100)).hasSize(number);
      }
    }
  }
}
