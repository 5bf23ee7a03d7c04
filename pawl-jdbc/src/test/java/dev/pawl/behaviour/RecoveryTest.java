package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.AwaitTimeout;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Limits;
import dev.pawl.engine.Run;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Store;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a second engine finds in the files of a first one, copied while that was at work: as after
/// kill -9, only what is stored is left.
@Timeout(60)
final class RecoveryTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Policy RETRY = Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 5));

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicBoolean killed = new AtomicBoolean();
  private final Set<String> done = ConcurrentHashMap.newKeySet();

  @TempDir private Path directory;
  private Engine first;

  @BeforeEach
  void startTheFirst() throws IOException {
    first =
        Engine.builder()
            .sqlite(Files.createDirectory(directory.resolve("first")).resolve("pawl.db"))
            .start();
  }

  @AfterEach
  void closeTheFirst() {
    never.countDown();
    first.close();
  }

  /// Blocks in the first engine, once; not in the second.
  private void stopHere() throws InterruptedException {
    if (!killed.get()) {
      reached.countDown();
      never.await();
    }
  }

  private Trail note(Trail state, String mark) {
    if (!done.add(mark)) {
      throw new AssertionError(mark + " ran twice");
    }
    return state.mark(mark);
  }

  /// The second engine, on a copy of the files.
  private Engine second(Workflow<?>... workflows) throws IOException {
    killed.set(true);
    return another(Limits.DEFAULT, workflows);
  }

  private Engine another(Limits limits, Workflow<?>... workflows) throws IOException {
    var copy = Files.createDirectory(directory.resolve("second"));
    try (var files = Files.newDirectoryStream(directory.resolve("first"), "pawl.db*")) {
      for (var file : files) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return Engine.builder()
        .sqlite(copy.resolve("pawl.db"))
        .limits(limits)
        .register(workflows)
        .start();
  }

  @Test
  void goesOnAtTheStepThatWasCutAndRepeatsNoFinishedOne() throws Exception {
    var g = Workflow.graph("chain", Trail.class);
    var a = g.step("a", state -> note(state, "a"));
    var b =
        g.step(
            "b",
            (state, ctx) -> {
              stopHere();
              return state.mark("b " + ctx.attempt());
            });
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    try (var second = second(workflow)) {
      var run = second.find(workflow, "k").orElseThrow();

      assertThat(run.await(LIMIT).marks()).containsExactly("a", "b 1");
      assertThat(run.path()).containsExactly("a", "b", "end");
      assertThat(run.history(0, 100))
          .extracting(HistoryRow::kind)
          .containsExactly(HistoryRow.Kind.LEFT, HistoryRow.Kind.AGAIN, HistoryRow.Kind.LEFT);
    }
  }

  @Test
  void keepsTheIdempotencyKeyAndTheNumberOfTheAttempt() throws Exception {
    Set<String> keys = ConcurrentHashMap.newKeySet();
    var g = Workflow.graph("attempts", Trail.class);
    var a =
        g.step(
                "a",
                (state, ctx) -> {
                  keys.add(ctx.idempotencyKey());
                  if (ctx.attempt() < 3) {
                    throw new IOException("down");
                  }
                  stopHere();
                  return state.mark("attempt " + ctx.attempt());
                })
            .with(RETRY);
    g.start(a).path(a, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    try (var second = second(workflow)) {

      assertThat(second.find(workflow, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("attempt 3");
      assertThat(keys).hasSize(1);
    }
  }

  @Test
  void retriesAfterARestartAsBefore() throws Exception {
    var g = Workflow.graph("retries", Trail.class);
    var a =
        g.step(
                "a",
                (state, ctx) -> {
                  stopHere();
                  throw new IOException("down");
                })
            .with(RETRY);
    var failed = g.end("failed");
    a.onError(IOException.class, (state, e) -> state.mark(e.getMessage()), failed);
    g.start(a).path(a, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    try (var second = second(workflow)) {
      var run = second.find(workflow, "k").orElseThrow();

      assertThat(run.await(LIMIT).marks()).containsExactly("down");
      assertThat(run.history(0, 100))
          .filteredOn(row -> row.kind() == HistoryRow.Kind.RETRY)
          .hasSize(4);
    }
  }

  @Test
  void goesOnInEachBranchOfAForkWhereItStood() throws Exception {
    var g = Workflow.graph("fork", Trail.class).merge(Field.of(Trail::marks), Reducer.append());
    var leftDone = new CountDownLatch(1);
    var a = g.step("a", state -> note(state, "a"));
    var left = g.step("left", state -> note(state, "left"));
    var after =
        g.step(
            "after",
            state -> {
              leftDone.countDown();
              stopHere();
              return state.mark("after");
            });
    var right =
        g.step(
            "right",
            state -> {
              leftDone.await();
              stopHere();
              return state.mark("right");
            });
    var join = g.join("join", Join.ALL);
    g.start(a.fork(left, right)).path(left, after, join).path(right, join, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    try (var second = second(workflow)) {

      assertThat(second.find(workflow, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("a", "left", "after", "right");
    }
  }

  @Test
  void repeatsNoFinishedItemOfAMap() throws Exception {
    var g = Workflow.graph("map", Trail.class);
    var map =
        g.map(
                "items",
                state -> IntStream.range(0, 10).boxed().toList(),
                Integer.class,
                (item, ctx) -> {
                  if (item == 7) {
                    stopHere();
                  } else {
                    note(Trail.EMPTY, "item " + item);
                  }
                  return item;
                },
                (state, results) -> state.plus(results.done()))
            .width(1);
    g.start(map).path(map, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    try (var second = second(workflow)) {

      assertThat(second.find(workflow, "k").orElseThrow().await(LIMIT).count()).isEqualTo(10);
      assertThat(done).hasSize(9);
    }
  }

  @Test
  void recordsAnEffectOnceOverACrash() throws Exception {
    var g = Workflow.graph("once", Trail.class);
    var a =
        g.step(
            "a",
            (state, ctx) -> {
              var receipt =
                  ctx.once("charge", String.class, () -> note(state, "charge").marks().getFirst());
              stopHere();
              return state.mark("receipt of " + receipt);
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    try (var second = second(workflow)) {

      assertThat(second.find(workflow, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("receipt of charge");
    }
  }

  @Test
  void keepsAPauseOverACrash() throws Exception {
    var g = Workflow.graph("paused", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              stopHere();
              return state.mark("a");
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY).pause("look");

    try (var second = second(workflow)) {
      var run = second.find(workflow, "k").orElseThrow();

      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
      assertThatThrownBy(() -> run.await(Duration.ofMillis(50))).isInstanceOf(AwaitTimeout.class);
      run.resume();
      assertThat(run.await(LIMIT).marks()).containsExactly("a");
    }
  }

  @Test
  void waitsOverACrashAndGoesOnWhenTheTimeHasCome() throws Exception {
    var due = Instant.now().plusSeconds(2);
    var g = Workflow.graph("delay", Trail.class);
    var wait = g.delay("wait", state -> due);
    var late = g.step("late", (state, ctx) -> state.mark(String.valueOf(!ctx.now().isBefore(due))));
    g.start(wait).path(wait, late, g.end());
    var workflow = g.build();
    var run = first.start(workflow, "k", Trail.EMPTY);
    run.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);

    try (var second = second(workflow)) {
      assertThat(second.find(workflow, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("true");
    }
  }

  @Test
  void goesOnWhenAWorkflowIsRegisteredLater() throws Exception {
    var g = Workflow.graph("unknown", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              stopHere();
              return state.mark("a");
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    try (var second = second()) {
      assertThat(second.counts(Store.Filter.ALL)).containsEntry(RunStatus.RUNNING, 1L);

      second.register(workflow);

      assertThat(second.find(workflow, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("a");
    }
  }

  @Test
  void tellsAFailureOfBeforeTheRestart() throws Exception {
    var g = Workflow.graph("failed", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              throw new IOException("down");
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY).result(LIMIT);

    try (var second = second(workflow)) {

      assertThat(second.find(workflow, "k").orElseThrow().result(LIMIT))
          .isInstanceOfSatisfying(
              Run.Result.Failed.class,
              failed -> {
                assertThat(failed.node()).isEqualTo("a");
                assertThat(failed.attempts()).isEqualTo(1);
                assertThat(failed.cause()).hasMessageContaining("down");
              });
    }
  }

  @Test
  void pausesARunThatTheProcessDiedOfTooOften() throws Exception {
    var g = Workflow.graph("poison", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              stopHere();
              return state;
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    try (var second = another(Limits.DEFAULT.poisonAfter(1), workflow)) {
      var run = second.find(workflow, "k").orElseThrow();

      assertThat(run.awaitStatus(Set.of(RunStatus.PAUSED), LIMIT)).isEqualTo(RunStatus.PAUSED);
      never.countDown();
    }
  }

  @Test
  void repeatsNothingThatEndedWhileTheEngineClosed() throws Exception {
    var g = Workflow.graph("closing", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              reached.countDown();
              never.await();
              return note(state, "a");
            });
    var b = g.step("b", state -> state.mark("b"));
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    first.start(workflow, "k", Trail.EMPTY);
    reached.await();

    var closer = Thread.ofVirtual().start(() -> first.close(LIMIT));
    never.countDown();
    closer.join();

    try (var second = second(workflow)) {
      assertThat(second.find(workflow, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("a", "b");
    }
  }

  @Test
  void keepsARunOnTheVersionThatItStartedWith() throws Exception {
    var old = versioned("1");
    var young = versioned("2");
    first.start(old, "k", Trail.EMPTY);
    reached.await();

    try (var second = second(old, young)) {

      assertThat(second.find(old, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("version 1");
      assertThat(second.start(young, "new", Trail.EMPTY).await(LIMIT).marks())
          .containsExactly("version 2");
    }
  }

  private Workflow<Trail> versioned(String version) {
    var g = Workflow.graph("versioned", Trail.class).version(version);
    var a =
        g.step(
            "a",
            state -> {
              stopHere();
              return state.mark("version " + version);
            });
    g.start(a).path(a, g.end());
    return g.build();
  }
}
