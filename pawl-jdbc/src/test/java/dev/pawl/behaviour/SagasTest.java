package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.IllegalStatus;
import dev.pawl.store.HistoryRow;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How runs undo what they have done.
@Timeout(60)
final class SagasTest {
  private static final Signal<String> GO = Signal.of("go", String.class);
  private static final Policy TWICE = Policy.DEFAULT.retry(Retry.fixed(Duration.ofMinutes(1), 2));

  record Trip(int stage) {
    Trip next() {
      return new Trip(stage + 1);
    }
  }

  @TempDir private Path directory;
  private final List<String> undone = new ArrayList<>();
  private final Set<String> keys = new LinkedHashSet<>();
  private int failures;

  private void undo(String what, int stage) throws IOException {
    if (failures-- > 0) {
      throw new IOException("no line");
    }
    undone.add(what + " " + stage);
  }

  /// Books twice round, then waits, then fails.
  private Workflow<Trip> trips() {
    var g = Workflow.graph("trips", Trip.class);
    var hotel =
        g.step("hotel", Trip::next)
            .with(TWICE)
            .compensate((trip, ctx) -> {
              keys.add(ctx.idempotencyKey());
              undo("hotel", trip.stage());
            });
    var look = g.step("look", Trip::next);
    var flight =
        g.step("flight", Trip::next)
            .with(TWICE)
            .compensate((trip, ctx) -> undo("flight", trip.stage()));
    var wait = g.await("wait", GO, (trip, word) -> trip.next());
    var pay =
        g.step(
            "pay",
            trip -> {
              throw new IllegalStateException("no money");
            });
    g.start(hotel).path(hotel, look, flight);
    flight.when("again", trip -> trip.stage() < 6, hotel).otherwise(wait);
    g.path(wait, pay, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void undoEachFinishedVisitTheLatestFirst(Place place) {
    var trips = trips();
    try (var engine = place.inVirtualTime(directory, trips)) {
      var run = engine.start(trips, "t", new Trip(0));
      run.signal(GO, "");
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(undone).containsExactly("flight 6", "hotel 4", "flight 3", "hotel 1");
      assertThat(keys).hasSize(2).allMatch(key -> key.endsWith(":undo"));
      assertThat(run.history(0, 100))
          .filteredOn(row -> row.kind() == HistoryRow.Kind.UNDONE)
          .extracting(HistoryRow::node)
          .containsExactly("flight", "hotel", "flight", "hotel");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void undoWhenTheRunIsCancelledButNotWhenItIsAbandoned(Place place) {
    var trips = trips();
    try (var engine = place.inVirtualTime(directory, trips)) {
      var cancelled = engine.start(trips, "t-1", new Trip(3));
      var abandoned = engine.start(trips, "t-2", new Trip(3));
      engine.settle();
      engine.restart();

      cancelled.cancel("rain");
      abandoned.abandon("snow");
      engine.settle();

      assertThat(cancelled.status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(abandoned.status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(undone).containsExactly("flight 6", "hotel 4");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void tryAgainAndThenAskSomebodyToLook(Place place) {
    var trips = trips();
    try (var engine = place.inVirtualTime(directory, trips)) {
      var run = engine.start(trips, "t", new Trip(3));
      engine.settle();
      failures = 3;

      run.cancel("rain");
      engine.settle();
      assertThat(run.status()).isEqualTo(RunStatus.COMPENSATING);
      assertThatThrownBy(() -> run.signal(GO, "")).isInstanceOf(IllegalStatus.class);
      engine.advance(Duration.ofMinutes(1));
      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(run.history(0, 100).getLast().port())
          .isEqualTo("the compensation of flight gave up: java.io.IOException: no line");
      engine.restart();
      run.resume();
      engine.advance(Duration.ofMinutes(1));

      assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(undone).containsExactly("flight 6", "hotel 4");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goOnUndoingAfterARestart(Place place) {
    var trips = trips();
    try (var engine = place.inVirtualTime(directory, trips)) {
      var run = engine.start(trips, "t", new Trip(0));
      engine.settle();
      run.cancel("rain");
      failures = 1;
      engine.settle();
      engine.restart();
      engine.advance(Duration.ofMinutes(2));

      assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(undone).containsExactly("flight 6", "hotel 4", "flight 3", "hotel 1");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void undoWhatAJoinDoesNotNeedBeforeItGoesOn(Place place) {
    var g = Workflow.graph("race", Trip.class);
    var fork = g.step("fork", trip -> trip);
    var slow = g.step("slow", trip -> trip).compensate((trip, ctx) -> undo("slow", trip.stage()));
    var wait = g.await("wait", GO, (trip, word) -> trip);
    var fast = g.step("fast", Trip::next).compensate((trip, ctx) -> undo("fast", trip.stage()));
    var settle = g.delay("settle", trip -> java.time.Instant.EPOCH);
    var join = g.join("join", Join.ANY);
    var after = g.step("after", trip -> new Trip(trip.stage() + 10 * undone.size()));
    g.start(fork);
    fork.fork(slow, fast);
    g.path(slow, wait, join).path(fast, settle, join).path(join, after, g.end());
    var race = g.build();
    try (var engine = place.inVirtualTime(directory, race)) {
      engine.at("fast").takes(Duration.ofSeconds(1));
      var run = engine.start(race, "t", new Trip(0));
      engine.advance(Duration.ofSeconds(2));

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(undone).containsExactly("slow 0");
      assertThat(run.state().stage()).isEqualTo(11);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void undoWhatAStepHasDoneThatWasCancelledMeanwhile(Place place) {
    var g = Workflow.graph("stubborn", Trip.class);
    var book =
        g.step("book", (trip, ctx) -> trip.next())
            .compensate((trip, ctx) -> undo("book", trip.stage()));
    g.start(book).path(book, g.end());
    var stubborn = g.build();
    try (var engine = place.inVirtualTime(directory, stubborn)) {
      var run = engine.start(stubborn, "t", new Trip(0));
      run.cancel("at once");
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
      boolean ran =
          run.history(0, 100).stream().anyMatch(row -> row.kind() == HistoryRow.Kind.FINISHED);
      assertThat(undone).hasSize(ran ? 1 : 0);
    }
  }
}
