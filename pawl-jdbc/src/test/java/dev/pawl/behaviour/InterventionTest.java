package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.AwaitTimeout;
import dev.pawl.engine.Engine;
import dev.pawl.engine.IllegalStatus;
import dev.pawl.engine.Run;
import dev.pawl.engine.RunCancelled;
import dev.pawl.store.HistoryRow;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Action;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Pause, resume and cancel.
@Timeout(60)
final class InterventionTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger attempts = new AtomicInteger();

  @TempDir private Path directory;

  private Workflow<Trail> gated() {
    var g = Workflow.graph("gated", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              attempts.incrementAndGet();
              entered.countDown();
              gate.await();
              return state.mark("a");
            });
    var b = g.step("b", state -> state.mark("b"));
    g.start(a).path(a, b, g.end());
    return g.build();
  }

  private Run<Trail> inFlight(Engine engine, Workflow<Trail> workflow) throws InterruptedException {
    var run = engine.start(workflow, "k", Trail.EMPTY);
    entered.await();
    return run;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void commitsTheAttemptInFlightAndStartsNothingMoreUntilResumed(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var run = inFlight(engine, gated());

      run.pause("look");
      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
      gate.countDown();
      try (var feed = run.feed(0)) {
        assertThat(feed.iterator().next())
            .isInstanceOfSatisfying(
                Run.Event.Committed.class, event -> assertThat(event.node()).isEqualTo("a"));
      }
      assertThatThrownBy(() -> run.await(SHORT)).isInstanceOf(AwaitTimeout.class);
      run.resume();

      assertThat(run.await(LIMIT).marks()).containsExactly("a", "b");
      assertThat(attempts).hasValue(1);
      assertThat(run.history(0, 100))
          .filteredOn(row -> row.kind() == HistoryRow.Kind.PAUSED)
          .singleElement()
          .satisfies(row -> assertThat(row.port()).isEqualTo("look"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void pausesAndResumesTwiceWithoutEffect(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var run = inFlight(engine, gated());

      run.pause("one");
      run.pause("two");
      assertThat(run.awaitStatus(Set.of(RunStatus.PAUSED), LIMIT)).isEqualTo(RunStatus.PAUSED);
      run.resume();
      run.resume();
      gate.countDown();

      assertThat(run.await(LIMIT).marks()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepsWhatAStepDidThatPausedItsOwnRun(Place place) throws Exception {
    var itself = new CompletableFuture<Run<Trail>>();
    var workflow = acting(() -> itself.get().pause("somebody should look"));
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY);
      itself.complete(run);
      run.awaitStatus(Set.of(RunStatus.PAUSED), LIMIT);
      try (var feed = run.feed(0)) {
        for (var event : feed) {
          if (event instanceof Run.Event.Committed<Trail> committed
              && committed.node().equals("a")) {
            break;
          }
        }
      }

      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(run.state().marks()).containsExactly("a");
      run.resume();

      assertThat(run.await(LIMIT).marks()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void letsAStepCancelItsOwnRun(Place place) throws Exception {
    var itself = new CompletableFuture<Run<Trail>>();
    var workflow = acting(() -> itself.get().cancel("not wanted"));
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY);
      itself.complete(run);

      assertThat(run.result(LIMIT))
          .isInstanceOfSatisfying(
              Run.Result.Cancelled.class,
              cancelled -> assertThat(cancelled.reason()).isEqualTo("not wanted"));
    }
  }

  /// Does something in its first step.
  private static Workflow<Trail> acting(Action action) {
    var g = Workflow.graph("acting", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              action.run();
              return state.mark("a");
            });
    var b = g.step("b", state -> state.mark("b"));
    g.start(a).path(a, b, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refusesToChangeARunThatIsOver(Place place) throws Exception {
    gate.countDown();
    try (var engine = place.open(directory)) {
      var run = inFlight(engine, gated());
      run.await(LIMIT);

      assertThatThrownBy(() -> run.pause("late")).isInstanceOf(IllegalStatus.class);
      assertThatThrownBy(run::resume).isInstanceOf(IllegalStatus.class);
      assertThatThrownBy(() -> run.cancel("late")).isInstanceOf(IllegalStatus.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void cancelsWhatRunsAndNeverCallsItASuccess(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var run = inFlight(engine, gated());

      run.cancel("enough");
      run.cancel("again");

      assertThatThrownBy(() -> run.await(Duration.ofSeconds(1)))
          .isInstanceOf(RunCancelled.class)
          .hasMessageContaining("enough");
      assertThat(run.result(LIMIT)).isEqualTo(new Run.Result.Cancelled<>("enough", Trail.EMPTY));
      assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void cancelsARunThatWaitsForItsNextAttempt(Place place) throws Exception {
    var g = Workflow.graph("retrying", Trail.class);
    var a =
        g.step(
                "a",
                state -> {
                  entered.countDown();
                  throw new IOException("down");
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofHours(1), 9)));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {
      var run = inFlight(engine, workflow);
      run.awaitStatus(Set.of(RunStatus.RUNNING, RunStatus.WAITING), LIMIT);

      run.cancel("enough");

      assertThat(run.result(LIMIT)).isInstanceOf(Run.Result.Cancelled.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void cancelsARunThatWaitsForATime(Place place) throws Exception {
    var g = Workflow.graph("sleeping", Trail.class);
    var wait = g.delay("wait", state -> Instant.now().plus(Duration.ofDays(1)));
    g.start(wait).path(wait, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY);
      run.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);

      run.cancel("enough");

      assertThat(run.result(LIMIT)).isInstanceOf(Run.Result.Cancelled.class);
    }
  }

  /// Two branches, of which one maps a called workflow, all blocked at a gate.
  private Workflow<Trail> nested() {
    var sub = gated();
    var g =
        Workflow.graph("nested", Trail.class)
            .merge(Field.of(Trail::marks), Reducer.append())
            .merge(Field.of(Trail::count), Reducer.sum());
    var a = g.step("a", state -> state);
    var call = g.call("call", sub, state -> state, (state, made) -> state.mark("called"));
    var map =
        g.map(
            "map",
            state -> List.of(1, 2, 3),
            Integer.class,
            (item, ctx) -> {
              gate.await();
              return item;
            },
            (state, results) -> state.plus(results.done()));
    var join = g.join("join", Join.ALL);
    g.start(a.fork(call, map)).path(call, join).path(map, join, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void cancelsBranchesItemsAndCalledWorkflows(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var run = inFlight(engine, nested());

      run.cancel("enough");

      assertThat(run.result(LIMIT)).isInstanceOf(Run.Result.Cancelled.class);
      assertThat(engine.stuckSteps()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void pausesBranchesItemsAndCalledWorkflowsWithoutLosingAny(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var run = inFlight(engine, nested());

      run.pause("look");
      gate.countDown();
      assertThatThrownBy(() -> run.await(SHORT)).isInstanceOf(AwaitTimeout.class);
      run.resume();

      assertThat(run.await(LIMIT)).isEqualTo(Trail.EMPTY.mark("called").plus(3));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void endsEachRaceOfPauseAndCompletionDefinitely(Place place) throws Exception {
    gate.countDown();
    var workflow = gated();
    try (var engine = place.open(directory)) {
      for (int i = 0; i < 200; i++) {
        var run = engine.start(workflow, "k" + i, Trail.EMPTY);

        try {
          run.pause("race");
          run.resume();
        } catch (IllegalStatus e) {
          assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
        }

        assertThat(run.await(LIMIT).marks()).containsExactly("a", "b");
      }
    }
  }
}
