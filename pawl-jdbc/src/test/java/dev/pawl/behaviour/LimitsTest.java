package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Limits;
import dev.pawl.engine.Run;
import dev.pawl.engine.StuckStep;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What an engine may use at once, and how long it takes to go on.
@Timeout(60)
final class LimitsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void acceptsAStateOfTheLimitAndFailsAnAttemptThatMakesALargerOne(Place place) throws Exception {
    var g = Workflow.graph("large", Trail.class);
    var a = g.step("a", state -> state.mark("x".repeat(state.count())));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    int empty = "{\"count\":1000,\"marks\":[\"\"]}".length();
    try (var engine = place.open(directory, Limits.DEFAULT.stateBytes(1_000 + empty))) {

      var fits = engine.start(workflow, "fits", Trail.EMPTY.plus(1_000)).result(LIMIT);
      var large = engine.start(workflow, "large", Trail.EMPTY.plus(1_001)).result(LIMIT);

      assertThat(fits).isInstanceOf(Run.Result.Completed.class);
      assertThat(large)
          .isInstanceOfSatisfying(
              Run.Result.Failed.class,
              failed -> {
                assertThat(failed.node()).isEqualTo("a");
                assertThat(failed.cause()).hasMessageContaining("Limits.stateBytes");
              });
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepsStatesOfAMebibyte(Place place) throws Exception {
    var g = Workflow.graph("mebibyte", Trail.class);
    var text = "Ärger €𝄞 ".repeat(80_000);
    var a = g.step("a", state -> state.mark(text));
    var b = g.step("b", state -> state.plus(state.marks().getFirst().length()));
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {

      var run = engine.start(workflow, "k", Trail.EMPTY);

      assertThat(run.await(LIMIT)).isEqualTo(new Trail(text.length(), List.of(text)));
      assertThat(engine.find(workflow, "k").orElseThrow().state().marks()).containsExactly(text);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void runsAsManyAttemptsAtOnceAsTheEngineMayAndNoMore(Place place) throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var meeting = new CyclicBarrier(3);
    var g = Workflow.graph("admission", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              meeting.await();
              running.decrementAndGet();
              return state;
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory, Limits.DEFAULT.attempts(3))) {
      var runs = new ArrayList<Run<Trail>>();

      for (int i = 0; i < 60; i++) {
        runs.add(engine.start(workflow, "k" + i, Trail.EMPTY));
      }
      for (var run : runs) {
        run.await(LIMIT);
      }

      assertThat(most).hasValue(3);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void letsOthersRunWhileARunWaitsForItsNextAttempt(Place place) throws Exception {
    var failed = new CountDownLatch(1);
    var g = Workflow.graph("waiting", Trail.class);
    var a =
        g.step(
                "a",
                state -> {
                  if (state.count() > 0) {
                    failed.countDown();
                    throw new IOException("down");
                  }
                  return state.mark("a");
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofHours(1), 2)));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory, Limits.DEFAULT.attempts(1))) {
      engine.start(workflow, "waits", Trail.EMPTY.plus(1));
      failed.await();

      var end = engine.start(workflow, "k", Trail.EMPTY).await(LIMIT);

      assertThat(end.marks()).containsExactly("a");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goesOnThoughFewCommitsMayQueue(Place place) throws Exception {
    var g = Workflow.graph("queue", Trail.class);
    var map =
        g.map(
            "items",
            state -> IntStream.range(0, 500).boxed().toList(),
            Integer.class,
            (item, ctx) -> item,
            (state, results) -> state.plus(results.done()));
    g.start(map).path(map, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory, Limits.DEFAULT.queuedCommits(2))) {

      assertThat(engine.start(workflow, "k", Trail.EMPTY).await(LIMIT).count()).isEqualTo(500);
    }
  }

  /// An engine that polls each quarter of a second would need 75 seconds.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void takesTheNextStepWithoutPolling(Place place) throws Exception {
    var g = Workflow.graph("steps", Trail.class);
    var a = g.step("a", state -> state.plus(1));
    a.when("again", state -> state.count() < 300, a).otherwise(g.end());
    g.start(a);
    var workflow = g.build();
    try (var engine = place.open(directory)) {

      assertThat(engine.start(workflow, "k", Trail.EMPTY).await(LIMIT).count()).isEqualTo(300);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void namesTheStepsThatStillRunAfterTheDeadlineOfItsClose(Place place) throws Exception {
    var entered = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var g = Workflow.graph("deaf", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              entered.countDown();
              boolean waiting = true;
              while (waiting) {
                try {
                  gate.await();
                  waiting = false;
                } catch (InterruptedException e) {
                  // a step that does not care
                }
              }
              return state;
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    var engine = place.open(directory);
    engine.start(workflow, "k", Trail.EMPTY);
    entered.await();

    var left = engine.close(Duration.ofMillis(100));

    assertThat(left).extracting(StuckStep::node).containsExactly("a");
    assertThat(engine.close(LIMIT)).isEmpty();
    gate.countDown();
  }
}
