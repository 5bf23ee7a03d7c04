package dev.pawl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a run may use, in the places where it is easily forgotten.
@Timeout(120)
class BudgetTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  record Count(int value) {}

  private static String failure(Workflow<Count> workflow, Limits limits) throws Exception {
    try (var engine = Engine.builder().memory().limits(limits).register(workflow).start()) {
      var result = engine.start(workflow, "k", new Count(0)).result(LIMIT);
      return result instanceof Run.Result.Failed<?> failed ? failed.cause().getMessage() : "none";
    }
  }

  private static Workflow<Count> twoPapers() {
    var g = Workflow.graph("papers", Count.class);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> "x"),
            g.branch("y", String.class, (s, ctx) -> "y"),
            (s, x, y) -> s);
    g.start(papers).path(papers, g.end());
    return g.build();
  }

  private static Workflow<Count> mapOverThree(Workflow<Integer> each) {
    var g = Workflow.graph("map", Count.class);
    var map = g.map("map", s -> List.of(1, 2, 3), each, (s, results) -> new Count(results.done()));
    g.start(map).path(map, g.end());
    return g.build();
  }

  @Test
  void countsTheBranchesThatAParallelNodeStartsWith() throws Exception {
    assertThat(failure(twoPapers(), Limits.DEFAULT.branches(3))).isEqualTo("none");
    assertThat(failure(mapOverThree(papersOfAnItem()), Limits.DEFAULT.branches(10)))
        .isEqualTo("none");
    assertThat(failure(mapOverThree(papersOfAnItem()), Limits.DEFAULT.branches(9)))
        .contains("limit of branches 9");
  }

  private static Workflow<Integer> papersOfAnItem() {
    var g = Workflow.graph("item", Integer.class);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> "x"),
            g.branch("y", String.class, (s, ctx) -> "y"),
            (s, x, y) -> s);
    g.start(papers).path(papers, g.end());
    return g.build();
  }

  @Test
  void stopsALoopInAnItem() throws Exception {
    var g = Workflow.graph("item", Integer.class);
    var again = g.step("again", i -> i + 1);
    g.start(again);
    again.when("never", i -> i < 0, g.end()).otherwise(again);
    var workflow = mapOverThree(g.build());

    assertThat(failure(workflow, Limits.DEFAULT.steps(50))).contains("limit of steps 50");
  }

  @Test
  void doesNotCountTheVisitsOfItemsTogether() throws Exception {
    var item = Workflow.graph("item", Integer.class);
    var first = item.step("first", i -> i);
    item.start(first).path(first, item.end());
    var each = item.build();
    var g = Workflow.graph("map", Count.class);
    var map =
        g.map(
            "map",
            s -> IntStream.range(0, 100).boxed().toList(),
            each,
            (s, results) -> new Count(results.done()));
    g.start(map).path(map, g.end());

    assertThat(failure(g.build(), Limits.DEFAULT.steps(5))).isEqualTo("none");
  }
}
