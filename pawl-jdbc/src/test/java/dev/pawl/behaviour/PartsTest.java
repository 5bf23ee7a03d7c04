package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Maps, parallel branches of their own types, and called workflows.
@Timeout(60)
final class PartsTest {
  record Batch(List<Integer> items, List<Integer> results, String note) {
    static Batch of(int count) {
      return new Batch(IntStream.range(0, count).boxed().toList(), List.of(), "");
    }

    Batch with(Results<Integer, Integer> mapped) {
      return new Batch(items, mapped.values(), mapped.done() + " done, " + mapped.failed());
    }
  }

  private static Workflow<Batch> squares(double tolerated, Retry retry) {
    var g = Workflow.graph("squares", Batch.class);
    var map =
        g.map(
                "square",
                Batch::items,
                Integer.class,
                (item, ctx) -> {
                  if (item % 10 == 3 && ctx.attempt() < 3) {
                    throw new IOException("no square of " + item);
                  }
                  return item * item;
                },
                Batch::with)
            .with(Policy.DEFAULT.retry(retry))
            .width(4)
            .tolerate(tolerated);
    g.start(map).path(map, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void mapsEachItemAndKeepsTheirOrder(Place place) throws Exception {
    var end = place.run(squares(0, Retry.none()), Batch.of(3));

    assertThat(end.results()).containsExactly(0, 1, 4);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void goesOnAtOnceWithoutItems(Place place) throws Exception {
    var end = place.run(squares(0, Retry.none()), Batch.of(0));

    assertThat(end.note()).isEqualTo("0 done, 0");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void triesOnlyTheFailedItemAgain(Place place) throws Exception {
    var end = place.run(squares(0, Retry.fixed(Duration.ofMillis(1), 3)), Batch.of(5));

    assertThat(end.results()).containsExactly(0, 1, 4, 9, 16);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void toleratesAShareOfFailedItems(Place place) throws Exception {
    var end = place.run(squares(0.1, Retry.none()), Batch.of(20));

    assertThat(end.note()).isEqualTo("18 done, 2");
    assertThat(end.results()).hasSize(18).doesNotContain(9, 169);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void failsWithTheItemThatIsOneTooMany(Place place) {
    var workflow = squares(0.05, Retry.none());

    assertThatThrownBy(() -> place.run(workflow, Batch.of(20)))
        .isInstanceOf(RunFailed.class)
        .hasMessageContaining("square/each")
        .hasMessageContaining("no square of");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void startsNoFurtherItemOnceTooManyFailed(Place place) {
    var started = new AtomicInteger();
    var g = Workflow.graph("stops", Batch.class);
    var map =
        g.map(
                "each",
                Batch::items,
                Integer.class,
                (item, ctx) -> {
                  started.incrementAndGet();
                  throw new IOException("down");
                },
                Batch::with)
            .width(2);
    g.start(map).path(map, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> place.run(workflow, Batch.of(100))).isInstanceOf(RunFailed.class);
    assertThat(started.get()).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void runsAsManyItemsAtOnceAsTheWidthAndNoMore(Place place) throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var meeting = new CyclicBarrier(4);
    var g = Workflow.graph("width", Batch.class);
    var map =
        g.map(
                "each",
                Batch::items,
                Integer.class,
                (item, ctx) -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  meeting.await();
                  running.decrementAndGet();
                  return item;
                },
                Batch::with)
            .width(4);
    g.start(map).path(map, g.end());

    place.run(g.build(), Batch.of(40));

    assertThat(most).hasValue(4);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void mapsManyMoreItemsThanRunAtOnce(Place place) throws Exception {
    var g = Workflow.graph("many", Batch.class);
    var map =
        g.map(
            "each",
            Batch::items,
            Integer.class,
            (item, ctx) -> 1,
            (batch, results) -> new Batch(List.of(), List.of(results.done()), ""));
    g.start(map).path(map, g.end());

    assertThat(place.run(g.build(), Batch.of(5_000)).results()).containsExactly(5_000);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void refusesItemsOfTheSameKey(Place place) {
    var g = Workflow.graph("keys", Batch.class);
    var map =
        g.map("each", Batch::items, Integer.class, (item, ctx) -> item, Batch::with)
            .key(item -> String.valueOf(item % 2));
    g.start(map).path(map, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> place.run(workflow, Batch.of(3)))
        .isInstanceOf(RunFailed.class)
        .hasMessageContaining("IllegalArgumentException");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void runsAWorkflowForEachItem(Place place) throws Exception {
    var item = Workflow.graph("item", Trail.class);
    var mark = item.step("mark", state -> state.mark("item"));
    item.start(mark).path(mark, item.end());
    record Trails(List<Trail> all) {}
    var g = Workflow.graph("trails", Trails.class);
    var map =
        g.map("each", Trails::all, item.build(), (state, results) -> new Trails(results.values()));
    g.start(map).path(map, g.end());

    var end = place.run(g.build(), new Trails(List.of(Trail.EMPTY, Trail.EMPTY.plus(1))));

    assertThat(end.all())
        .containsExactly(Trail.EMPTY.mark("item"), Trail.EMPTY.plus(1).mark("item"));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void foldsParallelBranchesOfTheirOwnTypes(Place place) throws Exception {
    var meeting = new CyclicBarrier(3);
    var g = Workflow.graph("parallel", Trail.class);
    var both =
        g.parallel(
            "all",
            g.branch(
                "text",
                String.class,
                (state, ctx) -> {
                  meeting.await();
                  return "marks: " + state.marks();
                }),
            g.branch(
                "number",
                Integer.class,
                (state, ctx) -> {
                  meeting.await();
                  return state.count() + 1;
                }),
            g.branch(
                "flag",
                Boolean.class,
                (state, ctx) -> {
                  meeting.await();
                  return true;
                }),
            (state, text, number, flag) -> state.mark(text + ", " + number + ", " + flag));
    g.start(both).path(both, g.end());

    var end = place.run(g.build(), Trail.EMPTY.mark("a"));

    assertThat(end.marks()).containsExactly("a", "marks: [a], 1, true");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void leavesAParallelNodeByItsErrorEdge(Place place) throws Exception {
    var g = Workflow.graph("parallel-error", Trail.class);
    var both =
        g.parallel(
            "both",
            g.branch("good", Integer.class, (state, ctx) -> 1),
            g.branch(
                "bad",
                Integer.class,
                (state, ctx) -> {
                  throw new IOException("down");
                }),
            (state, one, two) -> state);
    var end = g.end();
    both.onError(BranchFailed.class, (state, e) -> state.mark(e.node()), end);
    g.start(both).path(both, end);

    assertThat(place.run(g.build(), Trail.EMPTY).marks()).containsExactly("both/bad");
  }

  private static Workflow<Trail> called() {
    var g = Workflow.graph("called", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              if (state.count() > 100) {
                throw new IOException("too many");
              }
              return state.plus(1).mark("called");
            });
    g.start(a).path(a, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void callsAWorkflowInTwoPlacesAndRoutesByWhatItMade(Place place) throws Exception {
    var sub = called();
    var g = Workflow.graph("caller", Batch.class);
    var first =
        g.call(
            "first",
            sub,
            batch -> Trail.EMPTY.plus(batch.items().size()),
            (batch, trail) -> new Batch(List.of(trail.count()), List.of(), ""));
    var second =
        g.call(
            "second",
            sub,
            batch -> Trail.EMPTY.plus(batch.items().getFirst()),
            (batch, trail) -> new Batch(batch.items(), List.of(trail.count()), ""));
    var large = g.step("large", batch -> new Batch(batch.items(), batch.results(), "large"));
    var end = g.end();
    g.start(first).path(first, second).path(large, end);
    second.when("large", batch -> batch.results().getFirst() > 1, large).otherwise(end);

    var last = place.run(g.build(), Batch.of(7));

    assertThat(last).isEqualTo(new Batch(List.of(8), List.of(9), "large"));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void leavesACallByItsErrorEdgeElseFailsOutward(Place place) throws Exception {
    var caught = Workflow.graph("caught", Trail.class);
    var call = caught.call("call", called(), state -> state, (state, made) -> made);
    var end = caught.end();
    call.onError(BranchFailed.class, (state, e) -> state.mark(e.node() + ": " + e.error()), end);
    caught.start(call).path(call, end);
    var outer = Workflow.graph("outer", Trail.class);
    var bare = outer.call("call", called(), state -> state, (state, made) -> made);
    outer.start(bare).path(bare, outer.end());
    var uncaught = outer.build();

    var last = place.run(caught.build(), Trail.EMPTY.plus(101));

    assertThat(last.marks()).containsExactly("call/a: java.io.IOException: too many");
    assertThatThrownBy(() -> place.run(uncaught, Trail.EMPTY.plus(101)))
        .isInstanceOfSatisfying(RunFailed.class, e -> assertThat(e.node()).isEqualTo("call/a"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void gatesTheAttemptsOfANodeByItsConcurrency(Place place) throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var meeting = new CyclicBarrier(2);
    var g = Workflow.graph("gate", Batch.class);
    var map =
        g.map(
                "each",
                Batch::items,
                Integer.class,
                (item, ctx) -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  meeting.await();
                  running.decrementAndGet();
                  return item;
                },
                Batch::with)
            .with(Policy.DEFAULT.concurrency(2))
            .width(16);
    g.start(map).path(map, g.end());

    place.run(g.build(), Batch.of(200));

    assertThat(most).hasValue(2);
  }
}
