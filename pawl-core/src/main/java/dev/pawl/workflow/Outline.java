package dev.pawl.workflow;

import dev.pawl.workflow.model.Work;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The nodes of a graph as ints, in the order of their declaration, and which of them lead where.
/// Nodes of other graphs are left out.
///
/// @param start the first node, or [Digraph#NONE]
/// @param branches the first nodes of the branches that a node forks into
/// @param others where its other edges lead, error and timeout edges too
/// @param ends the ends
/// @param meets the declared joins
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
record Outline(int start, int[][] branches, int[][] others, BitSet ends, BitSet meets) {

  static <S> Outline of(Graph<S> graph) {
    var nodes = graph.nodes();
    var index = index(nodes);
    int[][] branches = new int[nodes.size()][];
    int[][] others = new int[nodes.size()][];
    var ends = new BitSet(nodes.size());
    var meets = new BitSet(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      var node = nodes.get(i);
      branches[i] = ints(node.fork.stream(), index);
      others[i] = ints(node.others(), index);
      switch (node.work()) {
        case Work.End<S> end -> ends.set(i);
        case Work.Meet<S> meet -> meets.set(i);
        default -> {}
      }
    }
    int start =
        graph.starts().isEmpty()
            ? Digraph.NONE
            : index.getOrDefault(graph.starts().getFirst(), Digraph.NONE);
    return new Outline(start, branches, others, ends, meets);
  }

  static <S> Map<Node<S>, Integer> index(List<Node<S>> nodes) {
    var index = new IdentityHashMap<Node<S>, Integer>();
    for (int i = 0; i < nodes.size(); i++) {
      index.put(nodes.get(i), i);
    }
    return index;
  }

  private static <S> int[] ints(Stream<Node<S>> nodes, Map<Node<S>, Integer> index) {
    return nodes.filter(index::containsKey).mapToInt(index::get).toArray();
  }

  int size() {
    return branches.length;
  }

  boolean forks(int node) {
    return branches[node].length > 0;
  }

  /// All edges.
  Digraph digraph() {
    int[][] all = new int[size()][];
    Arrays.setAll(
        all,
        node ->
            IntStream.concat(Arrays.stream(branches[node]), Arrays.stream(others[node])).toArray());
    return new Digraph(all);
  }

  /// The nodes that a run can come to; none without a start.
  BitSet reachable() {
    return digraph().reachable(start == Digraph.NONE ? IntStream.empty() : IntStream.of(start));
  }
}
