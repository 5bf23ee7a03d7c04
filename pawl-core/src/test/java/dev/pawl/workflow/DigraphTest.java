package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is computed of graphs, against the plainest way to compute it.
final class DigraphTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int CASES = 2_000;

  @Test
  void findsTheNextNodeThatAllWaysToTheExitShare() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      var graph = random(random);
      int exit = random.nextInt(graph.size());
      int[] next = graph.postDominators(exit);
      for (int node = 0; node < graph.size(); node++) {
        assertThat(next[node])
            .as("seed %d, case %d, node %d, exit %d", SEED, i, node, exit)
            .isEqualTo(plainPostDominator(graph, node, exit));
      }
    }
  }

  @Test
  void turnsEdgesRound() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      var graph = random(random);
      var reversed = graph.reversed();
      for (int from = 0; from < graph.size(); from++) {
        for (int to = 0; to < graph.size(); to++) {
          assertThat(count(reversed, to, from)).isEqualTo(count(graph, from, to));
        }
      }
    }
  }

  @Test
  void leavesNoCycleWithoutANodeThatTurnsBack() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      var graph = random(random);
      var back = graph.turningBack(IntStream.range(0, graph.size()));
      for (int node = 0; node < graph.size(); node++) {
        boolean cycles = !back.get(node) && graph.reachable(graph.successors(node), back).get(node);
        assertThat(cycles).as("seed %d, case %d, node %d", SEED, i, node).isFalse();
      }
    }
  }

  @Test
  void walksChainsOfAnyLength() {
    int length = 100_000;
    int[][] edges = new int[length][];
    for (int node = 0; node < length; node++) {
      edges[node] = node + 1 < length ? new int[] {node + 1} : new int[0];
    }
    var chain = new Digraph(edges);

    assertThat(chain.reachable(IntStream.of(0)).cardinality()).isEqualTo(length);
    assertThat(chain.postDominators(length - 1)[0]).isEqualTo(1);
    assertThat(chain.turningBack(IntStream.of(0)).isEmpty()).isTrue();
  }

  private static Digraph random(SplittableRandom random) {
    int size = random.nextInt(1, 12);
    int[][] edges = new int[size][];
    for (int node = 0; node < size; node++) {
      edges[node] = random.ints(random.nextInt(4), 0, size).toArray();
    }
    return new Digraph(edges);
  }

  private static long count(Digraph graph, int from, int to) {
    return graph.successors(from).filter(node -> node == to).count();
  }

  /// The node without which `node` has no way to the exit, and that has a way to all others such.
  private static int plainPostDominator(Digraph graph, int node, int exit) {
    if (node == exit) {
      return exit;
    }
    if (!graph.reachable(IntStream.of(node)).get(exit)) {
      return Digraph.NONE;
    }
    int[] shared =
        IntStream.range(0, graph.size())
            .filter(other -> other != node && !reachesWithout(graph, node, exit, other))
            .toArray();
    return IntStream.of(shared)
        .filter(candidate ->
            IntStream.of(shared)
                .filter(other -> other != candidate)
                .allMatch(other -> !reachesWithout(graph, candidate, exit, other)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean reachesWithout(Digraph graph, int node, int exit, int without) {
    var barrier = new BitSet();
    barrier.set(without);
    return graph.reachable(IntStream.of(node), barrier).get(exit);
  }
}
