package dev.pawl.engine.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.Engine;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Maps, parallel nodes and calls of inline runs.
final class InlineChildrenTest {
  private static final Policy TWICE = Policy.DEFAULT.retry(Retry.fixed(Duration.ZERO, 2));
  private final Engine engine = Engine.inline();

  private enum Way {
    PURE,
    ON_THREADS;

    <S, N extends Node<S>> N of(N node) {
      if (this == PURE) {
        node.pure();
      }
      return node;
    }
  }

  @ParameterizedTest
  @EnumSource
  void mapsItemsInTheirOrder(Way way) throws InterruptedException {
    var g = Workflow.graph("map", StringList.class);
    var map =
        way.of(
            g.map(
                    "upper",
                    StringList::items,
                    String.class,
                    (String item, StepContext ctx) -> item.toUpperCase(Locale.ROOT),
                    (s, results) -> new StringList(results.values()))
                .width(3));
    g.start(map).path(map, g.end());
    var items = IntStream.range(0, 200).mapToObj(i -> "x" + i).toList();

    var end = engine.run(g.build(), new StringList(items));

    assertThat(end.items()).isEqualTo(IntStream.range(0, 200).mapToObj(i -> "X" + i).toList());
  }

  @Test
  void runsAsManyItemsAtOnceAsItsWidth() throws InterruptedException {
    var three = new CyclicBarrier(3);
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var g = Workflow.graph("map", StringList.class);
    var map =
        g.map(
                "work",
                StringList::items,
                Integer.class,
                (String item, StepContext ctx) -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  three.await();
                  return now.decrementAndGet();
                },
                (s, results) -> s)
            .width(3);
    g.start(map).path(map, g.end());

    engine.run(g.build(), new StringList(IntStream.range(0, 99).mapToObj(i -> "" + i).toList()));

    assertThat(most).hasValue(3);
  }

  @Test
  void foldsAMapOfNothing() throws InterruptedException {
    var g = Workflow.graph("map", StringList.class);
    var map =
        g.map(
            "work",
            StringList::items,
            String.class,
            (String item, StepContext ctx) -> item,
            (s, results) -> s.plus(results.done() + " " + results.failed()));
    g.start(map).path(map, g.end());

    assertThat(engine.run(g.build(), StringList.EMPTY).items()).containsExactly("0 0");
  }

  @ParameterizedTest
  @EnumSource
  void toleratesItsShareOfFailedItems(Way way) throws InterruptedException {
    var workflow = tolerant(way, 0.5);

    var end = engine.run(workflow, new StringList(List.of("a", "bad", "c", "bad")));

    assertThat(end.items())
        .containsExactly("a", "bad: java.io.IOException: down after 1", "c", "2", "2", "bad");
  }

  @ParameterizedTest
  @EnumSource
  void failsWhenMoreItemsFailThanItTolerates(Way way) {
    var workflow = tolerant(way, 0.5);
    var items = new StringList(List.of("bad", "bad", "c"));

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, items));

    assertThat(failure.node()).isEqualTo("work/each");
    assertThat(failure).cause().isInstanceOf(IOException.class);
  }

  private static Workflow<StringList> tolerant(Way way, double share) {
    var g = Workflow.graph("map", StringList.class);
    var map =
        way.of(
            g.map(
                    "work",
                    StringList::items,
                    String.class,
                    (String item, StepContext ctx) -> {
                      if (item.equals("bad")) {
                        throw new IOException("down");
                      }
                      return item;
                    },
                    InlineChildrenTest::told)
                .tolerate(share));
    g.start(map).path(map, g.end());
    return g.build();
  }

  private static StringList told(StringList s, Results<String, String> results) {
    var told = new ArrayList<String>();
    for (var item : results) {
      switch (item) {
        case Results.Done<String, String> done -> told.add(done.value());
        case Results.Failed<String, String> failed -> {
          if (told.size() == 1) {
            told.add(failed.input() + ": " + failed.error() + " after " + failed.attempts());
          }
        }
      }
    }
    told.add("" + results.done());
    told.add("" + results.failed());
    told.add(results.failures().getLast().input());
    return new StringList(told);
  }

  @Test
  void refusesTwoItemsOfOneKey() {
    var g = Workflow.graph("map", StringList.class);
    var map =
        g.map(
                "work",
                StringList::items,
                String.class,
                (String item, StepContext ctx) -> item,
                (s, results) -> s)
            .key(item -> item.substring(0, 1));
    g.start(map).path(map, g.end());
    var workflow = g.build();

    assertThatThrownBy(() -> engine.run(workflow, new StringList(List.of("ax", "b", "ay"))))
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("items 0 and 2 have the same key a");
  }

  @Test
  void mapsAWorkflowOverItsItems() throws InterruptedException {
    var each = Workflow.graph("each", String.class);
    var grow = each.step("grow", s -> s + "x");
    each.start(grow).path(grow, each.end());
    grow.when("short", s -> s.length() < 4, grow);
    var g = Workflow.graph("map", StringList.class);
    var map =
        g.map(
            "grown",
            StringList::items,
            each.build(),
            (s, results) -> new StringList(results.values()));
    g.start(map).path(map, g.end());

    assertThat(engine.run(g.build(), new StringList(List.of("a", "bcde"))).items())
        .containsExactly("axxx", "bcdex");
  }

  @ParameterizedTest
  @EnumSource
  void foldsTheResultsOfParallelBranches(Way way) throws InterruptedException {
    var g = Workflow.graph("parallel", StringList.class);
    var both =
        way.of(
            g.parallel(
                "both",
                g.branch("count", Integer.class, (s, ctx) -> s.items().size()),
                g.branch("name", String.class, (s, ctx) -> ctx.node()),
                (s, count, name) -> s.plus(count + " " + name)));
    g.start(both).path(both, g.end());

    assertThat(engine.run(g.build(), StringList.EMPTY).items()).containsExactly("0 both/name");
  }

  @ParameterizedTest
  @EnumSource
  void failsWithAParallelBranch(Way way) throws InterruptedException {
    var g = Workflow.graph("parallel", StringList.class);
    var both =
        way.of(
            g.parallel(
                "both",
                g.branch("good", Integer.class, (s, ctx) -> 1),
                g.branch(
                        "bad",
                        String.class,
                        (s, ctx) -> {
                          throw new IOException("down");
                        })
                    .with(TWICE),
                (s, good, bad) -> s));
    var end = g.end();
    g.start(both).path(both, end);
    both.onError(BranchFailed.class, (s, e) -> s.plus(e.node()).plus("" + e.attempts()), end);

    assertThat(engine.run(g.build(), StringList.EMPTY).items()).containsExactly("both/bad", "2");
  }

  @Test
  void callsAnotherWorkflow() throws InterruptedException {
    var g = Workflow.graph("caller", StringList.class);
    var call =
        g.call("sum", counting(), s -> s.items().size(), (s, n) -> s.plus("counted to " + n));
    g.start(call).path(call, g.end());

    assertThat(engine.run(g.build(), new StringList(List.of("7"))).items())
        .containsExactly("7", "counted to 5");
  }

  private static Workflow<Integer> counting() {
    var g = Workflow.graph("counting", Integer.class);
    var count = g.step("count", n -> n + 1);
    g.start(count).path(count, g.end());
    count.when("more", n -> n < 5, count);
    return g.build();
  }

  @Test
  void repeatsTheFoldOfACallWithoutCallingAgain() throws InterruptedException {
    var calls = new AtomicInteger();
    var folds = new AtomicInteger();
    var sub = Workflow.graph("sub", Integer.class);
    var step = sub.step("step", n -> calls.incrementAndGet());
    sub.start(step).path(step, sub.end());
    var g = Workflow.graph("caller", Integer.class);
    var call =
        g.call(
                "call",
                sub.build(),
                n -> n,
                (n, result) -> {
                  if (folds.incrementAndGet() == 1) {
                    throw new IOException("down");
                  }
                  return result + 100;
                })
            .with(TWICE);
    g.start(call).path(call, g.end());

    assertThat(engine.run(g.build(), 0)).isEqualTo(101);
    assertThat(calls).hasValue(1);
  }
}
