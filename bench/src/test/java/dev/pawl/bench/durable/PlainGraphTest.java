package dev.pawl.bench.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.bench.durable.PlainGraph.Kind;
import dev.pawl.bench.durable.PlainGraph.Walk;
import dev.pawl.engine.Engine;
import java.util.Collections;
import java.util.HashSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlainGraphTest {
  private final PlainGraph graph = PlainGraph.fifty();

  @Test
  void hasFiftyNodesWithSixChoicesTwoForksAndALoop() {
    var kinds =
        graph.nodes().stream()
            .collect(Collectors.groupingBy(PlainGraph.PlainNode::kind, Collectors.counting()));

    assertThat(graph.nodes()).hasSize(50);
    assertThat(kinds)
        .containsEntry(Kind.CHOICE, 6L)
        .containsEntry(Kind.FORK, 2L)
        .containsEntry(Kind.JOIN, 2L)
        .containsEntry(Kind.LOOP, 1L)
        .containsEntry(Kind.END, 1L);
  }

  @Test
  void goesRoundTheLoopTenTimes() {
    var walked = graph.walk(1);
    var loop =
        graph.nodes().stream().filter(node -> node.kind() == Kind.LOOP).findFirst().orElseThrow();

    assertThat(Collections.frequency(walked.visits(), loop.name())).isEqualTo(10);
    assertThat(walked.end().rounds()).isEqualTo(10);
  }

  @Test
  void takesDifferentWaysForDifferentSeeds() {
    var ways = new HashSet<Object>();
    for (int seed = 0; seed < 100; seed++) {
      ways.add(graph.walk(seed).visits());
    }

    assertThat(ways.size()).isGreaterThan(20);
  }

  @Test
  void endsAsTheWorkflowDoes() throws Exception {
    var workflow = graph.workflow();

    for (int seed = 0; seed < 50; seed++) {
      assertThat(Engine.inline().run(workflow, Walk.start(seed))).isEqualTo(graph.walk(seed).end());
    }
  }
}
