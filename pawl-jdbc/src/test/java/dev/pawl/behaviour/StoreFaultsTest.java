package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import dev.pawl.testkit.fault.Fault;
import dev.pawl.testkit.fault.FaultyStore;
import dev.pawl.testkit.fault.Injected;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What commits of a SQLite store that fail, wait, lose their answers or are refused make of a run,
/// at each place where it can hit one.
@Timeout(120)
final class StoreFaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int FEWEST = 8; // batches that each run takes
  private static final Map<String, Integer> EFFECTS =
      Map.of(
          "first", 1, "flaky", 2, "receipt", 1, "left", 1, "right", 1, "item 1", 1, "item 2", 1,
          "item 3", 1, "last", 1);

  /// How often each effect took place. The number of the receipt is that of the calls.
  private final Map<String, Integer> effects = new ConcurrentHashMap<>();

  private final Workflow<Trail> workflow = workflow();

  @TempDir private Path directory;

  /// How a run ends: with the receipt of the last call, since no call follows a recorded one.
  private Trail expected() {
    return new Trail(
        6, List.of("first", "receipt " + effects.get("receipt"), "left", "right", "last"));
  }

  private int effect(String name) {
    return effects.merge(name, 1, Integer::sum);
  }

  private Workflow<Trail> workflow() {
    var g = Workflow.graph("all", Trail.class).merge(Field.of(Trail::marks), Reducer.append());
    var first = g.step("first", state -> mark(state, "first"));
    var flaky =
        g.step(
                "flaky",
                (state, ctx) -> {
                  var receipt = ctx.once("receipt", Integer.class, () -> effect("receipt"));
                  effect("flaky");
                  if (ctx.attempt() == 1) {
                    throw new IOException("down");
                  }
                  return state.mark("receipt " + receipt);
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 2)));
    var left = g.step("left", state -> mark(state, "left"));
    var right = g.step("right", state -> mark(state, "right"));
    var join = g.join("join", Join.ALL);
    var nap = g.delay("nap", state -> Instant.now().plusMillis(2));
    var items =
        g.map(
                "items",
                state -> List.of(1, 2, 3),
                Integer.class,
                (item, ctx) -> {
                  effect("item " + item);
                  return item;
                },
                (state, results) ->
                    state.plus(results.values().stream().mapToInt(Integer::intValue).sum()))
            .width(2);
    var last = g.step("last", state -> mark(state, "last"));
    g.start(first).path(first, flaky);
    g.path(flaky.fork(left, right)).path(left, join).path(right, join);
    g.path(join, nap, items, last, g.end());
    return g.build();
  }

  private Trail mark(Trail state, String name) {
    effect(name);
    return state.mark(name);
  }

  private FaultyStore open(String name) throws IOException {
    return FaultyStore.over(
        SqliteStore.open(Files.createDirectory(directory.resolve(name)).resolve("pawl.db")));
  }

  private Engine engine(Store store) {
    return Engine.builder().store(store).register(workflow).verifyStates().start();
  }

  /// The rows of the only run: none lost, none twice, one result recorded once.
  private void isWhole(Store store) {
    assertThat(store.runs(Store.Filter.ALL, Optional.empty(), 10))
        .singleElement()
        .satisfies(run -> {
          assertThat(run.state().status()).isEqualTo(RunStatus.COMPLETED);
          var history = store.history(run.id(), 0, 1_000);
          assertThat(history)
              .extracting(HistoryRow::seq)
              .isEqualTo(LongStream.rangeClosed(1, history.size()).boxed().toList());
          assertThat(history)
              .filteredOn(row -> row.kind() == HistoryRow.Kind.LEFT)
              .extracting(row -> row.branch() + " " + row.node())
              .doesNotHaveDuplicates()
              .hasSizeGreaterThanOrEqualTo(10);
          assertThat(store.once(run.id(), "", 2)).hasSize(1);
        });
    assertThat(store.due(Optional.empty(), Instant.parse("2100-01-01T00:00:00Z"), 10)).isEmpty();
  }

  /// What is done to one batch without ending the engine.
  private enum Passing {
    FAIL(Fault.FAILED) {
      @Override
      void at(FaultyStore store, long batch) {
        store.on(batch).fail();
      }
    },
    LOSE_ANSWER(Fault.ANSWER_LOST) {
      @Override
      void at(FaultyStore store, long batch) {
        store.on(batch).loseAnswer();
      }
    };

    final Fault fault;

    Passing(Fault fault) {
      this.fault = fault;
    }

    abstract void at(FaultyStore store, long batch);
  }

  @ParameterizedTest
  @EnumSource
  void endsAsIfNothingHadHappenedWhicheverBatchIsHit(Passing passing) throws Exception {
    boolean hit = true;
    for (int batch = 1; hit; batch++) {
      effects.clear();
      try (var store = open("batch " + batch)) {
        passing.at(store, batch);
        try (var engine = engine(store)) {

          assertThat(engine.start(workflow, "k", Trail.EMPTY).await(LIMIT)).isEqualTo(expected());
        }

        assertThat(effects).as("effects, batch %s", batch).isEqualTo(EFFECTS);
        isWhole(store);
        assertThat(store.injected()).extracting(Injected::fault).isSubsetOf(passing.fault);
        hit = store.batches() >= batch;
        assertThat(store.injected()).hasSize(hit ? 1 : 0);
        assertThat(hit || batch > FEWEST).as("hit batch %s", batch).isTrue();
      }
    }
  }

  @Test
  void showsNothingOfABatchThatIsHeldAndGoesOnAfterIt() throws Exception {
    for (int batch = 2; batch <= FEWEST; batch++) {
      effects.clear();
      try (var store = open("batch " + batch)) {
        var gate = store.on(batch).hold();
        try (var engine = engine(store)) {
          var run = engine.start(workflow, "k", Trail.EMPTY);
          gate.awaitReached(LIMIT);
          var committed = store.history(run.id(), 0, 1_000).size();
          assertThat(run.status().isFinal()).isFalse();
          assertThat(run.history(0, 1_000)).hasSize(committed);
          gate.open();

          assertThat(run.await(LIMIT)).isEqualTo(expected());
        }

        assertThat(effects).as("effects, batch %s", batch).isEqualTo(EFFECTS);
        isWhole(store);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FULL", "READ_ONLY", "FENCED"})
  void standsStillTellsWhoWaitsAndGoesOnAfterReopening(Kind kind) throws Exception {
    boolean hit = true;
    for (int batch = 1; hit; batch++) {
      effects.clear();
      try (var store = open("batch " + batch)) {
        store.on(batch).refuse(kind);
        try (var engine = engine(store)) {
          tellsWhoWaits(engine, kind, store);
        }
        hit = store.batches() >= batch;
        assertThat(hit || batch > FEWEST).as("hit batch %s", batch).isTrue();
        long refused = store.batches();
        store.mend();

        try (var engine = engine(store)) {
          assertThat(goOn(engine).await(LIMIT)).isEqualTo(expected());
        }

        assertThat(store.injected()).as("after batch %s", refused).hasSize(hit ? 1 : 0);
        repeatedAtMostWhatWasCut(batch);
        isWhole(store);
      }
    }
  }

  private void tellsWhoWaits(Engine engine, Kind kind, FaultyStore store) throws Exception {
    try {
      assertThat(engine.start(workflow, "k", Trail.EMPTY).await(LIMIT)).isEqualTo(expected());
      assertThat(store.injected()).isEmpty();
    } catch (StoreException e) {
      assertThat(e.kind()).isEqualTo(kind);
      assertThatThrownBy(() -> engine.start(workflow, "other", Trail.EMPTY))
          .isInstanceOf(StoreException.class);
    }
  }

  private Run<Trail> goOn(Engine engine) {
    return engine.find(workflow, "k").orElseGet(() -> engine.start(workflow, "k", Trail.EMPTY));
  }

  /// Each step ran at least once, and once more at most; nothing ran that should not.
  private void repeatedAtMostWhatWasCut(int batch) {
    var most = new HashMap<String, Integer>();
    EFFECTS.forEach((name, times) -> most.put(name, times + 1));
    assertThat(effects.keySet()).as("effects, batch %s", batch).isEqualTo(EFFECTS.keySet());
    assertThat(effects)
        .as("effects, batch %s", batch)
        .allSatisfy(
            (name, times) -> assertThat(times).isBetween(EFFECTS.get(name), most.get(name)));
  }

  @Test
  void givesUpWhenABatchFailsTooOftenAndGoesOnAfterReopening() throws Exception {
    try (var store = open("down")) {
      store.when(FaultyStore.leaves("flaky")).refuse(Kind.UNAVAILABLE);
      try (var engine = engine(store)) {
        var run = engine.start(workflow, "k", Trail.EMPTY);

        assertThatThrownBy(() -> run.await(LIMIT))
            .isInstanceOfSatisfying(
                StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
      }
      assertThat(store.injected())
          .hasSize(20)
          .extracting(Injected::batch)
          .containsOnly(store.batches());
      store.mend();

      try (var engine = engine(store)) {
        assertThat(goOn(engine).await(LIMIT)).isEqualTo(expected());
      }
      isWhole(store);
    }
  }

  @Test
  void losesNoRunWhenAThirdOfManyBatchesFailsOrLosesItsAnswer() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    try (var store = open("many")) {
      store.share(0.15, seed).fail().share(0.15, seed + 1).loseAnswer();
      try (var engine = engine(store)) {
        var runs =
            LongStream.range(0, 50)
                .mapToObj(i -> engine.start(workflow, "k " + i, Trail.EMPTY))
                .toList();

        for (var run : runs) {
          assertThat(run.await(LIMIT).count()).isEqualTo(6);
        }
        assertThat(engine.counts(Store.Filter.ALL))
            .containsOnly(Map.entry(RunStatus.COMPLETED, 50L));
      }
      assertThat(effects)
          .allSatisfy((name, times) -> assertThat(times).isEqualTo(50 * EFFECTS.get(name)));
      assertThat(store.injected()).isNotEmpty();
      assertThat(Set.of(Fault.FAILED, Fault.ANSWER_LOST))
          .containsAll(store.injected().stream().map(Injected::fault).toList());
    }
  }
}
