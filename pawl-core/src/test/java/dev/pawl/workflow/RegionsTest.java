package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Where the branches of forks meet.
final class RegionsTest {
  private final Graph<Integer> g = Workflow.graph("forks", Integer.class);

  @Test
  void meetsAtADeclaredJoinThoughAllBranchesPassANodeBeforeIt() {
    var split = step("split");
    var left = step("left");
    var right = step("right");
    var both = step("both");
    var join = g.join("join", Join.ALL);
    split.fork(left, right);
    g.start(split).path(left, both, join, g.end()).path(right, both);

    assertThat(joinOf("split")).isEqualTo("join");
  }

  @Test
  void meetsAtTheFirstNodeThatAllBranchesPass() {
    var split = step("split");
    var left = step("left");
    var right = step("right");
    var merge = step("merge");
    split.fork(left, right);
    g.start(split).path(left, merge, g.end()).path(right, merge);

    assertThat(joinOf("split")).isEqualTo("merge");
  }

  @Test
  void meetsThereThoughTheForkHasAnErrorEdgeToAnotherNode() {
    var split = step("split");
    var left = step("left");
    var right = step("right");
    var merge = step("merge");
    split.fork(left, right).onError(Exception.class, (n, e) -> n, g.end("failed"));
    g.start(split).path(left, merge, g.end()).path(right, merge);

    assertThat(joinOf("split")).isEqualTo("merge");
  }

  @Test
  void meetsAtTheOnlyEnd() {
    var split = step("split");
    var left = step("left");
    var right = step("right");
    var end = g.end("done");
    split.fork(left, right);
    g.start(split).path(left, end).path(right, end);

    assertThat(joinOf("split")).isEqualTo("done");
    assertThat(definition().nodes()).hasSize(4);
  }

  @Test
  void meetsAtAnEndOfItsOwnWhenBranchesEndDifferently() {
    var split = step("split");
    var left = step("left");
    var right = step("right");
    split.fork(left, right);
    g.start(split).path(left, g.end("a")).path(right, g.end("b"));

    assertThat(joinOf("split")).isEqualTo("end");
    assertThat(node("end").work()).isInstanceOf(Work.End.class);
    assertThat(targets("left")).containsExactly("a");
  }

  @Test
  void countsAnEndInsideARegionAsArrived() {
    var split = step("split");
    var left = step("left");
    var right = step("right");
    var join = g.join("join", Join.ALL);
    split.fork(left, right);
    left.when("nothing to do", n -> n == 0, g.end("skipped"));
    g.start(split).path(left, join, step("after"), g.end()).path(right, join);

    assertThat(joinOf("split")).isEqualTo("join");
  }

  @Test
  void givesANestedForkAJoinOfItsOwnBeforeTheSharedOne() {
    var outer = step("outer");
    var inner = step("inner");
    var a = step("a");
    var b = step("b");
    var c = step("c");
    var join = g.join("join", Join.atLeast(2));
    outer.fork(inner, c);
    inner.fork(a, b);
    g.start(outer).path(a, join, g.end()).path(b, join).path(c, join);

    assertThat(joinOf("outer")).isEqualTo("join");
    assertThat(joinOf("inner")).isEqualTo("inner-join");
    assertThat(targets("a")).containsExactly("inner-join");
    assertThat(targets("b")).containsExactly("inner-join");
    assertThat(targets("c")).containsExactly("join");
    assertThat(targets("inner-join")).containsExactly("join");
    assertThat(node("inner-join").work()).isEqualTo(new Work.Meet<Integer>(Join.ALL));
  }

  @Test
  void nestsForksThatAllEndTogether() {
    var outer = step("outer");
    var middle = step("middle");
    var inner = step("inner");
    var end = g.end();
    outer.fork(middle, step("x"));
    middle.fork(inner, step("y"));
    inner.fork(step("z"), step("w"));
    g.start(outer);
    List.of("x", "y", "z", "w").forEach(name -> g.path(find(name), end));

    assertThat(joinOf("outer")).isEqualTo("end");
    assertThat(joinOf("middle")).isEqualTo("middle-join");
    assertThat(joinOf("inner")).isEqualTo("inner-join");
    assertThat(targets("x")).containsExactly("end");
    assertThat(targets("y")).containsExactly("middle-join");
    assertThat(targets("z")).containsExactly("inner-join");
    assertThat(targets("inner-join")).containsExactly("middle-join");
    assertThat(targets("middle-join")).containsExactly("end");
  }

  @Test
  void keepsTheInnerJoinWithTheInnerFork() {
    var outer = step("outer");
    var inner = step("inner");
    var join = g.join("join", Join.ALL);
    var end = g.end();
    outer.fork(inner, step("c"));
    inner.fork(step("a"), step("b"));
    g.start(outer).path(find("a"), join, step("k"), end).path(find("b"), join).path(find("c"), end);

    assertThat(joinOf("inner")).isEqualTo("join");
    assertThat(joinOf("outer")).isEqualTo("end");
  }

  @Test
  void allowsAWayAroundTheForkToItsJoin() {
    var look = step("look");
    var split = step("split");
    var join = g.join("join", Join.ANY);
    split.fork(step("a"), step("b"));
    g.start(look).path(look, split).path(find("a"), join, g.end()).path(find("b"), join);
    look.when("nothing to split", n -> n == 0, join);

    assertThat(joinOf("split")).isEqualTo("join");
  }

  @Test
  void findsForksInsideLoopsThatNeverEnd() {
    var split = step("split");
    var pause = g.delay("pause", n -> Instant.EPOCH);
    split.fork(step("a"), step("b"));
    var merge = step("merge");
    g.start(split).path(find("a"), merge, pause, split).path(find("b"), merge);
    find("a").onError(Exception.class, (n, e) -> n, find("b"));
    pause.with(Policy.within(Duration.ofDays(1))).onTimeout(n -> n, split);

    assertThat(joinOf("split")).isEqualTo("merge");
  }

  private Node<Integer> step(String name) {
    return g.step(name, n -> n);
  }

  private Node<Integer> find(String name) {
    return g.nodes().stream().filter(node -> node.name.equals(name)).findFirst().orElseThrow();
  }

  private Definition<Integer> definition() {
    return g.build().definition();
  }

  private NodeModel<Integer> node(String name) {
    return definition().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private String joinOf(String name) {
    return definition().node(node(name).exits().join()).name();
  }

  private List<String> targets(String name) {
    return node(name).exits().edges().stream()
        .map(edge -> definition().node(edge.target()).name())
        .toList();
  }
}
