package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Graph;
import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class BranchesTest {
  private static final Field<Trail, Integer> COUNT = Field.of(Trail::count);
  private static final Field<Trail, List<String>> MARKS = Field.of(Trail::marks);

  /// A graph whose branches may add marks and counts.
  private static Graph<Trail> graph() {
    return Workflow.graph("branches", Trail.class)
        .merge(COUNT, Reducer.sum())
        .merge(MARKS, Reducer.append());
  }

  private static Node<Trail> marking(Graph<Trail> g, String name) {
    return g.step(name, state -> state.plus(1).mark(name));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void joinsAllBranchesInTheirOrderAndGoesOnOnce(Place place) throws Exception {
    var joined = new AtomicInteger();
    var g = graph();
    var a = marking(g, "a");
    var left = marking(g, "left");
    var right = marking(g, "right");
    var last =
        g.step(
            "last",
            state -> {
              joined.incrementAndGet();
              return state.plus(1).mark("last");
            });
    g.start(a.fork(left, right)).path(left, last).path(right, last, g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.marks()).containsExactly("a", "left", "right", "last");
    assertThat(end.count()).isEqualTo(4);
    assertThat(joined).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void carriesTheStateAlongTheStepsOfABranch(Place place) throws Exception {
    var g = graph();
    var a = marking(g, "a");
    var one = marking(g, "one");
    var two = g.step("two", state -> state.mark("two after " + state.marks().getLast()));
    var other = marking(g, "other");
    var join = g.join("join", Join.ALL);
    g.start(a.fork(one, other)).path(one, two, join).path(other, join, g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.marks()).containsExactly("a", "one", "two after one", "other");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void runsBranchesAtTheSameTime(Place place) throws Exception {
    var meeting = new CyclicBarrier(3);
    var g = graph();
    var a = marking(g, "a");
    var join = g.join("join", Join.ALL);
    var branches =
        IntStream.range(0, 3)
            .mapToObj(i ->
                g.step(
                    "branch " + i,
                    state -> {
                      meeting.await();
                      return state.plus(1);
                    }))
            .toList();
    branches.forEach(branch -> g.path(branch, join));
    g.start(a.fork(branches.get(0), branches.get(1), branches.get(2))).path(join, g.end());

    assertThat(place.run(g.build(), Trail.EMPTY).count()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void keepsWhatABranchChangesFromTheOthers(Place place) throws Exception {
    var changed = new CountDownLatch(1);
    var g = graph();
    var a = marking(g, "a");
    var left = marking(g, "left");
    var after =
        g.step(
            "after",
            state -> {
              changed.countDown();
              return state;
            });
    var right =
        g.step(
            "right",
            state -> {
              changed.await();
              return state.mark("right saw " + state.marks());
            });
    var join = g.join("join", Join.ALL);
    g.start(a.fork(left, right)).path(left, after, join).path(right, join, g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.marks()).containsExactly("a", "left", "right saw [a]");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void namesComponentAndBranchesOfAConflict(Place place) {
    var g = Workflow.graph("conflict", Trail.class);
    var a = marking(g, "a");
    var left = marking(g, "left");
    var right = g.step("right", state -> state.plus(7));
    var join = g.join("join", Join.ALL);
    g.start(a.fork(left, right)).path(left, join).path(right, join, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOf(RunFailed.class)
        .hasMessageContaining("left and right changed count differently");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void takesWhatOneBranchChangedAndWhatAllChangedAlike(Place place) throws Exception {
    var g = Workflow.graph("alike", Trail.class);
    var a = marking(g, "a");
    var left = g.step("left", state -> state.plus(5).mark("left"));
    var right = g.step("right", state -> state.plus(5));
    var join = g.join("join", Join.ALL);
    g.start(a.fork(left, right)).path(left, join).path(right, join, g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end).isEqualTo(Trail.EMPTY.plus(6).mark("a").mark("left"));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void mergesByTheReducerOfEachComponent(Place place) throws Exception {
    record Bids(int least, int greatest, Set<String> names, String latest, int product) {}
    var g = Workflow.graph("bids", Bids.class);
    g.merge(Field.of(Bids::least), Reducer.min())
        .merge(Field.of(Bids::greatest), Reducer.max())
        .merge(Field.of(Bids::names), Reducer.union())
        .merge(Field.of(Bids::latest), Reducer.last())
        .merge(
            Field.of(Bids::product),
            (base, changes) -> {
              int product = base;
              for (var change : changes) {
                product *= change.end();
              }
              return product;
            });
    var open = g.step("open", bids -> bids);
    var ann = g.step("ann", bids -> new Bids(3, 3, Set.of("ann"), "ann", 2));
    var bob = g.step("bob", bids -> new Bids(9, 9, Set.of("bob"), "bob", 3));
    var join = g.join("join", Join.ALL);
    g.start(open.fork(ann, bob)).path(ann, join).path(bob, join, g.end());

    var end = place.run(g.build(), new Bids(5, 5, Set.of(), "", 7));

    assertThat(end).isEqualTo(new Bids(3, 9, Set.of("ann", "bob"), "bob", 42));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void mergesWholeStates(Place place) throws Exception {
    var g =
        Workflow.graph("whole", Trail.class)
            .merge((base, changes) -> {
              var merged = base;
              for (var change : changes) {
                merged = merged.mark(change.end().marks().getLast());
              }
              return merged;
            });
    var a = marking(g, "a");
    var left = marking(g, "left");
    var right = marking(g, "right");
    var join = g.join("join", Join.ALL);
    g.start(a.fork(left, right)).path(left, join).path(right, join, g.end());

    assertThat(place.run(g.build(), Trail.EMPTY).marks()).containsExactly("a", "left", "right");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void triesAMergeAgainUnderThePolicyOfItsJoin(Place place) throws Exception {
    var merges = new AtomicInteger();
    var g =
        Workflow.graph("merge-again", Trail.class)
            .merge((base, changes) -> {
              if (merges.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
              }
              return base.mark("merged");
            });
    var a = marking(g, "a");
    var left = marking(g, "left");
    var right = marking(g, "right");
    var join =
        g.join("join", Join.ALL).with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 3)));
    g.start(a.fork(left, right)).path(left, join).path(right, join, g.end());

    assertThat(place.run(g.build(), Trail.EMPTY).marks()).containsExactly("a", "merged");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void goesOnWithTheFirstAndStopsTheOthers(Place place) throws Exception {
    var stopped = new CountDownLatch(1);
    var g = graph();
    var a = marking(g, "a");
    var quick = marking(g, "quick");
    var slow =
        g.step(
            "slow",
            state -> {
              try {
                new CountDownLatch(1).await();
              } finally {
                stopped.countDown();
              }
              return state.mark("slow");
            });
    var join = g.join("join", Join.ANY);
    g.start(a.fork(slow, quick)).path(slow, join).path(quick, join, g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.marks()).containsExactly("a", "quick");
    assertThat(stopped.getCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void goesOnWhenEnoughBranchesSucceededThoughOneFailed(Place place) throws Exception {
    var g = graph();
    var a = marking(g, "a");
    var one = marking(g, "one");
    var bad =
        g.step(
            "bad",
            state -> {
              throw new IOException("down");
            });
    var three = marking(g, "three");
    var join = g.join("join", Join.atLeast(2));
    g.start(a.fork(one, bad, three)).path(one, join).path(bad, join).path(three, join, g.end());

    assertThat(place.run(g.build(), Trail.EMPTY).marks()).containsExactly("a", "one", "three");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void stopsTheOtherBranchesAndFailsWithTheFirstFailure(Place place) {
    var stopped = new CountDownLatch(1);
    var g = graph();
    var a = marking(g, "a");
    var waits =
        g.step(
            "waits",
            state -> {
              try {
                new CountDownLatch(1).await();
              } finally {
                stopped.countDown();
              }
              return state;
            });
    var bad =
        g.step(
            "bad",
            state -> {
              throw new IOException("down");
            });
    var join = g.join("join", Join.ALL);
    g.start(a.fork(waits, bad)).path(waits, join).path(bad, join, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOfSatisfying(RunFailed.class, e -> assertThat(e.node()).isEqualTo("bad"))
        .hasMessageContaining("down");
    assertThat(stopped.getCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void leavesAForkByItsErrorEdgeWithTheFailedBranch(Place place) throws Exception {
    var g = graph();
    var a = marking(g, "a");
    var good = marking(g, "good");
    var bad =
        g.step(
            "bad",
            state -> {
              throw new IOException("down");
            });
    var join = g.join("join", Join.ALL);
    var handle = marking(g, "handle");
    var end = g.end();
    a.fork(good, bad)
        .onError(BranchFailed.class, (state, e) -> state.mark(e.node() + " failed"), handle);
    g.start(a).path(good, join).path(bad, join, end).path(handle, end);

    var last = place.run(g.build(), Trail.EMPTY);

    assertThat(last.marks()).containsExactly("a", "bad failed", "handle");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void nestsForks(Place place) throws Exception {
    var g = graph();
    var a = marking(g, "a");
    var b = marking(g, "b");
    var b1 = marking(g, "b1");
    var b2 = marking(g, "b2");
    var inner = g.join("inner", Join.ALL);
    var c = marking(g, "c");
    var outer = g.join("outer", Join.ALL);
    a.fork(b, c);
    b.fork(b1, b2);
    g.start(a).path(b1, inner).path(b2, inner, outer).path(c, outer, g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.marks()).containsExactly("a", "b", "b1", "b2", "c");
    assertThat(end.count()).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void countsABranchThatEndsAsArrived(Place place) throws Exception {
    var g = graph();
    var a = marking(g, "a");
    var left = marking(g, "left");
    var right = marking(g, "right");
    var tail = marking(g, "tail");
    g.start(a.fork(left, right)).path(left, g.end("early")).path(right, tail, g.end("late"));

    assertThat(place.run(g.build(), Trail.EMPTY).marks())
        .containsExactly("a", "left", "right", "tail");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void forksAgainInEachRoundOfALoop(Place place) throws Exception {
    var g = graph();
    var a = marking(g, "a");
    var left = marking(g, "left");
    var right = marking(g, "right");
    var join = g.join("join", Join.ALL);
    g.start(a.fork(left, right)).path(left, join).path(right, join);
    join.when("again", state -> state.count() < 30, a).otherwise(g.end());

    assertThat(place.run(g.build(), Trail.EMPTY).count()).isEqualTo(30);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void givesTheSameResultEachTime(Place place) throws Exception {
    var g = graph();
    var a = marking(g, "a");
    var join = g.join("join", Join.ALL);
    var b = marking(g, "b");
    var c = marking(g, "c");
    var d = marking(g, "d");
    List.of(b, c, d).forEach(branch -> g.path(branch, join));
    a.fork(d, b, c);
    g.start(a).path(join, g.end());
    var workflow = g.build();

    for (int i = 0; i < 20; i++) {
      assertThat(place.run(workflow, Trail.EMPTY).marks()).containsExactly("a", "d", "b", "c");
    }
  }
}
