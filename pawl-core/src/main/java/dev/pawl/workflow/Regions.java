package dev.pawl.workflow;

import static dev.pawl.workflow.Digraph.NONE;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Where the branches of each fork meet, and which nodes lie between: its region.
///
/// A declared join belongs to the innermost fork from which one can come to it, and to which no way
/// leads around the fork. The branches of a fork without such a join meet at the first node that
/// all of them must pass (the immediate post-dominator), which may be an end; the walk stays
/// between the surrounding fork and its join. If there is none, or it is the join of the
/// surrounding fork, or an end inside of it, the fork gets a join of its own, just before that.
///
/// Ends inside a region arrive at its join, so edges into them never cross.
final class Regions {
  /// A fork.
  ///
  /// @param node the node that forks
  /// @param around the index in [#forks] of the fork around it, or [Digraph#NONE]
  /// @param meeting the node at which its branches meet; that of the fork around it if they only
  ///   meet there; [Digraph#NONE] if they only meet when the run is over
  /// @param isImplied whether the branches need a join that nobody declared
  /// @param region the nodes between the fork and its join, ends included
  record Fork(int node, int around, int meeting, boolean isImplied, BitSet region) {}

  /// A node in the region of a fork that is also reached from outside.
  ///
  /// @param fork the node that forks
  /// @param node the node in its region
  /// @param from where it is reached from; [Digraph#NONE] if runs start there
  record Crossing(int fork, int node, int from) {}

  private final Outline outline;
  private final Digraph graph;
  private final Digraph reversed;
  private final BitSet reachable;
  private final int exit;
  private final int[] declared;
  private final int[] innermost;
  private final List<Fork> forks = new ArrayList<>();

  Regions(Outline outline) {
    this.outline = outline;
    graph = outline.digraph();
    reversed = graph.reversed();
    reachable = outline.reachable();
    exit = outline.size();
    declared = declaredJoins();
    innermost = new int[outline.size()];
    Arrays.fill(innermost, NONE);
    if (outline.start() != NONE) {
      solve(IntStream.of(outline.start()), reachable, NONE, NONE, new BitSet());
    }
  }

  /// All reachable forks, each after the one around it.
  List<Fork> forks() {
    return forks;
  }

  /// The index in [#forks] of the innermost fork around a node, or [Digraph#NONE].
  int around(int node) {
    return innermost[node];
  }

  /// Every way into a region but that by its fork.
  List<Crossing> crossings() {
    return forks.stream().flatMap(fork -> crossings(fork.node, fork.region)).toList();
  }

  /// Every way into the smallest region that would end at a join if that belonged to its fork, but
  /// that by the fork.
  List<Crossing> crossings(int meet) {
    return IntStream.range(0, outline.size())
        .filter(node -> reachable.get(node) && outline.forks(node))
        .mapToObj(node -> new Fork(node, NONE, meet, false, region(node, meet)))
        .filter(fork -> leadsTo(meet, fork.node, fork.region))
        .min(Comparator.comparing(fork -> fork.region.cardinality()))
        .map(fork -> crossings(fork.node, fork.region).toList())
        .orElse(List.of());
  }

  private Stream<Crossing> crossings(int fork, BitSet region) {
    return region.stream()
        .filter(node -> !outline.ends().get(node))
        .boxed()
        .flatMap(node ->
            IntStream.concat(
                    node == outline.start() ? IntStream.of(NONE) : IntStream.empty(),
                    entries(fork, node, region))
                .mapToObj(from -> new Crossing(fork, node, from)));
  }

  /// The sources of the edges to `node`, which lies in `region`, but for those inside of the region
  /// and the fork's own.
  private IntStream entries(int fork, int node, BitSet region) {
    return reversed
        .successors(node)
        .distinct()
        .filter(from -> reachable.get(from) && !region.get(from))
        .filter(from -> from != fork || contains(outline.others()[fork], node));
  }

  private static boolean contains(int[] nodes, int node) {
    return Arrays.stream(nodes).anyMatch(other -> other == node);
  }

  /// For each fork the declared join that belongs to it, or [Digraph#NONE]. Where several do, the
  /// others are left over.
  private int[] declaredJoins() {
    int[] joins = new int[outline.size()];
    Arrays.fill(joins, NONE);
    if (outline.start() == NONE) {
      return joins;
    }
    int[] before = reversed.postDominators(outline.start());
    var regions = new HashMap<Integer, BitSet>();
    outline.meets().stream()
        .filter(reachable::get)
        .forEach(meet -> {
          int fork = owner(meet, before);
          if (fork == NONE) {
            return;
          }
          var region = region(fork, meet);
          var known = regions.get(fork);
          if (known == null || region.cardinality() < known.cardinality()) {
            joins[fork] = meet;
            regions.put(fork, region);
          }
        });
    return joins;
  }

  /// The innermost fork that a join belongs to. As no way leads around it, it is one of the nodes
  /// that every way to the join passes.
  ///
  /// @param before for each node, the last one that every way to it passes
  private int owner(int meet, int[] before) {
    int node = meet;
    while (node != outline.start()) {
      node = before[node];
      if (outline.forks(node) && isClosed(node, region(node, meet), meet)) {
        return node;
      }
    }
    return NONE;
  }

  /// The nodes that the branches of a fork come to before a join.
  private BitSet region(int fork, int... joins) {
    return graph.reachable(Arrays.stream(outline.branches()[fork]), only(joins));
  }

  /// Whether ways lead from the region to the join, none lead around the fork into the region or to
  /// the join.
  private boolean isClosed(int fork, BitSet region, int meet) {
    return leadsTo(meet, fork, region)
        && reversed
            .successors(meet)
            .filter(reachable::get)
            .allMatch(node -> node == fork || region.get(node))
        && crossings(fork, region).findAny().isEmpty();
  }

  /// Whether a way leads from a branch to the join.
  private boolean leadsTo(int meet, int fork, BitSet region) {
    return reversed.successors(meet).anyMatch(node -> node != fork && region.get(node));
  }

  /// Finds the forks of one level and, inside each, those of the next.
  ///
  /// @param entries where the level begins
  /// @param scope its nodes, those of the levels inside included
  /// @param boundary the node at which the fork around it meets
  /// @param around the index of that fork
  /// @param known the forks found so far
  private void solve(IntStream entries, BitSet scope, int boundary, int around, BitSet known) {
    int[] roots = entries.toArray();
    // Only forks without a declared join ask for it.
    boolean isAsked =
        scope.stream().anyMatch(node -> outline.forks(node) && declared[node] == NONE);
    int[] next = isAsked ? postDominators(roots, scope, boundary) : new int[0];
    var left = new ArrayDeque<Integer>();
    var seen = new BitSet(outline.size());
    Arrays.stream(roots).forEach(left::push);
    while (!left.isEmpty()) {
      int node = left.pop();
      if (!scope.get(node) || seen.get(node)) {
        continue;
      }
      seen.set(node);
      innermost[node] = around;
      Arrays.stream(outline.others()[node]).forEach(left::push);
      if (!outline.forks(node) || known.get(node)) {
        continue;
      }
      known.set(node);
      int join = declared[node] != NONE ? declared[node] : common(node, next);
      int meeting = join == exit || join == NONE ? boundary : join;
      var fork = fork(node, around, join, meeting, boundary);
      forks.add(fork);
      solve(Arrays.stream(outline.branches()[node]), fork.region, meeting, forks.size() - 1, known);
      if (meeting != NONE) {
        left.push(meeting);
      }
    }
  }

  /// The first node that all branches of a fork must pass. Its error edges do not count: they are
  /// no way of a branch.
  private int common(int fork, int[] next) {
    int common = NONE;
    for (int branch : outline.branches()[fork]) {
      if (next[branch] != NONE) {
        common = common == NONE ? branch : firstCommon(common, branch, next);
      }
    }
    return common;
  }

  private static int firstCommon(int a, int b, int[] next) {
    var afterA = new BitSet();
    for (int node = a; !afterA.get(node); node = next[node]) {
      afterA.set(node);
    }
    int node = b;
    while (!afterA.get(node)) {
      node = next[node];
    }
    return node;
  }

  private Fork fork(int node, int around, int join, int meeting, int boundary) {
    var region = region(node, meeting, boundary);
    boolean isImplied =
        meeting == NONE
            || meeting == boundary
            || (around != NONE && outline.ends().get(meeting))
            || join == exit;
    return new Fork(node, around, meeting, isImplied, region);
  }

  /// The post-dominators inside a scope, which its boundary and the ends leave to the exit.
  private int[] postDominators(int[] roots, BitSet scope, int boundary) {
    int[][] edges = new int[exit + 1][0];
    scope.stream().forEach(node -> edges[node] = steps(node, scope, boundary));
    if (boundary != NONE) {
      edges[boundary] = new int[] {exit};
    }
    var open = new Digraph(edges);
    var leaving = open.reversed().reachable(IntStream.of(exit));
    // A loop that is never left is left where it turns back.
    open.turningBack(Arrays.stream(roots)).stream()
        .filter(node -> !leaving.get(node))
        .forEach(node -> {
          edges[node] = Arrays.copyOf(edges[node], edges[node].length + 1);
          edges[node][edges[node].length - 1] = exit;
        });
    return new Digraph(edges).postDominators(exit);
  }

  /// Where a node leads inside a scope, a fork with a declared join right to that.
  private int[] steps(int node, BitSet scope, int boundary) {
    var all =
        declared[node] == NONE
            ? graph.successors(node)
            : IntStream.concat(Arrays.stream(outline.others()[node]), IntStream.of(declared[node]));
    int[] inside = all.filter(next -> next == boundary || scope.get(next)).toArray();
    return inside.length == 0 ? new int[] {exit} : inside;
  }

  private static BitSet only(int... nodes) {
    var set = new BitSet();
    Arrays.stream(nodes).filter(node -> node != NONE).forEach(set::set);
    return set;
  }
}
