package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.WORKFLOW;
import static dev.pawl.testkit.conformance.StoreFixture.completed;
import static dev.pawl.testkit.conformance.StoreFixture.goOn;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.parked;
import static dev.pawl.testkit.conformance.StoreFixture.row;
import static dev.pawl.testkit.conformance.StoreFixture.start;
import static dev.pawl.testkit.conformance.StoreFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.Commit;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.HistoryRow.Kind;
import dev.pawl.store.RunRow;
import dev.pawl.store.RunRow.Unique;
import dev.pawl.store.Store.Filter;
import dev.pawl.store.Store.Loaded;
import dev.pawl.store.WaitRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is listed, counted and loaded.
interface ReadCases {
  /// The store of this test.
  StoreFixture fixture();

  private void startAll(int... numbers) {
    var commits =
        IntStream.of(numbers)
            .mapToObj(number -> start(fixture().run(number)).commit())
            .toArray(Commit[]::new);
    assertThat(fixture().write(commits)).isEmpty();
  }

  private static Filter filter(RunStatus... statuses) {
    return new Filter(Optional.empty(), Optional.empty(), List.of(statuses));
  }

  @Test
  default void listsRunsOfTheSameTimeInTheOrderOfTheirIds() {
    startAll(4, 2, 5, 1, 3);

    var ids = new ArrayList<RunId>();
    var after = Optional.<RunId>empty();
    for (var page = fixture().store().runs(Filter.ALL, after, 2);
        !page.isEmpty();
        page = fixture().store().runs(Filter.ALL, after, 2)) {
      page.forEach(run -> ids.add(run.id()));
      after = Optional.of(ids.getLast());
    }

    assertThat(ids).containsExactly(id(1), id(2), id(3), id(4), id(5));
  }

  @Test
  default void goesOnAfterARunThatWasListedAlthoughOthersHaveChanged() {
    startAll(1, 2, 3);
    var first = fixture().store().runs(filter(RunStatus.RUNNING), Optional.empty(), 2);

    fixture()
        .write(
            goOn(2).update(fixture().writer().id(), completed()).commit(),
            start(fixture().run(4)).commit());
    var after = Optional.of(first.getLast().id());
    var second = fixture().store().runs(filter(RunStatus.RUNNING), after, 2);

    assertThat(second).extracting(RunRow::id).containsExactly(id(3), id(4));
  }

  @Test
  default void listsAndCountsByWorkflowVersionAndStatus() {
    var me = fixture().writer().id();
    startAll(1, 2, 3);
    fixture()
        .write(
            start(fixture().run(4, "other", "key", Unique.OPEN, Optional.empty())).commit(),
            goOn(2).update(me, completed()).commit(),
            goOn(3).update(me, state(RunStatus.FAILED, 0)).commit());

    var store = fixture().store();
    var orders = new Filter(Optional.of(WORKFLOW), Optional.of("1"), List.of());
    var none = new Filter(Optional.of(WORKFLOW), Optional.of("2"), List.of());
    var ended = filter(RunStatus.COMPLETED, RunStatus.FAILED);

    assertThat(store.runs(orders, Optional.empty(), 10)).hasSize(3);
    assertThat(store.runs(none, Optional.empty(), 10)).isEmpty();
    assertThat(store.runs(ended, Optional.empty(), 10))
        .extracting(RunRow::id)
        .containsExactly(id(2), id(3));
    assertThat(store.counts(Filter.ALL))
        .isEqualTo(Map.of(RunStatus.RUNNING, 2L, RunStatus.COMPLETED, 1L, RunStatus.FAILED, 1L));
    assertThat(store.counts(orders)).containsEntry(RunStatus.RUNNING, 1L);
    assertThat(store.counts(ended)).hasSize(2);
    assertThat(store.counts(none)).isEmpty();
  }

  @Test
  default void listsAndCountsWhatARunHasStarted() {
    startAll(1, 2);
    var first = new RunRow.Parent(id(1), "", true, 1);
    var second = new RunRow.Parent(id(2), "/1.7", false, 10);
    fixture()
        .write(
            start(fixture().child(5, first)).commit(),
            start(fixture().child(3, first)).commit(),
            start(fixture().child(4, second)).commit());
    fixture().write(goOn(5).update(fixture().writer().id(), completed()).commit());

    var store = fixture().store();
    var children = Filter.childrenOf(id(1));
    assertThat(store.runs(children, Optional.empty(), 10))
        .extracting(RunRow::id)
        .containsExactly(id(3), id(5));
    assertThat(store.runs(children, Optional.of(id(3)), 10))
        .extracting(RunRow::id)
        .containsExactly(id(5));
    assertThat(store.runs(children, Optional.empty(), 1)).hasSize(1);
    assertThat(store.counts(children))
        .isEqualTo(Map.of(RunStatus.RUNNING, 1L, RunStatus.COMPLETED, 1L));
    assertThat(store.runs(Filter.childrenOf(id(3)), Optional.empty(), 10)).isEmpty();
    assertThat(store.run(id(4)).orElseThrow().parent()).contains(second);
    assertThat(store.load(id(5)).orElseThrow().run().parent()).contains(first);
    assertThat(store.run(id(1)).orElseThrow().parent()).isEmpty();
  }

  @Test
  default void pagesTheHistoryOfARun() {
    startAll(1, 2);
    fixture().write(goOn(2).row(row(2, 1)).commit());
    fixture().write(goOn(1).row(row(1, 1)).row(row(1, 2)).row(row(1, 3)).commit());

    var store = fixture().store();

    assertThat(store.history(id(1), 0, 2)).extracting(HistoryRow::seq).containsExactly(1L, 2L);
    assertThat(store.history(id(1), 2, 2)).extracting(HistoryRow::seq).containsExactly(3L);
    assertThat(store.history(id(1), 3, 2)).isEmpty();
    assertThat(store.history(id(9), 0, 2)).isEmpty();
  }

  @Test
  default void knowsNothingOfWhatWasNeverWritten() {
    startAll(1);
    var store = fixture().store();

    assertThat(store.run(id(9))).isEmpty();
    assertThat(store.load(id(9))).isEmpty();
    assertThat(store.row(id(1), 1)).isEmpty();
    assertThat(store.row(id(9), 1)).isEmpty();
    assertThat(store.once(id(9), "", 1)).isEmpty();
    assertThat(store.shape(WORKFLOW, "1")).isEmpty();
    assertThat(store.ends(id(9), "", 1, 2)).containsExactly(0, 0);
  }

  @Test
  default void loadsARunThatHasNoHistory() {
    var run = fixture().run(1);
    fixture().write(start(run).commit());

    assertThat(fixture().store().load(id(1)).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(new Loaded(run, List.of(), List.of(), List.of()));
  }

  @Test
  default void loadsHistoryFromTheFloorOfTheNewestRow() {
    startAll(1);
    fixture()
        .write(
            goOn(1)
                .row(row(1, 1, Kind.LEFT, "", "a", 1))
                .row(row(1, 2, Kind.LEFT, "", "b", 2))
                .row(row(1, 3, Kind.RETRY, "", "", 2))
                .row(row(1, 4, Kind.RETRY, "", "", 2))
                .wait("", NOW)
                .commit());

    var loaded = fixture().store().load(id(1)).orElseThrow();

    assertThat(loaded.history()).extracting(HistoryRow::seq).containsExactly(2L, 3L, 4L);
    assertThat(loaded.waits()).containsExactly(new WaitRow(id(1), "", 1, NOW));
  }

  @Test
  default void loadsManyRunsAsItLoadsEach() {
    startAll(1, 2, 3);
    fixture()
        .write(
            goOn(1)
                .row(row(1, 1, Kind.LEFT, "", "a", 1))
                .row(row(1, 2, Kind.LEFT, "", "b", 2))
                .wait("", NOW)
                .commit());
    fixture().write(goOn(3).row(row(3, 1)).commit());
    var store = fixture().store();

    assertThat(store.load(List.of(id(3), id(9), id(1))))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyInAnyOrder(
            store.load(id(1)).orElseThrow(), store.load(id(3)).orElseThrow());
    assertThat(store.load(List.of())).isEmpty();
  }

  @Test
  default void loadsTheWholeHistoryWhenTheFloorIsZero() {
    startAll(1);
    fixture()
        .write(
            goOn(1)
                .row(row(1, 1, Kind.LEFT, "", "a", 0))
                .row(row(1, 2, Kind.LEFT, "", "b", 0))
                .commit());

    assertThat(fixture().store().load(id(1)).orElseThrow().history()).hasSize(2);
  }

  @Test
  default void pagesTheRunsOfAWorkflowThatHaveAnOwner() {
    var me = fixture().writer().id();
    startAll(5, 1, 2, 3, 4);
    fixture()
        .write(
            start(fixture().run(6, "other", "key", Unique.OPEN, Optional.empty())).commit(),
            goOn(1).row(row(1, 1)).wait("/1.0", NOW).commit(),
            goOn(2).update(me, parked()).commit(),
            goOn(4).update(me, completed()).commit(),
            goOn(5).row(row(5, 1)).row(row(5, 2)).commit());
    var store = fixture().store();

    var first = store.owned(WORKFLOW, Optional.empty(), 2);
    var second = store.owned(WORKFLOW, Optional.of(first.getLast().run().id()), 2);

    assertThat(first).extracting(loaded -> loaded.run().id()).containsExactly(id(1), id(3));
    assertThat(second).extracting(loaded -> loaded.run().id()).containsExactly(id(5));
    for (var loaded : List.of(first.getFirst(), first.getLast(), second.getFirst())) {
      assertThat(loaded)
          .usingRecursiveComparison()
          .isEqualTo(store.load(loaded.run().id()).orElseThrow());
    }
  }

  @Test
  default void findsTheRowsThatEndedChildren() {
    startAll(1, 2);
    fixture()
        .write(
            goOn(1)
                .row(row(1, 1, Kind.LEFT, "", "join|a|b", 1))
                .row(row(1, 2, Kind.LEFT, "/1.0", "a2", 1))
                .row(row(1, 3, Kind.LEFT, "/1.2", "", 1))
                .row(row(1, 4, Kind.RETRY, "/1.1", "", 1))
                .row(row(1, 5, Kind.GAVE_UP, "/1.1", "", 1))
                .row(row(1, 6, Kind.LEFT, "/1.10", "", 1))
                .row(row(1, 7, Kind.LEFT, "/1.0/2.0", "", 1))
                .row(row(1, 8, Kind.LEFT, "/2.0", "", 1))
                .row(row(1, 9, Kind.LEFT, "/1.0/2.1", "", 1))
                .commit(),
            goOn(2).row(row(2, 1, Kind.LEFT, "/1.3", "", 1)).commit());
    var store = fixture().store();

    assertThat(store.ends(id(1), "", 1, 11)).containsExactly(0, 5, 3, 0, 0, 0, 0, 0, 0, 0, 6);
    assertThat(store.ends(id(1), "/1.0", 2, 3)).containsExactly(7, 9, 0);
    assertThat(store.ends(id(1), "", 3, 1)).containsExactly(0);
  }

  @Test
  default void remembersTheNewestShapeOfADefinition() {
    fixture().writer().putShape(WORKFLOW, "1", "first");
    fixture().writer().putShape(WORKFLOW, "2", "other");
    fixture().writer().putShape(WORKFLOW, "1", "second");

    assertThat(fixture().store().shape(WORKFLOW, "1")).contains("second");
    assertThat(fixture().store().shape(WORKFLOW, "2")).contains("other");
  }
}
