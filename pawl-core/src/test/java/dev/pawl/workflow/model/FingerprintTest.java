package dev.pawl.workflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.Graph;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// What tells one shape of a workflow from another.
final class FingerprintTest {
  private record Pair(int left, int right) {}

  private record Other(int left, int right) {}

  @Test
  void isAShortText() {
    assertThat(chain("flow", Pair.class, n -> n)).matches("[0-9a-f]{64}");
  }

  @Test
  void doesNotDependOnNamesOfWorkflowsVersionsPoliciesAndCode() {
    var g = Workflow.graph("renamed", Pair.class).version("2");
    var end = g.end();
    var b = g.step("b", (pair, ctx) -> new Pair(1, ctx.attempt()));
    var a = g.step("a", pair -> pair).with(Policy.retry(Duration.ofSeconds(1), 3));
    g.start(a).path(a, b, end);

    assertThat(fingerprint(g)).isEqualTo(chain("flow", Pair.class, n -> n));
  }

  @Test
  void dependsOnTheStateType() {
    assertThat(chain("flow", Other.class, n -> n)).isNotEqualTo(chain("flow", Pair.class, n -> n));
  }

  @Test
  void dependsOnTheNamesOfNodes() {
    assertThat(chain("flow", Pair.class, n -> n + "2"))
        .isNotEqualTo(chain("flow", Pair.class, n -> n));
  }

  @Test
  void dependsOnEdgesTheirLabelsAndTheirOrder() {
    var plain = branching(List.of("x", "y"), "end");

    assertThat(branching(List.of("x", "y"), "end")).isEqualTo(plain);
    assertThat(branching(List.of("y", "x"), "end")).isNotEqualTo(plain);
    assertThat(branching(List.of("x", "z"), "end")).isNotEqualTo(plain);
    assertThat(branching(List.of("x", "y"), "step")).isNotEqualTo(plain);
  }

  @Test
  void dependsOnErrorEdges() {
    assertThat(failing(IOException.class)).isNotEqualTo(failing(Exception.class));
  }

  @Test
  void dependsOnTheModeOfJoinsAndOnWhatIsMerged() {
    var plain = forking(Join.ALL, g -> g);

    assertThat(forking(Join.ANY, g -> g)).isNotEqualTo(plain);
    assertThat(forking(Join.ALL, g -> g.merge(Reducer.last()))).isNotEqualTo(plain);
    assertThat(forking(Join.ALL, g -> g.merge(Field.of(Pair::left), Reducer.sum())))
        .isNotEqualTo(plain)
        .isEqualTo(forking(Join.ALL, g -> g.merge(Field.of(Pair::left), Reducer.max())));
  }

  @Test
  void dependsOnNestedWorkflows() {
    assertThat(calling("inner")).isNotEqualTo(calling("other"));
    assertThat(mapping(String.class)).isNotEqualTo(mapping(Integer.class));
  }

  private static <S> String chain(String name, Class<S> state, UnaryOperator<String> rename) {
    var g = Workflow.graph(name, state);
    var a = g.step(rename.apply("a"), s -> s);
    var b = g.step("b", s -> s);
    g.start(a).path(a, b, g.end());
    return fingerprint(g);
  }

  private static String branching(List<String> labels, String target) {
    var g = Workflow.graph("flow", Pair.class);
    var step = g.step("step", pair -> pair);
    var end = g.end();
    g.start(step).path(step, end);
    labels.forEach(label -> step.when(label, p -> true, target.equals("end") ? end : step));
    return fingerprint(g);
  }

  private static String failing(Class<? extends Exception> type) {
    var g = Workflow.graph("flow", Pair.class);
    var step = g.step("step", pair -> pair);
    var end = g.end();
    g.start(step).path(step, end);
    step.onError(type, (pair, error) -> pair, end);
    return fingerprint(g);
  }

  private static String forking(Join mode, UnaryOperator<Graph<Pair>> merge) {
    var g = Workflow.graph("flow", Pair.class);
    var split = g.step("split", pair -> pair);
    var a = g.step("a", pair -> pair);
    var b = g.step("b", pair -> pair);
    var join = g.join("join", mode);
    split.fork(a, b);
    g.start(split).path(a, join, g.end()).path(b, join);
    return fingerprint(merge.apply(g));
  }

  private static String calling(String node) {
    var inner = Workflow.graph("inner", Pair.class);
    var step = inner.step(node, pair -> pair);
    inner.start(step).path(step, inner.end());
    var g = Workflow.graph("flow", Pair.class);
    var call = g.call("call", inner.build(), pair -> pair, (pair, result) -> result);
    g.start(call).path(call, g.end());
    return fingerprint(g);
  }

  private static <R> String mapping(Class<R> result) {
    var g = Workflow.graph("flow", Pair.class);
    var map =
        g.map("map", p -> List.of(p.left()), result, (n, ctx) -> result.cast(null), (p, r) -> p);
    g.start(map).path(map, g.end());
    return fingerprint(g);
  }

  private static String fingerprint(Graph<?> graph) {
    return graph.build().definition().fingerprint();
  }
}
