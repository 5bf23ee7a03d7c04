package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.AwaitTimeout;
import dev.pawl.engine.Limits;
import dev.pawl.engine.Run;
import dev.pawl.engine.StartOptions;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

/// What can be seen of a run, while it goes on and afterwards.
@Timeout(60)
final class RunsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(50);

  @TempDir private Path directory;

  private static Workflow<Trail> chain() {
    var g = Workflow.graph("chain", Trail.class);
    var a = g.step("a", state -> state.mark("a"));
    var b = g.step("b", state -> state.mark("b"));
    g.start(a).path(a, b, g.end("done"));
    return g.build();
  }

  private static Workflow<Trail> waitingFor(CountDownLatch latch) {
    var g = Workflow.graph("waiting", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              latch.await();
              return state.mark("a");
            });
    g.start(a).path(a, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void tellsTheEndAndTheWayToIt(Place place) throws Exception {
    var workflow = chain();
    try (var engine = place.open(directory)) {

      var run = engine.start(workflow, "k", Trail.EMPTY);

      var end = Trail.EMPTY.mark("a").mark("b");
      assertThat(run.result(LIMIT)).isEqualTo(new Run.Result.Completed<>("done", end));
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state()).isEqualTo(end);
      assertThat(run.path()).containsExactly("a", "b", "done");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepsEachAttemptWithItsErrorAndTimes(Place place) throws Exception {
    var g = Workflow.graph("history", Trail.class);
    var a =
        g.step(
                "a",
                (state, ctx) -> {
                  if (ctx.attempt() < 3) {
                    throw new IOException("try " + ctx.attempt());
                  }
                  return state.mark("a");
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 3)));
    var b = g.step("b", state -> state.mark("b"));
    g.start(a).path(b, g.end());
    a.when("marked", state -> !state.marks().isEmpty(), b);
    var workflow = g.build();
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY);
      run.await(LIMIT);

      var rows = run.history(0, 100);

      assertThat(rows).extracting(HistoryRow::seq).containsExactly(1L, 2L, 3L, 4L);
      assertThat(rows).extracting(HistoryRow::node).containsExactly("a", "a", "a", "b");
      assertThat(rows).extracting(HistoryRow::attempt).containsExactly(1, 2, 3, 1);
      assertThat(rows.get(0).error()).hasValue("java.io.IOException: try 1");
      assertThat(rows.get(1).error()).hasValue("java.io.IOException: try 2");
      assertThat(rows.get(2).port()).isEqualTo("marked");
      assertThat(rows).allSatisfy(row -> assertThat(row.took()).isPositive());
      assertThat(rows).extracting(HistoryRow::at).isSorted();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void tellsHowFarAFailedRunCame(Place place) throws Exception {
    var g = Workflow.graph("fails", Trail.class);
    var a = g.step("a", state -> state.mark("a"));
    var b =
        g.step(
            "b",
            state -> {
              throw new IOException("down");
            });
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {

      var result = engine.start(workflow, "k", Trail.EMPTY).result(LIMIT);

      assertThat(result)
          .isInstanceOfSatisfying(
              Run.Result.Failed.class,
              failed -> {
                assertThat(failed.node()).isEqualTo("b");
                assertThat(failed.attempts()).isEqualTo(1);
                assertThat(failed.cause()).hasMessageContaining("down");
                assertThat(failed.state()).isEqualTo(Trail.EMPTY.mark("a"));
              });
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepsManyRunsOfOneEngineApart(Place place) throws Exception {
    var workflow = chain();
    try (var engine = place.open(directory)) {
      var runs = new ArrayList<Run<Trail>>();

      for (int i = 0; i < 200; i++) {
        runs.add(engine.start(workflow, "k" + i, Trail.EMPTY.plus(i)));
      }

      var ids = new HashSet<RunId>();
      for (int i = 0; i < runs.size(); i++) {
        assertThat(runs.get(i).await(LIMIT)).isEqualTo(Trail.EMPTY.plus(i).mark("a").mark("b"));
        ids.add(runs.get(i).id());
      }
      assertThat(ids).hasSize(200);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goesOnWithOthersThoughOneFails(Place place) throws Exception {
    var g = Workflow.graph("odd", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              if (state.count() % 2 == 1) {
                throw new IOException("odd");
              }
              return state;
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {
      for (int i = 0; i < 20; i++) {
        engine.start(workflow, "k" + i, Trail.EMPTY.plus(i));
      }

      for (int i = 0; i < 20; i++) {
        var run = engine.find(workflow, "k" + i).orElseThrow();
        run.result(LIMIT);
        assertThat(run.status()).isEqualTo(i % 2 == 1 ? RunStatus.FAILED : RunStatus.COMPLETED);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void listsAndCountsRunsInPagesInTheOrderOfTheirStarts(Place place) throws Exception {
    var workflow = chain();
    var never = new CountDownLatch(1);
    var waiting = waitingFor(never);
    try (var engine = place.open(directory)) {
      var started = new ArrayList<RunId>();
      for (int i = 0; i < 25; i++) {
        var run = engine.start(workflow, "k" + i, Trail.EMPTY);
        run.await(LIMIT);
        started.add(run.id());
      }
      engine.start(waiting, "other", Trail.EMPTY);
      var completed =
          new Store.Filter(
              Optional.of("chain"),
              Optional.empty(),
              List.of(RunStatus.COMPLETED, RunStatus.FAILED));

      var listed = new ArrayList<RunId>();
      var after = Optional.<RunId>empty();
      List<RunRow> page;
      do {
        page = engine.runs(completed, after, 10);
        page.forEach(row -> listed.add(row.id()));
        after = Optional.of(listed.getLast());
      } while (page.size() == 10);

      assertThat(listed).isEqualTo(started);
      assertThat(engine.counts(completed)).isEqualTo(Map.of(RunStatus.COMPLETED, 25L));
      assertThat(engine.counts(Store.Filter.ALL))
          .containsEntry(RunStatus.COMPLETED, 25L)
          .containsEntry(RunStatus.RUNNING, 1L);
      never.countDown();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepsHeadersAndGivesThemToStepsAndTheirLog(Place place) throws Exception {
    var g = Workflow.graph("headers", Trail.class);
    var a =
        g.step(
            "a", (state, ctx) -> state.mark(ctx.headers().get("tenant")).mark(MDC.get("tenant")));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    var options = StartOptions.DEFAULT.headers(Map.of("tenant", "blue"));
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY, options);

      assertThat(run.await(LIMIT).marks()).containsExactly("blue", "blue");
      assertThat(engine.runs(Store.Filter.ALL, Optional.empty(), 10).getFirst().headers())
          .containsEntry("tenant", "blue");
      assertThat(MDC.get("tenant")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void tellsAStepWhoItIs(Place place) throws Exception {
    var g = Workflow.graph("context", Trail.class);
    var a =
        g.step(
            "a",
            (state, ctx) ->
                state
                    .mark(ctx.key() + " " + ctx.node() + " " + ctx.attempt())
                    .mark(String.valueOf(ctx.deadline().isAfter(ctx.now()))));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {

      var end = engine.start(workflow, "order-7", Trail.EMPTY).await(LIMIT);

      assertThat(end.marks()).containsExactly("order-7 a 1", "true");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void waitsForTheEndWithALimitAndSeesAnEndThatWas(Place place) throws Exception {
    var latch = new CountDownLatch(1);
    var workflow = waitingFor(latch);
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY);

      assertThatThrownBy(() -> run.await(SHORT)).isInstanceOf(AwaitTimeout.class);
      assertThat(run.result(SHORT)).isEqualTo(new Run.Result.StillOpen<>(List.of("a")));
      latch.countDown();

      assertThat(run.await(LIMIT).marks()).containsExactly("a");
      assertThat(run.await(Duration.ZERO).marks()).containsExactly("a");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void letsManyThreadsWaitForOneRun(Place place) throws Exception {
    var latch = new CountDownLatch(1);
    var workflow = waitingFor(latch);
    BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY);

      var threads =
          IntStream.range(0, 20)
              .mapToObj(i ->
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          seen.add(run.await(LIMIT));
                        } catch (InterruptedException | RuntimeException e) {
                          seen.add(e);
                        }
                      }))
              .toList();
      latch.countDown();
      for (var thread : threads) {
        thread.join();
      }

      assertThat(seen).hasSize(20).containsOnly(Trail.EMPTY.mark("a"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void feedsFromAnySequenceNumberWithTheStateOfEachEvent(Place place) throws Exception {
    var workflow = chain();
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY);
      run.await(LIMIT);

      assertThat(events(run, 0)).containsExactly("1 a [a]", "2 b [a, b]", "end");
      assertThat(events(run, 1)).containsExactly("2 b [a, b]", "end");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void feedsTheStepsOfAllBranches(Place place) throws Exception {
    var g = Workflow.graph("branches", Trail.class).merge(Field.of(Trail::marks), Reducer.append());
    var a = g.step("a", state -> state.mark("a"));
    var left = g.step("left", state -> state.mark("left"));
    var right = g.step("right", state -> state.mark("right"));
    var join = g.join("join", Join.ALL);
    g.start(a.fork(left, right)).path(left, join).path(right, join, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", Trail.EMPTY);

      assertThat(events(run, 0))
          .anyMatch(event -> event.contains("left"))
          .anyMatch(event -> event.contains("right"))
          .anyMatch(event -> event.endsWith("join [a, left, right]"))
          .endsWith("end");
    }
  }

  private static List<String> events(Run<Trail> run, long after) {
    var events = new ArrayList<String>();
    try (var feed = run.feed(after)) {
      for (var event : feed) {
        switch (event) {
          case Run.Event.Committed<Trail>(var seq, var node, var state) ->
              events.add(seq + " " + node + " " + state.marks());
          case Run.Event.Ended<Trail> ended -> events.add("end");
          case Run.Event.Emitted<Trail> emitted -> events.add(emitted.channel());
          case Run.Event.Retracted<Trail> retracted -> events.add("retracted");
        }
      }
    }
    return events;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void endsARunThatHasMadeAllItsSteps(Place place) throws Exception {
    var g = Workflow.graph("endless", Trail.class);
    var a = g.step("a", state -> state.plus(1));
    a.when("go on", state -> state.count() < 1_000_000, a).otherwise(g.end());
    g.start(a);
    var workflow = g.build();
    try (var engine = place.open(directory, Limits.DEFAULT.steps(10))) {

      var run = engine.start(workflow, "k", Trail.EMPTY);

      assertThat(run.result(LIMIT)).isInstanceOf(Run.Result.Failed.class);
      assertThat(run.state().count()).isEqualTo(10);
      assertThat(run.history(0, 100).getLast().kind()).isEqualTo(HistoryRow.Kind.SPENT);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void countsTheStepsOfBranchesTowardsTheLimit(Place place) throws Exception {
    var g = Workflow.graph("forks", Trail.class).merge(Field.of(Trail::count), Reducer.sum());
    var a = g.step("a", state -> state);
    var left = g.step("left", state -> state.plus(1));
    var right = g.step("right", state -> state.plus(1));
    var join = g.join("join", Join.ALL);
    g.start(a.fork(left, right)).path(left, join).path(right, join, g.end());
    var workflow = g.build();
    try (var enough =
            place.open(
                Files.createDirectory(directory.resolve("enough")), Limits.DEFAULT.steps(4));
        var tooFew =
            place.open(
                Files.createDirectory(directory.resolve("short")), Limits.DEFAULT.steps(3))) {

      assertThat(enough.start(workflow, "k", Trail.EMPTY).result(LIMIT))
          .isInstanceOf(Run.Result.Completed.class);
      assertThat(tooFew.start(workflow, "k", Trail.EMPTY).result(LIMIT))
          .isInstanceOf(Run.Result.Failed.class);
    }
  }

  @Test
  void refusesLimitsOutOfRange() {
    assertThatThrownBy(() -> Limits.DEFAULT.steps(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("steps");
    assertThatThrownBy(() -> Policy.DEFAULT.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout");
  }
}
