package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.engine.StartOptions;
import dev.pawl.engine.TimedOut;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.StepContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

/// The headers of a run, in the context and in the log of all its steps.
@Timeout(60)
final class HeadersTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Map<String, String> HEADERS =
      Map.of(
          "tenant",
          "blue",
          "user",
          "ann",
          "traceparent",
          "00-4bf92f3577b34da6-00f067aa0ba902b7-01");
  private static final StartOptions OPTIONS = StartOptions.DEFAULT.headers(HEADERS);

  private final Map<String, Map<String, String>> logged = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> given = new ConcurrentHashMap<>();

  @TempDir private Path directory;

  @AfterEach
  void clearTheLogOfTheTest() {
    MDC.clear();
  }

  /// Notes what user code sees.
  private <S> S note(String place, S state) {
    logged.put(place, Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of()));
    return state;
  }

  private <S> S note(S state, StepContext ctx) {
    given.put(ctx.node(), ctx.headers());
    return note(ctx.node() + (ctx.attempt() == 1 ? "" : " again"), state);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areSeenByAllUserCode(Place place) throws Exception {
    var inner = Workflow.graph("inner", Trail.class);
    var innerStep = inner.step("step", (state, ctx) -> note(state, ctx));
    inner.start(innerStep).path(innerStep, inner.end());
    var g = Workflow.graph("headers", Trail.class);
    g.merge(Field.of(Trail::count), (base, changes) -> note("merge", base));
    g.merge(Field.of(Trail::marks), Reducer.append());
    var retried =
        g.step(
                "retried",
                (state, ctx) -> {
                  note(state, ctx);
                  if (ctx.attempt() == 1) {
                    throw new IOException("once");
                  }
                  return state;
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 2)));
    var late =
        g.step(
                "late",
                (state, ctx) -> {
                  note(state, ctx);
                  new CountDownLatch(1).await();
                  return state;
                })
            .with(Policy.DEFAULT.timeout(Duration.ofMillis(20)));
    var nap = g.delay("nap", state -> note("until", Instant.now().plusMillis(20)));
    var left = g.step("left", (state, ctx) -> note(state.plus(1), ctx));
    var right = g.step("right", (state, ctx) -> note(state.plus(1), ctx));
    var join = g.join("join", Join.ALL);
    var map =
        g.map(
            "map",
            state -> note("items", List.of(1, 2)),
            Integer.class,
            (item, ctx) -> note(item, ctx),
            (state, results) -> note("fold", state));
    var call = g.call("call", inner.build(), state -> state, (state, result) -> state);
    var forks = g.step("forks", (state, ctx) -> note(state, ctx));
    var end = g.end();
    g.start(retried).path(late, end).path(nap, map, forks).path(join, call, end);
    g.path(left, join).path(right, join);
    forks.fork(left, right);
    late.onError(TimedOut.class, (state, e) -> note("error edge", state), nap);
    retried.when("never", state -> note("test", false), nap).otherwise(late);
    var workflow = g.build();
    try (var engine = place.open(directory)) {

      engine.start(workflow, "k", Trail.EMPTY, OPTIONS).await(LIMIT);

      assertThat(logged)
          .containsOnlyKeys(
              "retried",
              "retried again",
              "forks",
              "test",
              "late",
              "error edge",
              "until",
              "items",
              "map/each",
              "fold",
              "left",
              "right",
              "merge",
              "call/step");
      assertThat(logged).allSatisfy((where, seen) -> assertThat(seen).isEqualTo(HEADERS));
      assertThat(given)
          .containsOnlyKeys("retried", "late", "forks", "left", "right", "map/each", "call/step");
      assertThat(given).allSatisfy((where, seen) -> assertThat(seen).isEqualTo(HEADERS));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areAllThatAStepFindsInItsLog(Place place) throws Exception {
    MDC.put("request", "of the caller");
    var g = Workflow.graph("log", Trail.class);
    var a =
        g.step(
            "a",
            (state, ctx) -> {
              note(state, ctx);
              MDC.put("order", "of the step before");
              MDC.put("tenant", "another");
              return state;
            });
    var b = g.step("b", (state, ctx) -> note(state, ctx));
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {

      engine.start(workflow, "k", Trail.EMPTY, OPTIONS).await(LIMIT);
      assertThat(logged).isEqualTo(Map.of("a", HEADERS, "b", HEADERS));

      engine.start(workflow, "k", Trail.EMPTY).await(LIMIT);
      assertThat(logged).isEqualTo(Map.of("a", Map.of(), "b", Map.of()));
      assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "of the caller"));
    }
  }

  @Test
  void areSeenByTheStepsAfterARecovery() throws Exception {
    var reached = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var g = Workflow.graph("recovered", Trail.class);
    var a = g.step("a", (state, ctx) -> note(state, ctx));
    var b =
        g.step(
            "b",
            (state, ctx) -> {
              reached.countDown();
              gate.await();
              return note(state, ctx);
            });
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    var file = Files.createDirectory(directory.resolve("first")).resolve("pawl.db");
    var first = Engine.builder().sqlite(file).start();
    first.start(workflow, "k", Trail.EMPTY, OPTIONS);
    reached.await();
    first.close(Duration.ZERO);
    logged.clear();
    gate.countDown();

    try (var second = Engine.builder().sqlite(file).register(workflow).start()) {
      second.find(workflow, "k").orElseThrow().await(LIMIT);

      assertThat(logged).isEqualTo(Map.of("b", HEADERS));
      assertThat(given).containsEntry("b", HEADERS);
    }
  }
}
