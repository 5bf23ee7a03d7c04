package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a graph is compiled to.
final class GraphTest {
  private enum Size {
    SMALL,
    LARGE
  }

  @Test
  void numbersNodesInTheOrderOfTheirDeclaration() {
    var g = Workflow.graph("chain", Integer.class);
    var last = g.end("done");
    var second = g.step("second", n -> n + 1);
    var first = g.step("first", n -> n * 2);
    g.start(first).path(first, second, last);

    var definition = g.build().definition();

    assertThat(definition.nodes())
        .extracting(NodeModel::name)
        .containsExactly("done", "second", "first");
    assertThat(definition.nodes()).extracting(NodeModel::index).containsExactly(0, 1, 2);
    assertThat(definition.start()).isEqualTo(2);
    assertThat(definition.node(2).exits().edges())
        .extracting(Exits.Edge::target)
        .containsExactly(1);
    assertThat(definition.node(0).work()).isInstanceOf(Work.End.class);
  }

  @Test
  void triesConditionsInOrderAndThePathLast() {
    var g = Workflow.graph("conditions", Integer.class);
    var look = g.step("look", n -> n);
    var end = g.end();
    g.start(look).path(look, end);
    look.when("odd", n -> n % 2 == 1, look).when("negative", n -> n < 0, look);

    var edges = g.build().definition().node(0).exits().edges();

    assertThat(edges).extracting(Exits.Edge::label).containsExactly("odd", "negative", "");
    assertThat(edges.get(2).test()).isEmpty();
  }

  @Test
  void ordersTheEdgesOfAChoiceByConstant() {
    var g = Workflow.graph("choice", Integer.class);
    var large = g.end("large");
    var small = g.end("small");
    var size =
        g.choice("size", Size.class, (n, ctx) -> Outcome.to(n > 9 ? Size.LARGE : Size.SMALL, n));
    g.start(size);
    size.on(Size.LARGE, large).on(Size.SMALL, small);

    var edges = g.build().definition().node(2).exits().edges();

    assertThat(edges).extracting(Exits.Edge::label).containsExactly("SMALL", "LARGE");
    assertThat(edges).extracting(Exits.Edge::target).containsExactly(1, 0);
  }

  @Test
  void leavesABuiltWorkflowAloneWhenTheGraphChanges() {
    var g = Workflow.graph("frozen", Integer.class);
    var step = g.step("step", n -> n);
    var end = g.end();
    g.start(step).path(step, end);
    var built = g.build();

    step.with(Policy.retry(Duration.ofSeconds(1), 3)).when("odd", n -> n % 2 == 1, end);
    g.version("2").step("late", n -> n);

    assertThat(built.version()).isEqualTo("1");
    assertThat(built.definition().nodes()).hasSize(2);
    assertThat(built.definition().node(0).policy()).isEqualTo(Policy.DEFAULT);
    assertThat(built.definition().node(0).exits().edges()).hasSize(1);
  }

  @Test
  void makesWorkflowsOfOneStepForItemsAndBranches() {
    var g = Workflow.graph("nested", Integer.class);
    var retry = Policy.retry(Duration.ofSeconds(1), 3);
    var map =
        g.map("load", n -> List.of(n), String.class, (n, ctx) -> "" + n, (n, r) -> n + r.done())
            .key(n -> "k" + n)
            .width(3)
            .tolerate(0.5)
            .with(retry);
    var both =
        g.parallel(
            "both",
            g.branch("left", String.class, (n, ctx) -> "l" + n),
            g.branch("right", Integer.class, (n, ctx) -> n).with(retry),
            (n, left, right) -> n + left.length() + right);
    g.start(map).path(map, both, g.end());

    var definition = g.build().definition();
    var each = (Work.Each<?, ?, ?>) definition.node(0).work();
    var parallel = (Work.Parallel<?>) definition.node(1).work();

    assertThat(each.width()).isEqualTo(3);
    assertThat(each.tolerated()).isEqualTo(0.5);
    assertThat(each.each().node(0).name()).isEqualTo("each");
    assertThat(each.each().node(0).policy()).isEqualTo(retry);
    assertThat(each.each().result()).isEqualTo(String.class);
    assertThat(definition.node(0).policy()).isEqualTo(Policy.DEFAULT);
    assertThat(parallel.branches()).extracting(Definition::name).containsExactly("left", "right");
    assertThat(parallel.branches().get(1).node(0).policy()).isEqualTo(retry);
  }

  @Test
  void givesAMapOverAWorkflowItsOwnPolicy() {
    var inner = Workflow.graph("inner", Integer.class);
    var step = inner.step("step", n -> n);
    inner.start(step).path(step, inner.end());
    var g = Workflow.graph("outer", Integer.class);
    var retry = Policy.retry(Duration.ofSeconds(1), 3);
    var map = g.map("all", n -> List.of(n), inner.build(), (n, r) -> n).with(retry);
    Fold<Integer, Integer> out = (n, m) -> m;
    var call = g.call("one", inner.build(), n -> n, out);
    var pause = g.delay("pause", n -> Instant.EPOCH);
    g.start(map).path(map, call, pause, g.end());

    var definition = g.build().definition();

    assertThat(definition.node(0).policy()).isEqualTo(retry);
    assertThat(((Work.Call<?, ?>) definition.node(1).work()).sub().name()).isEqualTo("inner");
    assertThat(definition.node(2).work()).isInstanceOf(Work.Delay.class);
  }

  @Test
  void numbersUnnamedEnds() {
    var g = Workflow.graph("ends", Integer.class);
    var step = g.step("step", n -> n);
    g.start(step);
    step.when("odd", n -> n % 2 == 1, g.end()).when("big", n -> n > 9, g.end()).otherwise(g.end());

    var nodes = g.build().definition().nodes();

    assertThat(nodes).extracting(NodeModel::name).containsExactly("step", "end", "end-2", "end-3");
  }
}
