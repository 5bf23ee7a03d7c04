package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Fold2;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Signal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `build()` finds wrong with a graph, and what it says to do about it.
final class ProblemsTest {
  private static final String NAME_MEND =
      "use 1 to 100 characters, none of them a control character, '/', '|' or ','";

  private enum Port {
    LEFT,
    RIGHT
  }

  private enum NoPort {}

  private record Pair(int left, int right) {}

  private sealed interface Shape permits Circle, Square {}

  private record Circle(int radius) implements Shape {}

  private record Square(int side) implements Shape {}

  private final Graph<Integer> g = Workflow.graph("flow", Integer.class);

  @Test
  void reportsAllProblemsAtOnceInTheOrderOfDeclaration() {
    step("first");
    step("second");
    g.version("");

    var invalid = catchThrowableOfType(InvalidWorkflow.class, g::build);

    assertThat(invalid.problems())
        .extracting(Problem::node)
        .containsExactly("", "", "first", "second");
    assertThat(invalid)
        .hasMessage(
            """
            workflow flow cannot be built:
            - error: the workflow's version is empty; %s
            - error: no node is the start; name the first node with start(node)
            - error at first: no edge leads on from it; add otherwise(node), or make it an end
            - error at second: no edge leads on from it; add otherwise(node), or make it an end\
            """
                .formatted(NAME_MEND));
  }

  @Test
  void needsNames() {
    assertThat(problemsOfName("")).containsExactly(error("", "its name is empty", NAME_MEND));
    assertThat(problemsOfName("x".repeat(101)))
        .containsExactly(error("x".repeat(101), "its name has 101 characters", NAME_MEND));
    assertThat(problemsOfName("a/b"))
        .containsExactly(error("a/b", "its name contains '/'", NAME_MEND));
    assertThat(problemsOfName("a|b"))
        .containsExactly(error("a|b", "its name contains '|'", NAME_MEND));
    assertThat(problemsOfName("a,b"))
        .containsExactly(error("a,b", "its name contains ','", NAME_MEND));
    assertThat(problemsOfName("a\nb"))
        .containsExactly(error("a\nb", "its name contains the control character 000a", NAME_MEND));
    assertThat(problemsOfName("\ud83d"))
        .containsExactly(
            error("\ud83d", "its name contains half of the surrogate pair d83d", NAME_MEND));
    assertThat(problemsOfName("x".repeat(100))).isEmpty();
    assertThat(problemsOfName("Prüfung 検査 ✓ 🚀")).isEmpty();
  }

  private static List<Problem> problemsOfName(String name) {
    var graph = Workflow.graph("flow", Integer.class);
    var step = graph.step(name, n -> n);
    graph.start(step).path(step, graph.end());
    return problems(graph);
  }

  @Test
  void needsANameAndAVersionForTheWorkflow() {
    var graph = Workflow.graph("a/b", Integer.class).version("1,2");
    graph.start(graph.end());

    assertThat(problems(graph))
        .containsExactly(
            error("", "the workflow's name contains '/'", NAME_MEND),
            error("", "the workflow's version contains ','", NAME_MEND));
  }

  @Test
  void refusesNamesUsedTwice() {
    var first = step("twice");
    var second = step("twice");
    g.start(first).path(first, second, g.end());

    assertThat(problems(g))
        .containsExactly(
            error(
                "twice",
                "several nodes have this name",
                "the name is the node's durable identity: give each its own"));
  }

  @Test
  void needsAStart() {
    var step = step("step");
    g.path(step, g.end());

    assertThat(problems(g))
        .containsExactly(error("", "no node is the start", "name the first node with start(node)"));
  }

  @Test
  void refusesTwoStarts() {
    var a = step("a");
    var b = step("b");
    g.start(a).start(b).start(a).path(a, b, g.end());

    assertThat(problems(g))
        .containsExactly(error("", "it has 2 starts, a and b", "start at one of them"));
  }

  @Test
  void findsUnreachableNodes() {
    var step = step("step");
    var lost = step("lost");
    var end = g.end();
    g.start(step).path(step, end).path(lost, end);

    assertThat(problems(g))
        .containsExactly(
            error("lost", "no way leads to it from the start", "lead an edge to it, or remove it"));
  }

  @Test
  void wantsAnEdgeForEachConstantOfAChoice() {
    var choice = g.choice("choice", Port.class, (n, ctx) -> Outcome.to(Port.LEFT, n));
    g.start(choice);
    choice.on(Port.RIGHT, g.end());

    assertThat(problems(g))
        .containsExactly(
            error("choice", "no edge leads on from its port LEFT", "add on(LEFT, node)"));
  }

  @Test
  void refusesAPortThatLeadsToTwoNodes() {
    var choice = g.choice("choice", Port.class, (n, ctx) -> Outcome.to(Port.LEFT, n));
    var a = g.end("a");
    g.start(choice);
    choice.on(Port.LEFT, a).on(Port.LEFT, g.end("b")).on(Port.RIGHT, a).on(Port.RIGHT, a);

    assertThat(problems(g))
        .containsExactly(
            error("choice", "2 edges lead on from its port LEFT, to a and b", "keep one of them"));
  }

  @Test
  void refusesAChoiceWithoutPorts() {
    var choice = g.<NoPort>choice("choice", NoPort.class, (n, ctx) -> null);
    g.start(choice);

    assertThat(problems(g))
        .containsExactly(
            error("choice", "its enum has no constants to leave by", "add one for each way out"));
  }

  @Test
  void refusesOtherEdgesOnAChoice() {
    var choice = g.choice("choice", Port.class, (n, ctx) -> Outcome.to(Port.LEFT, n));
    var end = g.end();
    g.start(choice);
    choice.on(Port.LEFT, end).on(Port.RIGHT, end).when("odd", n -> n % 2 == 1, end);

    assertThat(problems(g))
        .containsExactly(
            error(
                "choice",
                "a choice leaves by its ports, but it has other edges",
                "use on(port, node), and put other edges on a node after it"));
  }

  @Test
  void refusesALoopWithoutAWayOut() {
    var before = step("before");
    var a = step("a");
    var b = step("b");
    g.start(before).path(before, a, b, a);
    before.when("odd", n -> n % 2 == 1, g.end());

    assertThat(problems(g))
        .containsExactly(
            error("a", "no way leads from it to an end", "lead an edge out of the loop"),
            error("b", "no way leads from it to an end", "lead an edge out of the loop"));
  }

  @Test
  void warnsOfALoopWithoutAWayOutThatWaits() {
    var work = step("work");
    var pause = g.delay("pause", n -> Instant.EPOCH);
    g.start(work).path(work, pause, work);

    assertThat(g.build().warnings())
        .containsExactly(
            warning("work", "no way leads from it to an end", "lead an edge out of the loop"),
            warning("pause", "no way leads from it to an end", "lead an edge out of the loop"));
  }

  @Test
  void refusesANodeThatLeadsNowhere() {
    var first = step("first");
    var last = step("last");
    g.start(first).path(first, last);
    last.onError(IOException.class, (n, e) -> n, first);

    assertThat(problems(g))
        .containsExactly(
            error("last", "no edge leads on from it", "add otherwise(node), or make it an end"));
  }

  @Test
  void refusesEdgesBesidesAFork() {
    var split = step("split");
    var end = g.end();
    split.fork(step("a"), step("b")).otherwise(end);
    g.start(split).path(find("a"), end).path(find("b"), end);

    assertThat(problems(g))
        .containsExactly(
            error(
                "split",
                "it forks, and has edges besides",
                "make the edges branches of the fork, or put them on a node after it"));
  }

  @Test
  void refusesAForkWithASingleBranch() {
    var split = step("split");
    split.fork(step("a"));
    g.start(split).path(find("a"), g.end());

    assertThat(problems(g))
        .contains(
            error(
                "split",
                "it forks into a single branch",
                "fork into more, or use otherwise(node)"));
  }

  @Test
  void refusesABranchThatIsOverWhereItStarts() {
    var split = step("split");
    var merge = step("merge");
    split.fork(step("a"), merge);
    g.start(split).path(find("a"), merge, g.end());

    assertThat(problems(g))
        .containsExactly(
            error(
                "split",
                "its branch merge is over where it starts",
                "remove it from the fork, or give it a step"));
  }

  @Test
  void refusesAnEdgeIntoABranch() {
    var look = step("look");
    var split = step("split");
    var merge = step("merge");
    split.fork(step("a"), step("b"));
    g.start(look).path(look, split).path(find("a"), merge, g.end()).path(find("b"), merge);
    look.when("odd", n -> n % 2 == 1, find("a"));

    assertThat(problems(g)).containsExactly(crossing("a", "split", "look"));
  }

  @Test
  void refusesAnEdgeOutOfABranch() {
    var split = step("split");
    var join = g.join("join", Join.ALL);
    var after = step("after");
    split.fork(step("a"), step("b"));
    g.start(split).path(find("a"), join, after, g.end()).path(find("b"), join);
    find("a").when("odd", n -> n % 2 == 1, after);

    assertThat(problems(g)).contains(crossing("after", "split", "join"));
  }

  @Test
  void refusesABranchThatLeadsBackToItsFork() {
    var before = step("before");
    var split = step("split");
    var merge = step("merge");
    split.fork(step("a"), step("b"));
    g.start(before).path(before, split).path(find("a"), merge, g.end()).path(find("b"), merge);
    find("a").when("again", n -> n % 2 == 1, split);

    assertThat(problems(g)).containsExactly(crossing("split", "split", "before"));
  }

  @Test
  void refusesABranchThatLeadsBackToTheStart() {
    var split = step("split");
    var merge = step("merge");
    split.fork(step("a"), step("b"));
    g.start(split).path(find("a"), merge, g.end()).path(find("b"), merge);
    find("a").when("again", n -> n % 2 == 1, split);

    assertThat(problems(g)).containsExactly(crossing("split", "split", "the start of runs"));
  }

  @Test
  void refusesAnErrorEdgeOutOfABranch() {
    var before = step("before");
    var split = step("split");
    var join = g.join("join", Join.ALL);
    var clean = step("clean");
    split.fork(step("a"), step("b"));
    g.start(before)
        .path(before, split)
        .path(find("a"), join, g.end())
        .path(find("b"), join)
        .path(clean, g.end());
    before.onError(IOException.class, (n, e) -> n, clean);
    find("a").onError(IOException.class, (n, e) -> n, clean);

    assertThat(problems(g)).contains(crossing("clean", "split", "before"));
  }

  private static Problem crossing(String node, String fork, String from) {
    return error(
        node,
        "it lies in a branch of the fork at "
            + fork
            + ", and is reached from "
            + from
            + " outside of it",
        "enter branches by their fork only, and leave them by their join or an end");
  }

  @Test
  void wantsAReducerForTheVariantsOfASealedState() {
    var graph = Workflow.graph("shapes", Shape.class);
    var split = graph.step("split", s -> s);
    var a = graph.step("a", s -> s);
    var b = graph.step("b", s -> s);
    var end = graph.end();
    split.fork(a, b);
    graph.start(split).path(a, end).path(b, end);

    assertThat(problems(graph))
        .containsExactly(
            error(
                "split",
                "its branches may end in different variants of Shape",
                "say with merge(reducer) how whole states become one"));
    assertThat(problems(graph.merge(Reducer.last()))).isEmpty();
  }

  @Test
  void wantsNoReducerWhereOneBranchWins() {
    var graph = Workflow.graph("shapes", Shape.class);
    var split = graph.step("split", s -> s);
    var a = graph.step("a", s -> s);
    var b = graph.step("b", s -> s);
    var join = graph.join("join", Join.ANY);
    split.fork(a, b);
    graph.start(split).path(a, join, graph.end()).path(b, join);

    assertThat(problems(graph)).isEmpty();
  }

  @Test
  void refusesAJoinWithoutAFork() {
    var step = step("step");
    var join = g.join("join", Join.ALL);
    g.start(step).path(step, join, g.end());

    assertThat(problems(g))
        .containsExactly(
            error(
                "join",
                "no fork's branches meet at it",
                "lead all branches of one fork to it, and nothing else, or remove it"));
  }

  @Test
  void refusesAJoinThatNeedsMoreBranchesThanThereAre() {
    var split = step("split");
    var join = g.join("join", Join.atLeast(3));
    split.fork(step("a"), step("b"));
    g.start(split).path(find("a"), join, g.end()).path(find("b"), join);

    assertThat(problems(g))
        .containsExactly(
            error(
                "join",
                "it needs 3 branches, but the fork at split has 2",
                "need fewer, or fork into more"));
  }

  @Test
  void refusesMergesOfWhatTheStateLacks() {
    var graph = Workflow.graph("pairs", Pair.class);
    var both = Field.<Pair, Integer>of("both", p -> p.left() + p.right(), (p, n) -> p);
    graph.start(graph.end()).merge(both, Reducer.sum());

    assertThat(problems(graph))
        .containsExactly(
            error(
                "",
                "a reducer is for both, which Pair lacks",
                "merge one of its components: left, right"));
  }

  @Test
  void refusesASecondReducer() {
    var graph = Workflow.graph("pairs", Pair.class);
    var left = Field.of(Pair::left);
    graph.start(graph.end());
    graph.merge(left, Reducer.sum()).merge(left, Reducer.max());
    graph.merge(Reducer.<Pair>last()).merge(Reducer.<Pair>last());

    assertThat(problems(graph))
        .containsExactly(
            error("", "the component left has several reducers", "keep one of them"),
            error("", "the whole state has several reducers", "keep one of them"));
  }

  @Test
  void refusesNodesOfOtherGraphs() {
    var other = Workflow.graph("other", Integer.class);
    var stranger = other.step("stranger", n -> n);
    var branch = other.branch("lent", Integer.class, (n, ctx) -> n);
    Fold2<Integer, Integer, Integer> sum = (n, a, b) -> a + b;
    var step = step("step");
    var both = g.parallel("both", branch, g.branch("own", Integer.class, (n, ctx) -> n), sum);
    var end = g.end();
    g.start(step).path(step, both, end).path(stranger, end);
    step.when("odd", n -> n % 2 == 1, stranger);

    var mend = "make nodes and branches by the graph they are used in";
    assertThat(problems(g))
        .containsExactly(
            error("", "lent is part of another graph, but used in this one", mend),
            error("", "stranger is part of another graph, but used in this one", mend),
            error(
                "step",
                "an edge leads to stranger, a node of another graph",
                "lead to nodes of this graph only"));
  }

  @Test
  void refusesLabelsUsedTwiceAndEmptyOnes() {
    var step = step("step");
    var end = g.end();
    g.start(step).path(step, end);
    step.when("odd", n -> n % 2 == 1, end).when("odd", n -> n > 1, end).when(" ", n -> true, end);

    assertThat(problems(g))
        .containsExactly(
            error("step", "two edges have the label \"odd\"", "give each edge a label of its own"),
            error(
                "step",
                "the label \" \" of an edge is empty",
                "use 1 to 100 characters, none of them a control character"));
  }

  @Test
  void refusesTwoUnconditionalEdges() {
    var step = step("step");
    g.start(step).path(step, g.end("a"));
    step.otherwise(g.end("b"));

    assertThat(problems(g))
        .contains(
            error("step", "2 edges are taken when no other is, to a and b", "keep one of them"));
  }

  @Test
  void acceptsTheSamePathTwice() {
    var step = step("step");
    var end = g.end();
    g.start(step).path(step, end).path(step, end);

    assertThat(g.build().definition().node(0).exits().edges()).hasSize(1);
  }

  @Test
  void refusesEdgesOfAnEnd() {
    var end = g.end();
    g.start(end).path(end, g.end());

    assertThat(problems(g))
        .containsExactly(
            error("end", "it is an end, but has an edge", "remove its edges, or make it a step"));
  }

  @Test
  void refusesATimeoutEdgeWithoutALimit() {
    var step = step("step");
    var end = g.end();
    g.start(step).path(step, end);
    step.onTimeout(n -> n, end);

    assertThat(problems(g))
        .containsExactly(
            error(
                "step",
                "its timeout edge is never taken: nothing limits its visits",
                "add with(Policy.within(...))"));
    step.with(Policy.within(Duration.ofHours(1)));
    assertThat(problems(g)).isEmpty();
  }

  @Test
  void refusesATimeoutEdgeOfAMapOverAStep() {
    var map = g.map("map", n -> List.of(n), Integer.class, (n, ctx) -> n, (n, results) -> n);
    var end = g.end();
    g.start(map).path(map, end);
    map.with(Policy.within(Duration.ofHours(1))).onTimeout(n -> n, end);

    assertThat(problems(g))
        .containsExactly(
            error(
                "map",
                "its timeout edge is never taken: nothing limits its visits",
                "map over a workflow, whose map has a policy of its own"));
  }

  @Test
  void refusesTwoTimeoutEdges() {
    var step = step("step").with(Policy.within(Duration.ofHours(1)));
    var end = g.end();
    g.start(step).path(step, end);
    step.onTimeout(n -> n, end).onTimeout(n -> n + 1, end);

    assertThat(problems(g))
        .containsExactly(error("step", "it has 2 timeout edges", "keep one of them"));
  }

  @Test
  void warnsOfErrorEdgesThatAreNeverTaken() {
    var step = step("step");
    var end = g.end();
    g.start(step).path(step, end);
    step.onError(Exception.class, (n, e) -> n, end).onError(IOException.class, (n, e) -> n, end);

    assertThat(g.build().warnings())
        .containsExactly(
            warning(
                "step",
                "its error edge for IOException is never taken: the one for Exception comes before"
                    + " it",
                "declare the narrower type first"));
  }

  @Test
  void refusesBadNamesOfBranches() {
    var both =
        g.parallel(
            "both",
            g.branch("a/b", Integer.class, (n, ctx) -> n),
            g.branch("c", Integer.class, (n, ctx) -> n),
            g.branch("c", Integer.class, (n, ctx) -> n),
            (n, a, b, c) -> n);
    g.start(both).path(both, g.end());

    assertThat(problems(g))
        .containsExactly(
            error("both", "the name of its branch a/b contains '/'", NAME_MEND),
            error(
                "both",
                "several of its branches have the name c",
                "the name is the branch's durable identity: give each its own"));
  }

  private Node<Integer> step(String name) {
    return g.step(name, n -> n);
  }

  private Node<Integer> find(String name) {
    return g.nodes().stream().filter(node -> node.name.equals(name)).findFirst().orElseThrow();
  }

  private static Problem error(String node, String message, String mend) {
    return new Problem(Problem.Severity.ERROR, node, message, mend);
  }

  private static Problem warning(String node, String message, String mend) {
    return new Problem(Problem.Severity.WARNING, node, message, mend);
  }

  private static List<Problem> problems(Graph<?> graph) {
    try {
      return graph.build().warnings();
    } catch (InvalidWorkflow invalid) {
      return invalid.problems();
    }
  }

  @Test
  void reportsASignalThatCarriesSeveralTypes() {
    record Order(String id) {}
    var inner = Workflow.graph("inner", Order.class);
    var wait = inner.await("wait", Signal.of("word", String.class), (order, word) -> order);
    inner.start(wait).path(wait, inner.end());
    var outer = Workflow.graph("outer", Order.class);
    var call = outer.call("call", inner.build(), order -> order, (order, other) -> other);
    var await = outer.await("await", Signal.of("word", Integer.class), (order, number) -> order);
    outer.start(call).path(call, await, outer.end());

    assertThatThrownBy(outer::build)
        .isInstanceOf(InvalidWorkflow.class)
        .hasMessageContaining("signal word carries java.lang.Integer and java.lang.String");
  }
}
