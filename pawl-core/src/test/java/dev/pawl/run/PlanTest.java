package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.run.Plan.Kind;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.model.Merge;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A definition with a node of each kind, laid out.
final class PlanTest {
  record State(List<String> items) {}

  enum Way {
    ON
  }

  private final Workflow<String> sub = ForksTest.trio(Join.atLeast(2));
  private final Definition<State> definition = everything(sub).definition();
  private final Plan plan = Plan.of(definition);

  @Test
  void placesNestedNodesBehindThoseAroundThem() {
    assertThat(IntStream.range(0, plan.size()).mapToObj(plan::name))
        .containsExactly(
            "end",
            "step",
            "choice",
            "delay",
            "call",
            "map",
            "papers",
            "call/join",
            "call/begin",
            "call/a",
            "call/more",
            "call/b",
            "call/c",
            "call/end",
            "map/join",
            "map/begin",
            "map/a",
            "map/more",
            "map/b",
            "map/c",
            "map/end",
            "papers/x",
            "papers/end",
            "papers/y",
            "papers/end");
    assertThat(plan.name(plan.start())).isEqualTo("step");
    assertThat(plan.name(plan.first(plan.find("call"), 0))).isEqualTo("call/begin");
    assertThat(plan.name(plan.first(plan.find("map"), 7))).isEqualTo("map/begin");
    assertThat(plan.name(plan.first(plan.find("papers"), 1))).isEqualTo("papers/y");
  }

  @Test
  void findsANodeByItsFullName() {
    assertThat(IntStream.range(0, plan.size()).filter(node -> plan.kind(node) != Kind.END))
        .allMatch(node -> plan.find(plan.name(node)) == node);
    assertThat(plan.find("begin")).isEqualTo(-1);
  }

  @Test
  void knowsWhatEachNodeIs() {
    assertThat(IntStream.range(0, 8).mapToObj(plan::kind))
        .containsExactly(
            Kind.END,
            Kind.STEP,
            Kind.CHOICE,
            Kind.DELAY,
            Kind.CALL,
            Kind.MAP,
            Kind.PARALLEL,
            Kind.MEET);
    assertThat(Kind.values())
        .filteredOn(Kind::isBlock)
        .containsExactly(Kind.CALL, Kind.MAP, Kind.PARALLEL);
  }

  @Test
  void knowsTheDefinitionOfEachNode() {
    assertThat(plan.definition()).isSameAs(definition);
    assertThat(plan.scope(plan.find("map"))).isSameAs(definition);
    assertThat(plan.scope(plan.find("map/a"))).isSameAs(sub.definition());
    assertThat(plan.nested(plan.find("map"), 3)).isSameAs(sub.definition());
    assertThat(plan.nested(plan.find("papers"), 1)).isSameAs(plan.scope(plan.find("papers/y")));
  }

  @Test
  void leadsFromNodeToNodeWithinADefinition() {
    int begin = plan.find("map/begin");

    assertThat(plan.fork(begin).stream().map(plan::name))
        .containsExactly("map/a", "map/b", "map/c");
    assertThat(plan.name(plan.join(begin))).isEqualTo("map/join");
    assertThat(plan.needed(plan.join(begin), 3)).isEqualTo(2);
    assertThat(plan.needed(plan.find("end"), 3)).isEqualTo(3);
    assertThat(plan.name(plan.target(plan.find("map/more"), 0))).isEqualTo("map/join");
    assertThat(plan.fork(plan.find("step"))).isEmpty();
  }

  @Test
  void knowsHowManyChildrenRunAndHowManyMayFail() {
    int map = plan.find("map");

    assertThat(plan.width(map)).isEqualTo(3);
    assertThat(plan.width(plan.find("call"))).isEqualTo(Integer.MAX_VALUE);
    assertThat(plan.tolerated(map, 19)).isEqualTo(9);
    assertThat(plan.tolerated(plan.find("call"), 1)).isZero();
    assertThat(plan.children(plan.find("papers"))).isEqualTo(2);
    assertThat(plan.children(plan.find("call"))).isEqualTo(1);
  }

  @Test
  void knowsWhichNodesCatch() {
    assertThat(IntStream.range(0, plan.size()).filter(plan::catches).mapToObj(plan::name))
        .containsExactly("step");
  }

  @Test
  void countsTheBranchesThatParallelNodesOpenInOneAnother() {
    var around = Plan.of(parallel(papers(), papers(), definition));

    assertThat(around.opens(0)).isEqualTo(3 + 2 + 2);
    assertThat(around.opens(1)).isZero();
    assertThat(around.opens(2)).isEqualTo(2);
  }

  /// A definition whose first node runs others side by side.
  private static Definition<State> parallel(Definition<?>... branches) {
    var all = new Work.Parallel<State>(List.of(branches), (state, results) -> state);
    var end = new Work.End<State>();
    return new Definition<>(
        "parallel",
        "1",
        State.class,
        State.class,
        0,
        List.of(
            new NodeModel<>(0, "all", all, Policy.DEFAULT, false, Exits.to(1)),
            new NodeModel<>(1, "end", end, Policy.DEFAULT, false, Exits.none())),
        Merge.plain(),
        Optional.empty());
  }

  private static Definition<State> papers() {
    var g = Workflow.graph("papers", State.class);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    g.start(papers).path(papers, g.end());
    return g.build().definition();
  }

  private static Workflow<State> everything(Workflow<String> sub) {
    var g = Workflow.graph("everything", State.class);
    var end = g.end();
    var step = g.step("step", s -> s);
    var choice = g.choice("choice", Way.class, (s, ctx) -> Outcome.to(Way.ON, s));
    var delay = g.delay("delay", s -> Instant.EPOCH);
    var call = g.call("call", sub, s -> "", (s, r) -> s);
    var map = g.map("map", State::items, sub, (s, r) -> s).width(3).tolerate(0.5);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    g.start(step).path(step, choice).path(delay, call, map, papers, end);
    choice.on(Way.ON, delay);
    step.onError(Exception.class, (s, x) -> s, end);
    return g.build();
  }
}
