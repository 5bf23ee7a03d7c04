package dev.pawl.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// A directed graph of the ints from 0 on, and what can be computed of any such graph. Immutable.
final class Digraph {
  /// No node.
  static final int NONE = -1;

  private final int[][] successors;

  /// Copies the array.
  Digraph(int[][] successors) {
    this.successors = Arrays.stream(successors).map(int[]::clone).toArray(int[][]::new);
  }

  int size() {
    return successors.length;
  }

  IntStream successors(int node) {
    return Arrays.stream(successors[node]);
  }

  /// All edges turned round.
  Digraph reversed() {
    int[] count = new int[size()];
    for (var targets : successors) {
      for (int target : targets) {
        count[target]++;
      }
    }
    int[][] reversed = new int[size()][];
    Arrays.setAll(reversed, node -> new int[count[node]]);
    for (int from = size() - 1; from >= 0; from--) {
      for (int target : successors[from]) {
        reversed[target][--count[target]] = from;
      }
    }
    return new Digraph(reversed);
  }

  /// The nodes on the ways from `first`, these included, that do not touch `barrier`.
  BitSet reachable(IntStream first, BitSet barrier) {
    var seen = new BitSet(size());
    var left = new ArrayDeque<Integer>();
    var from = first;
    while (true) {
      from.filter(node -> !barrier.get(node) && !seen.get(node))
          .forEach(node -> {
            seen.set(node);
            left.push(node);
          });
      if (left.isEmpty()) {
        return seen;
      }
      from = successors(left.pop());
    }
  }

  /// The nodes on the ways from `first`, these included.
  BitSet reachable(IntStream first) {
    return reachable(first, new BitSet());
  }

  /// Whether a way leads from the node back to it.
  boolean isOnCycle(int node) {
    return reachable(successors(node)).get(node);
  }

  /// For each node, the next one that all its ways to `exit` share; [#NONE] for nodes without such
  /// a way. That of `exit` is itself.
  ///
  /// The algorithm is that of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm"
  /// (2001), on the reversed graph.
  int[] postDominators(int exit) {
    int[] order =
        reversed().walk(IntStream.of(exit)).postorder().stream().mapToInt(i -> i).toArray();
    int[] rank = new int[size()];
    Arrays.fill(rank, NONE);
    for (int i = 0; i < order.length; i++) {
      rank[order[i]] = i;
    }
    int[] next = new int[size()];
    Arrays.fill(next, NONE);
    next[exit] = exit;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = order.length - 2; i >= 0; i--) {
        int node = order[i];
        int common = NONE;
        for (int successor : successors[node]) {
          if (next[successor] != NONE) {
            common = common == NONE ? successor : meet(successor, common, next, rank);
          }
        }
        changed |= next[node] != common;
        next[node] = common;
      }
    }
    return next;
  }

  private static int meet(int a, int b, int[] next, int[] rank) {
    while (a != b) {
      if (rank[a] < rank[b]) {
        a = next[a];
      } else {
        b = next[b];
      }
    }
    return a;
  }

  /// The sources of the edges that lead back to a node on the way from a root.
  BitSet turningBack(IntStream roots) {
    return walk(roots).turningBack();
  }

  /// What a depth-first walk saw.
  ///
  /// @param postorder the nodes, each after those that were found from it
  /// @param turningBack the sources of edges to a node that the walk had not left yet
  private record Walk(List<Integer> postorder, BitSet turningBack) {}

  private Walk walk(IntStream roots) {
    var walk = new Walk(new ArrayList<>(), new BitSet(size()));
    var seen = new BitSet(size());
    var onPath = new BitSet(size());
    var path = new ArrayDeque<Integer>();
    int[] tried = new int[size()];
    for (int root : roots.toArray()) {
      int next = root;
      while (true) {
        if (onPath.get(next)) {
          walk.turningBack.set(path.element());
        } else if (!seen.get(next)) {
          seen.set(next);
          onPath.set(next);
          path.push(next);
        }
        while (!path.isEmpty() && tried[path.element()] == successors[path.element()].length) {
          onPath.clear(path.element());
          walk.postorder.add(path.pop());
        }
        if (path.isEmpty()) {
          break;
        }
        next = successors[path.element()][tried[path.element()]++];
      }
    }
    return walk;
  }
}
