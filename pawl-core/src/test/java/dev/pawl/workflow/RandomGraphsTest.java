package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Random graphs: those with structured forks find the joins they were made with, and of all others
/// each is either refused or has regions without crossing edges.
final class RandomGraphsTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int CASES = Integer.getInteger("cases", 3_000);

  @Test
  void findsTheJoinsOfStructuredForks() {
    var random = new SplittableRandom(SEED);
    int implied = 0;
    for (int i = 0; i < CASES; i++) {
      var flow = new Structured(random.split());
      var definition = flow.build();

      var joins = new HashMap<String, String>();
      definition.nodes().stream()
          .filter(node -> node.exits().join() >= 0)
          .forEach(n -> joins.put(n.name(), definition.node(n.exits().join()).name()));
      assertThat(joins).as("seed %d, case %d", SEED, i).isEqualTo(flow.joins);
      implied += definition.nodes().size() - flow.names - 1;
    }

    assertThat(implied).as("seed %d", SEED).isGreaterThan(CASES / 10);
  }

  @Test
  void refusesGraphsOrClosesTheirRegions() {
    var random = new SplittableRandom(SEED);
    int built = 0;
    for (int i = 0; i < CASES * 10; i++) {
      var graph = anything(random.split());
      try {
        check(graph.build().definition(), "seed %d, case %d".formatted(SEED, i));
        built++;
      } catch (InvalidWorkflow refused) {
        assertThat(refused.problems())
            .as("seed %d, case %d", SEED, i)
            .anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
      }
    }

    assertThat(built).as("seed %d", SEED).isGreaterThan(CASES / 60);
  }

  private static void check(Definition<?> definition, String what) {
    for (var fork : definition.nodes()) {
      if (fork.exits().fork().isEmpty()) {
        continue;
      }
      var region = region(definition, fork);
      assertThat(region.get(fork.index())).as(what).isFalse();
      assertThat(region.get(definition.start())).as(what).isFalse();
      for (var node : definition.nodes()) {
        if (node.index() != fork.index() && !region.get(node.index())) {
          successors(node)
              .filter(next -> !(definition.node(next).work() instanceof Work.End))
              .forEach(next -> assertThat(region.get(next)).as(what).isFalse());
        }
      }
    }
  }

  private static BitSet region(Definition<?> definition, NodeModel<?> fork) {
    var region = new BitSet();
    var left = new ArrayDeque<>(fork.exits().fork());
    while (!left.isEmpty()) {
      int node = left.pop();
      if (node != fork.exits().join() && !region.get(node)) {
        region.set(node);
        successors(definition.node(node)).forEach(left::push);
      }
    }
    return region;
  }

  private static IntStream successors(NodeModel<?> node) {
    return IntStream.concat(
        node.exits().fork().stream().mapToInt(i -> i),
        IntStream.range(0, node.exits().ports()).map(node.exits()::target));
  }

  private static Graph<Integer> anything(SplittableRandom random) {
    var g = Workflow.graph("anything", Integer.class);
    int size = random.nextInt(3, 9);
    var nodes = new ArrayList<Node<Integer>>();
    for (int i = 0; i < size; i++) {
      nodes.add(random.nextInt(5) == 0 ? g.join("n" + i, Join.ALL) : g.step("n" + i, n -> n));
    }
    for (int i = random.nextInt(1, 3); i > 0; i--) {
      nodes.add(g.end());
    }
    g.start(nodes.getFirst());
    for (int i = 0; i < size; i++) {
      // Mostly forward, so that some of the graphs are valid.
      int from = i;
      var next =
          Stream.generate(() -> random.nextInt(8) == 0 ? 0 : from)
              .map(least -> nodes.get(random.nextInt(least, nodes.size())));
      var targets = next.limit(3).toList();
      var node = nodes.get(i);
      switch (random.nextInt(6)) {
        case 0, 1 -> node.fork(targets.get(0), targets.get(1));
        case 2 -> node.when("odd", n -> n % 2 == 1, targets.get(0)).otherwise(targets.get(1));
        default -> node.otherwise(targets.get(0));
      }
      if (random.nextInt(8) == 0) {
        node.onError(IOException.class, (n, e) -> n, targets.get(2));
      }
    }
    return g;
  }

  /// A graph of steps and forks that are properly inside one another.
  private static final class Structured {
    final Map<String, String> joins = new HashMap<>();
    private final Graph<Integer> g = Workflow.graph("structured", Integer.class);
    private final SplittableRandom random;
    private final Node<Integer> end = g.end();
    private int names;

    Structured(SplittableRandom random) {
      this.random = random;
    }

    Definition<Integer> build() {
      g.start(block(4, new Around(end, "end", false)));
      return g.build().definition();
    }

    /// What a block leads to.
    ///
    /// @param next the node after it
    /// @param join where a fork at the end of the block meets; empty if it needs a join of its own
    /// @param mayEnd whether an end inside of it arrives at a declared join
    private record Around(Node<Integer> next, String join, boolean mayEnd) {}

    /// Makes the nodes of a block, from its end to its beginning.
    private Node<Integer> block(int depth, Around around) {
      var first = item(depth, around);
      for (int i = random.nextInt(3); i > 0; i--) {
        first = item(depth, new Around(first, first.name, around.mayEnd));
      }
      return first;
    }

    private Node<Integer> item(int depth, Around around) {
      var node = g.step("n" + names++, n -> n);
      if (depth == 0 || random.nextInt(3) > 0) {
        node.otherwise(around.next);
        if (around.mayEnd && random.nextInt(4) == 0) {
          node.when("over", n -> n > 9, end);
        }
        return node;
      }
      if (random.nextBoolean()) {
        var join = g.join("n" + names++, random.nextBoolean() ? Join.ALL : Join.ANY);
        join.otherwise(around.next);
        joins.put(node.name, join.name);
        branches(node, depth, new Around(join, "", true));
      } else {
        joins.put(node.name, around.join.isEmpty() ? node.name + "-join" : around.join);
        branches(node, depth, new Around(around.next, "", false));
      }
      return node;
    }

    private void branches(Node<Integer> fork, int depth, Around around) {
      for (int i = random.nextInt(2, 4); i > 0; i--) {
        fork.fork(block(depth - 1, around));
      }
    }
  }
}
