package dev.pawl.engine.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.Engine;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Graph;
import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.model.MergeConflict;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Forks of inline runs, on virtual threads or, if they are pure, on the caller's.
final class InlineForkTest {
  private static final Policy TWICE = Policy.DEFAULT.retry(Retry.fixed(Duration.ZERO, 2));
  private final Engine engine = Engine.inline();
  private final CountDownLatch never = new CountDownLatch(1);

  private enum Way {
    PURE,
    ON_THREADS;

    <S> Node<S> of(Node<S> fork) {
      return this == PURE ? fork.pure() : fork;
    }
  }

  record Tally(int sum, List<String> notes, String left, String right) {
    static final Tally ZERO = new Tally(10, List.of("start"), "", "");

    Tally add(int n) {
      return new Tally(sum + n, notes, left, right);
    }

    Tally note(String note) {
      return new Tally(sum, Stream.concat(notes.stream(), Stream.of(note)).toList(), left, right);
    }

    Tally left(String value) {
      return new Tally(sum, notes, value, right);
    }

    Tally right(String value) {
      return new Tally(sum, notes, left, value);
    }
  }

  private static Graph<Tally> graph() {
    return Workflow.graph("fork", Tally.class)
        .merge(Field.of(Tally::sum), Reducer.sum())
        .merge(Field.of(Tally::notes), Reducer.append());
  }

  @ParameterizedTest
  @EnumSource
  void mergesWhatTheBranchesChanged(Way way) throws InterruptedException {
    var g = graph();
    var fork = way.of(g.step("fork", s -> s.add(1)));
    var a = g.step("a", s -> s.add(2).note("a").left("a"));
    var b = g.step("b", s -> s.note("b"));
    var b2 = g.step("b2", s -> s.add(4).note("b2").right("b2"));
    var join = g.join("join", Join.ALL);
    g.start(fork).path(a, join).path(b, b2, join).path(join, g.end());
    fork.fork(a, b);

    var end = engine.run(g.build(), Tally.ZERO);

    assertThat(end).isEqualTo(new Tally(17, List.of("start", "a", "b", "b2"), "a", "b2"));
  }

  @ParameterizedTest
  @EnumSource
  void mergesNestedForksInsideOut(Way way) throws InterruptedException {
    var g = graph();
    var outer = way.of(g.step("outer", s -> s));
    var inner = way.of(g.step("inner", s -> s.note("inner")));
    var a = g.step("a", s -> s.note("a"));
    var b = g.step("b", s -> s.note("b"));
    var c = g.step("c", s -> s.note("c"));
    var meet = g.step("meet", s -> s.note("meet").add(s.notes().size()));
    g.start(outer).path(a, meet).path(b, meet);
    var join = g.join("join", Join.ALL);
    g.path(meet, join).path(c, join).path(join, g.end());
    outer.fork(inner, c);
    inner.fork(a, b);

    var end = engine.run(g.build(), Tally.ZERO);

    assertThat(end.notes()).containsExactly("start", "inner", "a", "b", "meet", "c");
    assertThat(end.sum()).isEqualTo(14);
  }

  @ParameterizedTest
  @EnumSource
  void forksAgainInALoop(Way way) throws InterruptedException {
    var g = graph();
    var fork = way.of(g.step("fork", s -> s));
    var a = g.step("a", s -> s.add(1));
    var b = g.step("b", s -> s.add(2));
    var join = g.join("join", Join.ALL);
    g.start(fork).path(a, join).path(b, join).path(join, g.end());
    fork.fork(a, b);
    join.when("again", s -> s.sum() < 100, fork);

    assertThat(engine.run(g.build(), Tally.ZERO).sum()).isEqualTo(100);
  }

  @Test
  void runsBranchesAtTheSameTime() throws InterruptedException {
    var barrier = new CyclicBarrier(2);
    var g = graph();
    var fork = g.step("fork", s -> s);
    var a = g.step("a", (Tally s, StepContext ctx) -> s.add(barrier.await() >= 0 ? 1 : 0));
    var b = g.step("b", (Tally s, StepContext ctx) -> s.add(barrier.await() >= 0 ? 1 : 0));
    var end = g.end();
    g.start(fork).path(a, end).path(b, end);
    fork.fork(a, b);

    assertThat(engine.run(g.build(), Tally.ZERO).sum()).isEqualTo(12);
  }

  @Test
  void runsPureBranchesInOrderOnTheCallersThread() throws InterruptedException {
    var threads = new ArrayList<Thread>();
    var g = graph();
    var fork = g.step("fork", s -> s).pure();
    var a = g.step("a", s -> threads.add(Thread.currentThread()) ? s.note("a") : s);
    var b = g.step("b", s -> threads.add(Thread.currentThread()) ? s.note("b") : s);
    var end = g.end();
    g.start(fork).path(a, end).path(b, end);
    fork.fork(a, b);

    var state = engine.run(g.build(), Tally.ZERO);

    assertThat(state.notes()).containsExactly("start", "a", "b");
    assertThat(threads).hasSize(2).containsOnly(Thread.currentThread());
  }

  @Test
  void stopsTheOthersWhenAnyBranchIsEnough() throws InterruptedException {
    var started = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    var g = graph();
    var fork = g.step("fork", s -> s);
    var quick =
        g.step(
            "quick",
            (Tally s, StepContext ctx) -> {
              started.await();
              return s.note("quick");
            });
    var stuck =
        g.step(
            "stuck",
            (Tally s, StepContext ctx) -> {
              started.countDown();
              try {
                never.await();
              } finally {
                stopped.countDown();
              }
              return s.note("stuck");
            });
    var join = g.join("join", Join.ANY);
    g.start(fork).path(quick, join).path(stuck, join).path(join, g.end());
    fork.fork(stuck, quick);

    var end = engine.run(g.build(), Tally.ZERO);

    assertThat(end.notes()).containsExactly("start", "quick");
    assertThat(stopped.getCount()).isZero();
  }

  @Test
  void runsAsManyPureBranchesAsAreNeeded() throws InterruptedException {
    var g = graph();
    var fork = g.step("fork", s -> s).pure();
    var a = g.step("a", s -> s.note("a"));
    var broken =
        g.step(
            "broken",
            (Tally s, StepContext ctx) -> {
              throw new IOException("down");
            });
    var b = g.step("b", s -> s.note("b"));
    var c = g.step("c", s -> s.note("c"));
    var join = g.join("join", Join.atLeast(2));
    g.start(fork).path(a, join).path(broken, join).path(b, join).path(c, join);
    g.path(join, g.end());
    fork.fork(a, broken, b, c);

    assertThat(engine.run(g.build(), Tally.ZERO).notes()).containsExactly("start", "a", "b");
  }

  @ParameterizedTest
  @EnumSource
  void failsWithTheBranchThatLeavesTooFew(Way way) {
    var g = graph();
    var fork = way.of(g.step("fork", s -> s));
    var good = g.step("good", s -> s);
    var bad = broken(g);
    var join = g.join("join", Join.ALL);
    g.start(fork).path(good, join).path(bad, join).path(join, g.end());
    fork.fork(good, bad);
    var workflow = g.build();

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, Tally.ZERO));

    assertThat(failure.node()).isEqualTo("bad");
    assertThat(failure.attempts()).isEqualTo(2);
    assertThat(failure).cause().isInstanceOf(IOException.class).hasMessage("down");
  }

  @ParameterizedTest
  @EnumSource
  void showsItsErrorEdgesThatABranchFailed(Way way) throws InterruptedException {
    var g = graph();
    var fork = way.of(g.step("fork", s -> s.note("fork")));
    var good = g.step("good", s -> s.note("good"));
    var bad = broken(g);
    var join = g.join("join", Join.ALL);
    var end = g.end();
    g.start(fork).path(good, join).path(bad, join).path(join, end);
    fork.fork(good, bad)
        .onError(IOException.class, (s, e) -> s.note("io"), end)
        .onError(
            BranchFailed.class,
            (s, e) -> s.note(e.node() + " " + e.attempts() + " " + e.error()),
            end);

    assertThat(engine.run(g.build(), Tally.ZERO).notes())
        .containsExactly("start", "fork", "bad 2 java.io.IOException: down");
  }

  private static Node<Tally> broken(Graph<Tally> g) {
    return g.step(
            "bad",
            (Tally s, StepContext ctx) -> {
              throw new IOException("down");
            })
        .with(TWICE);
  }

  @Test
  void mergesInTheAttemptOfTheJoin() throws InterruptedException {
    var g = graph();
    var fork = g.step("fork", s -> s).pure();
    var a = g.step("a", s -> s.left("a"));
    var b = g.step("b", s -> s.left("b"));
    var join = g.join("join", Join.ALL).with(TWICE);
    var end = g.end();
    g.start(fork).path(a, join).path(b, join).path(join, end);
    fork.fork(a, b);
    join.onError(MergeConflict.class, (s, e) -> s.note(e.getMessage()), end);

    var state = engine.run(g.build(), Tally.ZERO);

    assertThat(state.left()).isEmpty();
    assertThat(state.notes().getLast()).startsWith("branches a and b changed left differently");
  }

  @Test
  void repeatsAStepThatMergedItsBranches() throws InterruptedException {
    var g = graph();
    var fork = g.step("fork", s -> s).pure();
    var a = g.step("a", s -> s.add(1));
    var b = g.step("b", s -> s.add(2));
    var sum =
        g.step(
                "sum",
                (Tally s, StepContext ctx) -> {
                  if (ctx.attempt() == 1) {
                    throw new IOException("down");
                  }
                  return s.note("sum " + s.sum());
                })
            .with(TWICE);
    g.start(fork).path(a, sum).path(b, sum).path(sum, g.end());
    fork.fork(a, b);

    assertThat(engine.run(g.build(), Tally.ZERO).notes()).containsExactly("start", "sum 13");
  }
}
