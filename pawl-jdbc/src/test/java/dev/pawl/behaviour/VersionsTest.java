package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.IncompatibleDefinition;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.Store;
import dev.pawl.workflow.Graph;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Reducer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A definition that changed its shape under the same version, while runs of it were open.
@Timeout(60)
final class VersionsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final MemoryStore store = new MemoryStore();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Semaphore reached = new Semaphore(0);

  @TempDir private Path directory;

  /// An engine on what the one before it left.
  private EngineBuilder builder(Place place) {
    return place == Place.SQLITE
        ? Engine.builder().sqlite(directory.resolve("pawl.db"))
        : Engine.builder().store(store);
  }

  private static Graph<Trail> graph() {
    return Workflow.graph("shaped", Trail.class);
  }

  /// a, then `wait` for the gate, then b.
  private Workflow<Trail> before() {
    var g = graph();
    var a = g.step("a", state -> state.mark("a"));
    var wait = g.step("wait", this::waitsForTheGate);
    var b = g.step("b", state -> state.mark("b"));
    g.start(a).path(a, wait, b, g.end());
    return g.build();
  }

  private Trail waitsForTheGate(Trail state) throws InterruptedException {
    reached.release();
    gate.await();
    return state.mark("wait");
  }

  private void stopAtTheGate(Place place, String... keys) throws InterruptedException {
    var workflow = before();
    try (var engine = builder(place).register(workflow).start()) {
      for (var key : keys) {
        engine.start(workflow, key, Trail.EMPTY);
        reached.acquire();
      }
      engine.close(Duration.ofMillis(20));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goesOnInTheNewShapeWhereItHasThePlacesOfAllRuns(Place place) throws Exception {
    stopAtTheGate(place, "k");
    var g = graph();
    var added = g.step("added", state -> state.mark("added"));
    var wait = g.step("wait", this::waitsForTheGate);
    var a = g.step("a", state -> state.mark("a"));
    g.start(a).path(a, wait, added, g.end());
    var after = g.build();
    gate.countDown();

    try (var engine = builder(place).register(after).start()) {
      var run = engine.find(after, "k").orElseThrow();

      assertThat(run.await(LIMIT).marks()).containsExactly("a", "wait", "added");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goesOnThoughANodeBehindTheRunIsGone(Place place) throws Exception {
    stopAtTheGate(place, "k");
    var g = graph();
    var wait = g.step("wait", this::waitsForTheGate);
    var b = g.step("b", state -> state.mark("b"));
    g.start(wait).path(wait, b, g.end());
    var after = g.build();
    gate.countDown();

    try (var engine = builder(place).register(after).start()) {
      var run = engine.find(after, "k").orElseThrow();

      assertThat(run.await(LIMIT).marks()).containsExactly("a", "wait", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goesOnThoughNodesBehindTheRunAreGoneWhoseStatesItsOwnIsAPatchOf(Place place)
      throws Exception {
    var large = "x".repeat(20_000);
    var old = graph();
    var b = old.step("b", state -> state.mark("b"));
    var c = old.step("c", state -> state.mark("c"));
    var held = old.step("wait", this::waitsForTheGate);
    old.start(b).path(b, c, held, old.end());
    var before = old.build();
    try (var engine = builder(place).register(before).start()) {
      engine.start(before, "k", Trail.EMPTY.mark(large));
      reached.acquire();
      engine.close(Duration.ofMillis(20));
    }
    var g = graph();
    var wait = g.step("wait", this::waitsForTheGate);
    g.start(wait).path(wait, g.end());
    var after = g.build();
    gate.countDown();

    try (var engine = builder(place).register(after).start()) {
      var run = engine.find(after, "k").orElseThrow();

      assertThat(run.await(LIMIT).marks()).containsExactly(large, "b", "c", "wait");
    }
  }

  /// A fork into `one`, which leads to the join, and `other`, which leads to `wait` for the gate.
  private Workflow<Trail> passing(String one, String other) {
    var g = graph();
    g.merge(Field.of(Trail::marks), Reducer.append());
    var begin = g.step("begin", state -> state);
    var left = g.step(one, state -> state.mark("left"));
    var right = g.step(other, state -> state.mark("right"));
    var wait = g.step("wait", this::waitsForTheGate);
    var join = g.join("join", Join.ALL);
    g.start(begin).path(left, join).path(right, wait, join).path(join, g.end());
    begin.fork(left, right);
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goesOnThoughNodesBehindTheBranchesOfARunAreGone(Place place) throws Exception {
    var before = passing("left", "right");
    try (var engine = builder(place).register(before).start()) {
      var run = engine.start(before, "k", Trail.EMPTY);
      reached.acquire();
      for (var events = run.feed(0).iterator(); run.history(0, 10).size() < 3; ) {
        events.next();
      }
      engine.close(Duration.ofMillis(20));
    }
    var after = passing("left anew", "right anew");
    gate.countDown();

    try (var engine = builder(place).register(after).start()) {
      var run = engine.find(after, "k").orElseThrow();

      assertThat(run.await(LIMIT).marks()).containsExactly("left", "right", "wait");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refusesAShapeWithoutThePlacesOfOpenRunsAndCountsThem(Place place) throws Exception {
    stopAtTheGate(place, "k1", "k2", "k3");
    var g = graph();
    var a = g.step("a", state -> state.mark("a"));
    var other = g.step("other", state -> state.mark("other"));
    g.start(a).path(a, other, g.end());
    var after = g.build();

    assertThatThrownBy(() -> builder(place).register(after).start())
        .isInstanceOf(IncompatibleDefinition.class)
        .hasMessageContaining("shaped")
        .hasMessageContaining("wait=3")
        .hasMessageContaining("new version");

    var before = before();
    try (var engine = builder(place).register(before).start()) {
      assertThatThrownBy(() -> engine.register(after)).isInstanceOf(IncompatibleDefinition.class);
      gate.countDown();
      for (var key : Set.of("k1", "k2", "k3")) {
        assertThat(engine.find(before, key).orElseThrow().await(LIMIT).marks())
            .containsExactly("a", "wait", "b");
      }
      engine.register(after);
      assertThat(engine.start(after, "new", Trail.EMPTY).await(LIMIT).marks())
          .containsExactly("a", "other");
    }
  }

  record Wide(int count, Optional<String> more) {}

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refusesAnotherTypeOfStateUnderOpenRuns(Place place) throws Exception {
    stopAtTheGate(place, "k");
    var g = Workflow.graph("shaped", Wide.class);
    var wait = g.step("wait", state -> state);
    g.start(wait).path(wait, g.end());
    var after = g.build();

    assertThatThrownBy(() -> builder(place).register(after).start())
        .isInstanceOf(IncompatibleDefinition.class)
        .hasMessageContaining("wait=1");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void looksAtTheBranchesOfARun(Place place) throws Exception {
    var forked = forked("left", "right");
    try (var engine = builder(place).register(forked).start()) {
      engine.start(forked, "k", Trail.EMPTY);
      reached.acquire(2);
      engine.close(Duration.ofMillis(20));
    }

    assertThatThrownBy(() -> builder(place).register(forked("left", "other")).start())
        .isInstanceOf(IncompatibleDefinition.class)
        .hasMessageContaining("right=1");
    gate.countDown();
    try (var engine = builder(place).register(forked).start()) {
      assertThat(engine.find(forked, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("wait", "wait");
    }
  }

  private Workflow<Trail> forked(String one, String other) {
    var g = graph();
    g.merge(Field.of(Trail::marks), Reducer.append());
    var begin = g.step("begin", state -> state);
    var left = g.step(one, this::waitsForTheGate);
    var right = g.step(other, this::waitsForTheGate);
    var join = g.join("join", Join.ALL);
    g.start(begin).path(left, join).path(right, join).path(join, g.end());
    begin.fork(left, right);
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepsAndListsRunsOfAWorkflowThatIsNotRegisteredUntilItIs(Place place) throws Exception {
    stopAtTheGate(place, "k");
    gate.countDown();
    var workflow = before();

    try (var engine = builder(place).start()) {
      assertThat(engine.runs(Store.Filter.ALL, Optional.empty(), 10))
          .singleElement()
          .satisfies(row -> {
            assertThat(row.workflow()).isEqualTo("shaped");
            assertThat(row.key()).isEqualTo("k");
            assertThat(row.state().status()).isEqualTo(RunStatus.RUNNING);
          });
      assertThat(engine.counts(Store.Filter.ALL)).containsEntry(RunStatus.RUNNING, 1L);

      engine.register(workflow);

      assertThat(engine.find(workflow, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("a", "wait", "b");
    }
  }
}
