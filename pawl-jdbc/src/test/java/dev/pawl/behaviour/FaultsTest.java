package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.Run;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.StuckStep;
import dev.pawl.store.CodecException;
import dev.pawl.store.HistoryRow;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.StepContext;
import dev.pawl.workflow.step.TypeRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What steps and states can do wrong, and what an engine makes of it.
@Timeout(60)
final class FaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Policy SHORT = Policy.DEFAULT.timeout(Duration.ofMillis(20));
  private static final Policy TWICE = Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 2));

  private final CountDownLatch gate = new CountDownLatch(1);

  @TempDir private Path directory;

  private EngineBuilder builder(Place place) {
    return place == Place.SQLITE
        ? Engine.builder().sqlite(directory.resolve("pawl.db"))
        : Engine.builder().memory();
  }

  private static <S> Workflow<S> oneStep(Class<S> type, Policy policy, Step<S, S> step) {
    var g = Workflow.graph("one", type);
    var a = g.step("a", step).with(policy);
    g.start(a).path(a, g.end());
    return g.build();
  }

  /// Waits for the gate, whoever interrupts.
  private void stubbornly() {
    boolean waiting = true;
    while (waiting) {
      try {
        gate.await();
        waiting = false;
      } catch (InterruptedException e) {
        // a step that does not care
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void namesAStepThatIgnoresItsInterruptionAlsoWhenItsRunIsOver(Place place) throws Exception {
    var workflow =
        oneStep(
            Trail.class,
            SHORT,
            (state, ctx) -> {
              stubbornly();
              return state;
            });
    var engine = builder(place).start();
    var run = engine.start(workflow, "k", Trail.EMPTY);

    assertThatThrownBy(() -> run.await(LIMIT)).isInstanceOf(RunFailed.class);
    var stuck = engine.stuckSteps();
    var left = engine.close(Duration.ofMillis(100));

    assertThat(stuck)
        .singleElement()
        .satisfies(step -> {
          assertThat(step.run()).isEqualTo(run.id());
          assertThat(step.node()).isEqualTo("a");
          assertThat(step.attempt()).isEqualTo(1);
        });
    assertThat(left).isEqualTo(stuck);
    gate.countDown();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void failsAttemptsWithTimeoutsAtOnceWhileAHundredStepsIgnoreTheirs(Place place) throws Exception {
    var deaf =
        oneStep(
            Trail.class,
            SHORT,
            (state, ctx) -> {
              if (state.count() > 0) {
                stubbornly();
              }
              return state.mark("a");
            });
    var plain = Workflow.graph("plain", Trail.class);
    var a = plain.step("a", state -> state.mark("a"));
    plain.start(a).path(a, plain.end());
    var unlimited = plain.build();
    try (var engine = builder(place).start()) {
      var runs = new ArrayList<Run<Trail>>();
      for (int i = 1; i <= 101; i++) {
        runs.add(engine.start(deaf, "deaf " + i, Trail.EMPTY.plus(i)));
      }
      for (var run : runs) {
        assertThat(run.result(LIMIT)).isInstanceOf(Run.Result.Failed.class);
      }

      assertThat(engine.stuckSteps()).hasSize(101);
      assertThatThrownBy(() -> engine.start(deaf, "refused", Trail.EMPTY).await(LIMIT))
          .isInstanceOf(RunFailed.class)
          .hasMessageContaining("100 steps ignore their interruption");
      assertThat(engine.start(unlimited, "k", Trail.EMPTY).await(LIMIT).marks())
          .containsExactly("a");

      gate.countDown();
      Awaitility.await().until(() -> engine.stuckSteps().isEmpty());
      assertThat(engine.start(deaf, "accepted", Trail.EMPTY).await(LIMIT).marks())
          .containsExactly("a");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refusesEveryCallOfAContextThatIsOver(Place place) throws Exception {
    Map<String, Object> answers = new ConcurrentHashMap<>();
    var over = new CountDownLatch(1);
    var workflow =
        oneStep(
            Trail.class,
            SHORT.retry(Retry.fixed(Duration.ofMillis(1), 2)),
            (state, ctx) -> {
              if (ctx.attempt() == 2) {
                return state.mark("kept");
              }
              stubbornly();
              calls(ctx).forEach((name, call) -> answers.put(name, outcome(call)));
              over.countDown();
              return state.mark("dropped");
            });
    try (var engine = builder(place).start()) {
      var run = engine.start(workflow, "k", Trail.EMPTY);
      assertThat(run.await(LIMIT).marks()).containsExactly("kept");

      gate.countDown();
      over.await();

      assertThat(answers).hasSize(10);
      assertThat(answers.values())
          .allSatisfy(answer ->
              assertThat(answer)
                  .isInstanceOfSatisfying(
                      IllegalStateException.class,
                      e -> assertThat(e).hasMessageContaining("attempt 1 of a is over")));
      assertThat(run.state().marks()).containsExactly("kept");
      assertThat(run.history(0, 10))
          .extracting(HistoryRow::kind)
          .containsExactly(HistoryRow.Kind.RETRY, HistoryRow.Kind.LEFT);
    }
  }

  private static Map<String, Callable<?>> calls(StepContext ctx) {
    return Map.of(
        "key", ctx::key,
        "node", ctx::node,
        "attempt", ctx::attempt,
        "now", ctx::now,
        "deadline", ctx::deadline,
        "random", ctx::random,
        "idempotencyKey", ctx::idempotencyKey,
        "headers", ctx::headers,
        "once", () -> ctx.once("x", String.class, () -> "called"),
        "once of a generic type",
            () -> ctx.once("y", new TypeRef<List<String>>() {}, () -> List.of("called")));
  }

  private static Object outcome(Callable<?> call) {
    try {
      return call.call();
    } catch (Exception e) {
      return e;
    }
  }

  /// A state that cannot be encoded while it is bad.
  record Moody(boolean bad, Optional<String> text) {
    @Override
    public Optional<String> text() {
      if (bad) {
        throw new IllegalStateException("in a bad mood");
      }
      return text;
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void failsAnAttemptWhoseStateCannotBeEncoded(Place place) throws Exception {
    var workflow =
        oneStep(
            Moody.class,
            TWICE,
            (state, ctx) -> new Moody(ctx.attempt() == 1, Optional.of("attempt " + ctx.attempt())));
    try (var engine = builder(place).start()) {
      var run = engine.start(workflow, "k", new Moody(false, Optional.empty()));

      assertThat(run.await(LIMIT).text()).contains("attempt 2");
      assertThat(run.history(0, 10).getFirst().error().orElseThrow())
          .contains("CodecException")
          .contains("Moody")
          .contains("text")
          .contains("in a bad mood");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void leavesByTheErrorEdgeForAStateThatCannotBeEncoded(Place place) throws Exception {
    var g = Workflow.graph("edge", Moody.class);
    var a = g.step("a", state -> new Moody(true, state.text()));
    var bad = g.end("bad");
    g.start(a).path(a, g.end());
    a.onError(CodecException.class, (state, e) -> new Moody(false, Optional.of("mended")), bad);
    var workflow = g.build();
    try (var engine = builder(place).start()) {
      var run = engine.start(workflow, "k", new Moody(false, Optional.empty()));

      assertThat(run.await(LIMIT).text()).contains("mended");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startsNoRunOfAStateThatCannotBeEncoded(Place place) throws Exception {
    var workflow = oneStep(Moody.class, Policy.DEFAULT, (state, ctx) -> state);
    try (var engine = builder(place).start()) {

      assertThatThrownBy(() -> engine.start(workflow, "k", new Moody(true, Optional.empty())))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("in a bad mood");

      assertThat(engine.find(workflow, "k")).isEmpty();
      engine.start(workflow, "k", new Moody(false, Optional.empty())).await(LIMIT);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void failsAnAttemptWhoseStateDecodesUnequalWhereStatesAreVerified(Place place) throws Exception {
    var workflow =
        oneStep(
            Moody.class,
            TWICE,
            (state, ctx) -> new Moody(false, ctx.attempt() == 1 ? null : Optional.of("equal")));
    try (var engine = builder(place).verifyStates().start()) {
      var run = engine.start(workflow, "k", new Moody(false, Optional.empty()));

      assertThat(run.await(LIMIT).text()).contains("equal");
      assertThat(run.history(0, 10).getFirst().error().orElseThrow())
          .contains("is another after it was stored and read")
          .contains("Moody");
      assertThatThrownBy(() -> engine.start(workflow, "other", new Moody(false, null)))
          .isInstanceOf(CodecException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refusesAWorkflowWhoseStateCannotBeStoredNamingTheComponent(Place place) {
    record Loose(String text, Map<Trail, String> byTrail) {}
    var workflow = oneStep(Loose.class, Policy.DEFAULT, (state, ctx) -> state);
    try (var engine = builder(place).start()) {

      assertThatThrownBy(() -> engine.register(workflow))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("byTrail.key");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void interruptsAtItsCloseAndNamesOnlyWhatGoesOn(Place place) throws Exception {
    var entered = new CountDownLatch(2);
    var g = Workflow.graph("two", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              entered.countDown();
              if (state.count() == 0) {
                gate.await();
              }
              stubbornly();
              return state;
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    var engine = builder(place).start();
    engine.start(workflow, "polite", Trail.EMPTY);
    var deaf = engine.start(workflow, "deaf", Trail.EMPTY.plus(1));
    entered.await();

    var began = System.nanoTime();
    var left = engine.close(Duration.ofMillis(200));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMIT);
    assertThat(left).extracting(StuckStep::run).containsExactly(deaf.id());
    gate.countDown();
  }
}
