package dev.pawl.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.value.Rows;
import dev.pawl.run.Failure;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.MemoryStore;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DurableEngineTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  record Count(int value, List<String> notes) {
    static final Count ZERO = new Count(0, List.of());

    Count plus(int more) {
      return new Count(value + more, notes);
    }

    Count note(String note) {
      var all = new ArrayList<>(notes);
      all.add(note);
      return new Count(value, List.copyOf(all));
    }
  }

  private static Engine engine(Workflow<?>... workflows) {
    return Engine.builder().memory().register(workflows).start();
  }

  private static Workflow<Count> linear() {
    var g = Workflow.graph("linear", Count.class);
    var a = g.step("a", c -> c.plus(1));
    var b = g.step("b", c -> c.plus(10));
    var c = g.step("c", s -> s.plus(100));
    g.start(a).path(a, b, c, g.end("done"));
    return g.build();
  }

  @Test
  void runsALinearGraphToItsEnd() throws Exception {
    var workflow = linear();
    try (var engine = engine(workflow)) {

      var run = engine.start(workflow, "k", Count.ZERO);

      assertThat(run.await(LIMIT).value()).isEqualTo(111);
      assertThat(run.path()).containsExactly("a", "b", "c", "done");
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.history(0, 10)).extracting(HistoryRow::seq).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void triesAFailedAttemptAgain() throws Exception {
    var tries = new AtomicInteger();
    var g = Workflow.graph("retry", Count.class);
    var a =
        g.step(
                "a",
                (c, ctx) -> {
                  if (tries.incrementAndGet() < 3) {
                    throw new IOException("down");
                  }
                  return c.plus(ctx.attempt());
                })
            .with(Policy.retry(Duration.ofMillis(1), 5));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      var run = engine.start(workflow, "k", Count.ZERO);

      assertThat(run.await(LIMIT).value()).isEqualTo(3);
      assertThat(run.history(0, 10))
          .extracting(HistoryRow::kind)
          .containsExactly(HistoryRow.Kind.RETRY, HistoryRow.Kind.RETRY, HistoryRow.Kind.LEFT);
    }
  }

  @Test
  void failsWithNodeAttemptsAndCause() throws Exception {
    var g = Workflow.graph("fails", Count.class);
    var a =
        g.step(
                "a",
                (c, ctx) -> {
                  throw new IOException("down");
                })
            .with(Policy.retry(Duration.ofMillis(1), 2));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      var result = engine.start(workflow, "k", Count.ZERO).result(LIMIT);

      assertThat(result)
          .isInstanceOfSatisfying(
              Run.Result.Failed.class,
              failed -> {
                assertThat(failed.node()).isEqualTo("a");
                assertThat(failed.attempts()).isEqualTo(2);
                assertThat(failed.cause()).isInstanceOf(IOException.class).hasMessage("down");
              });
    }
  }

  @Test
  void endsAnAttemptWhateverItThrows() throws Exception {
    var g = Workflow.graph("errors", Count.class);
    var a =
        g.step(
            "a",
            (c, ctx) -> {
              throw new StackOverflowError();
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      var result = engine.start(workflow, "k", Count.ZERO).result(LIMIT);

      assertThat(result).isInstanceOf(Run.Result.Failed.class);
      assertThat(Failure.describe(new StackOverflowError())).contains("StackOverflowError");
    }
  }

  @Test
  void interruptsAnAttemptThatTakesTooLong() throws Exception {
    var never = new CountDownLatch(1);
    var g = Workflow.graph("slow", Count.class);
    var a =
        g.step(
                "a",
                (c, ctx) -> {
                  never.await();
                  return c;
                })
            .with(Policy.DEFAULT.timeout(Duration.ofMillis(20)));
    var late = g.end("late");
    g.start(a).path(a, g.end());
    a.onError(TimedOut.class, (c, e) -> c.note(e.getMessage()), late);
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      var result = engine.start(workflow, "k", Count.ZERO).result(LIMIT);

      assertThat(result)
          .isInstanceOfSatisfying(
              Run.Result.Completed.class, done -> assertThat(done.end()).isEqualTo("late"));
    }
  }

  @Test
  void goesOnWithoutAStepThatIgnoresItsInterruption() throws Exception {
    var let = new CountDownLatch(1);
    var refused = new ArrayList<Throwable>();
    var over = new CountDownLatch(1);
    var g = Workflow.graph("deaf", Count.class);
    var a =
        g.step(
                "a",
                (c, ctx) -> {
                  if (ctx.attempt() == 2) {
                    return c.plus(2);
                  }
                  while (let.getCount() > 0) {
                    try {
                      let.await();
                    } catch (InterruptedException e) {
                      Thread.interrupted();
                    }
                  }
                  try {
                    ctx.idempotencyKey();
                  } catch (IllegalStateException e) {
                    refused.add(e);
                  }
                  over.countDown();
                  return c.plus(1000);
                })
            .with(
                Policy.DEFAULT
                    .timeout(Duration.ofMillis(20))
                    .retry(Retry.fixed(Duration.ofMillis(1), 2)));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {
      var run = engine.start(workflow, "k", Count.ZERO);

      assertThat(run.await(LIMIT).value()).isEqualTo(2);
      assertThat(engine.stuckSteps()).extracting(StuckStep::node).containsExactly("a");

      let.countDown();
      over.await();
      assertThat(refused).hasSize(1);
      assertThat(run.state().value()).isEqualTo(2);
    }
  }

  @Test
  void forksAndMerges() throws Exception {
    var g = Workflow.graph("fork", Count.class);
    g.merge(Field.of(Count::value), Reducer.sum()).merge(Field.of(Count::notes), Reducer.append());
    var begin = g.step("begin", c -> c.plus(1));
    var a = g.step("a", c -> c.plus(10).note("a"));
    var b = g.step("b", c -> c.plus(100).note("b"));
    var b2 = g.step("b2", c -> c.plus(1000).note("b2"));
    var join = g.join("join", Join.ALL);
    g.start(begin).path(a, join).path(b, b2, join).path(join, g.end());
    begin.fork(a, b);
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      var state = engine.start(workflow, "k", Count.ZERO).await(LIMIT);

      assertThat(state).isEqualTo(new Count(1111, List.of("a", "b", "b2")));
    }
  }

  @Test
  void cancelsTheOthersWhenOneIsEnough() throws Exception {
    var never = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var g = Workflow.graph("race", Count.class);
    var begin = g.step("begin", c -> c);
    var fast = g.step("fast", c -> c.note("fast"));
    var slow =
        g.step(
            "slow",
            (c, ctx) -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
              return c;
            });
    var join = g.join("join", Join.ANY);
    g.start(begin).path(fast, join).path(slow, join).path(join, g.end());
    begin.fork(fast, slow);
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      var state = engine.start(workflow, "k", Count.ZERO).await(LIMIT);

      assertThat(state.notes()).containsExactly("fast");
    }
  }

  @Test
  void mapsOverItemsAndToleratesFailures() throws Exception {
    record Rows(List<Integer> rows, int sum, int failed) {
      Rows folded(Results<Integer, Integer> results) {
        return new Rows(
            List.of(),
            results.values().stream().mapToInt(Integer::intValue).sum(),
            results.failed());
      }
    }
    var g = Workflow.graph("map", Rows.class);
    var map =
        g.map(
                "map",
                Rows::rows,
                Integer.class,
                (row, ctx) -> {
                  if (row % 10 == 0) {
                    throw new IOException("bad row " + row);
                  }
                  return row * 2;
                },
                Rows::folded)
            .key(row -> "row-" + row)
            .width(4)
            .tolerate(0.1);
    g.start(map).path(map, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {
      var rows = IntStream.rangeClosed(1, 50).boxed().toList();

      var state = engine.start(workflow, "k", new Rows(rows, 0, 0)).await(LIMIT);

      assertThat(state).isEqualTo(new Rows(List.of(), 2 * (1275 - 150), 5));
    }
  }

  @Test
  void runsParallelBranchesAndCalledWorkflows() throws Exception {
    var inner = linear();
    var g = Workflow.graph("outer", Count.class);
    var papers =
        g.parallel(
            "papers",
            g.branch("invoice", String.class, (c, ctx) -> ctx.node()),
            g.branch("pack", Integer.class, (c, ctx) -> 7),
            (c, invoice, pack) -> c.note(invoice).plus(pack));
    var call = g.call("call", inner, c -> c, (c, result) -> c.plus(result.value()));
    g.start(papers).path(papers, call, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      var run = engine.start(workflow, "k", Count.ZERO);

      assertThat(run.await(LIMIT)).isEqualTo(new Count(7 + 118, List.of("papers/invoice")));
      assertThat(run.path()).contains("call/a", "call/b", "call/c", "papers/pack");
    }
  }

  @Test
  void waitsForATimeShortAndLong() throws Exception {
    var g = Workflow.graph("waits", Count.class);
    var nap = g.delay("nap", c -> Instant.now().plusMillis(30));
    g.start(nap).path(nap, g.end());
    var workflow = g.build();
    var limits = Limits.DEFAULT.release(Duration.ZERO);
    try (var engine = Engine.builder().memory().limits(limits).register(workflow).start()) {

      var run = engine.start(workflow, "k", Count.ZERO);

      assertThat(run.await(LIMIT)).isEqualTo(Count.ZERO);
    }
  }

  @Test
  void pausesResumesAndCancels() throws Exception {
    var entered = new CountDownLatch(1);
    var let = new CountDownLatch(1);
    var g = Workflow.graph("pause", Count.class);
    var a =
        g.step(
            "a",
            (c, ctx) -> {
              entered.countDown();
              let.await();
              return c.plus(1);
            });
    var b = g.step("b", c -> c.plus(1));
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {
      var run = engine.start(workflow, "k", Count.ZERO);
      entered.await();

      run.pause("look");
      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
      let.countDown();
      assertThat(run.result(Duration.ofMillis(50))).isInstanceOf(Run.Result.StillOpen.class);

      run.resume();
      assertThat(run.await(LIMIT).value()).isEqualTo(2);
      assertThatThrownBy(() -> run.cancel("late")).isInstanceOf(IllegalStatus.class);
    }
  }

  @Test
  void cancelInterruptsAndEnds() throws Exception {
    var entered = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    var g = Workflow.graph("cancel", Count.class);
    var a =
        g.step(
            "a",
            (c, ctx) -> {
              entered.countDown();
              never.await();
              return c;
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {
      var run = engine.start(workflow, "k", Count.ZERO);
      entered.await();

      run.cancel("enough");

      assertThat(run.result(LIMIT)).isEqualTo(new Run.Result.Cancelled<>("enough", Count.ZERO));
      run.cancel("again");
    }
  }

  @Test
  void goesOnInAnotherEngineWhereTheFirstWasCut() throws Exception {
    var store = new MemoryStore();
    var entered = new CountDownLatch(1);
    var block = new AtomicInteger(1);
    var never = new CountDownLatch(1);
    var g = Workflow.graph("crash", Count.class);
    var a = g.step("a", c -> c.plus(1));
    var b =
        g.step(
            "b",
            (c, ctx) -> {
              if (block.getAndSet(0) == 1) {
                entered.countDown();
                never.await();
              }
              return c.plus(10);
            });
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    var first = Engine.builder().store(store).register(workflow).start();
    first.start(workflow, "k", Count.ZERO);
    entered.await();

    try (var second = Engine.builder().store(store).register(workflow).start()) {
      var run = second.find(workflow, "k").orElseThrow();

      assertThat(run.await(LIMIT).value()).isEqualTo(11);
      assertThat(run.path()).containsExactly("a", "b", "end");
    }
    first.close(Duration.ZERO);
  }

  @Test
  void refusesAttachesAndReplacesATakenKey() throws Exception {
    var never = new CountDownLatch(1);
    var g = Workflow.graph("keys", Count.class);
    var a =
        g.step(
            "a",
            (c, ctx) -> {
              if (c.value() == 0) {
                never.await();
              }
              return c;
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {
      var first = engine.start(workflow, "k", Count.ZERO);

      assertThatThrownBy(() -> engine.start(workflow, "k", Count.ZERO))
          .isInstanceOf(KeyTaken.class)
          .hasMessageContaining(first.id().toString());
      var attach = StartOptions.DEFAULT.taken(StartOptions.Taken.ATTACH);
      assertThat(engine.start(workflow, "k", Count.ZERO, attach).id()).isEqualTo(first.id());
      var replace = StartOptions.DEFAULT.taken(StartOptions.Taken.REPLACE);
      var next = engine.start(workflow, "k", new Count(1, List.of()), replace);
      assertThat(next.await(LIMIT).value()).isEqualTo(1);
      assertThat(first.status()).isEqualTo(RunStatus.CANCELLED);
    }
  }

  @Test
  void recordsOnceOverAttempts() throws Exception {
    var calls = new AtomicInteger();
    var g = Workflow.graph("once", Count.class);
    var a =
        g.step(
                "a",
                (c, ctx) -> {
                  int got = ctx.once("call", Integer.class, calls::incrementAndGet);
                  if (ctx.attempt() == 1) {
                    throw new IOException("after the call");
                  }
                  return c.plus(got);
                })
            .with(Policy.retry(Duration.ofMillis(1), 2));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      assertThat(engine.start(workflow, "k", Count.ZERO).await(LIMIT).value()).isEqualTo(1);
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void recordsOnceInACallAndOnceInTheForkRightAfterIt() throws Exception {
    var sub = Workflow.graph("sub", Count.class);
    var inner = sub.step("inner", (c, ctx) -> c.plus(ctx.once("number", Integer.class, () -> 1)));
    sub.start(inner).path(inner, sub.end());
    var g = Workflow.graph("outer", Count.class);
    var call = g.call("call", sub.build(), c -> c, (c, result) -> result);
    var left = g.step("left", (c, ctx) -> c.plus(ctx.once("number", Integer.class, () -> 10)));
    var right = g.step("right", (c, ctx) -> c);
    g.start(call).merge(Field.of(Count::value), Reducer.sum());
    call.fork(left, right);
    g.path(left, g.end()).path(right, g.end());
    var workflow = g.build();
    try (var engine = engine(workflow)) {

      assertThat(engine.start(workflow, "k", Count.ZERO).await(LIMIT).value()).isEqualTo(11);
    }
  }

  @Test
  void feedsWhatWasAndWhatComes() throws Exception {
    var workflow = linear();
    try (var engine = engine(workflow)) {
      var run = engine.start(workflow, "k", Count.ZERO);
      var seen = new ArrayList<String>();

      try (var feed = run.feed(0)) {
        for (var event : feed) {
          switch (event) {
            case Run.Event.Committed<Count>(var seq, var node, var state) ->
                seen.add(node + state.value());
            case Run.Event.Ended<Count>(var seq, var result) -> seen.add("end");
            case Run.Event.Emitted<Count> emitted -> seen.add(emitted.channel());
            case Run.Event.Retracted<Count> retracted -> seen.add("retracted");
          }
        }
      }

      assertThat(seen).containsExactly("a1", "b11", "c111", "end");
    }
  }

  @Test
  void awaitsAStatusThatIsThereAlready() throws Exception {
    var workflow = linear();
    try (var engine = engine(workflow)) {
      var run = engine.start(workflow, "k", Count.ZERO);
      run.await(LIMIT);

      assertThat(run.awaitStatus(Set.of(RunStatus.COMPLETED), LIMIT))
          .isEqualTo(RunStatus.COMPLETED);
    }
  }
}
