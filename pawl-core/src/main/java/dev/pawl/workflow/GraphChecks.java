package dev.pawl.workflow;

import static dev.pawl.workflow.Digraph.NONE;
import static java.util.stream.Collectors.joining;

import dev.pawl.workflow.model.Work;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// All that can be wrong with a graph.
final class GraphChecks<S> {
  private final Graph<S> graph;
  private final Outline outline;
  private final Regions regions;
  private final Digraph digraph;
  private final BitSet reachable;
  private final List<Problem> problems = new ArrayList<>();

  private GraphChecks(Graph<S> graph, Outline outline, Regions regions) {
    this.graph = graph;
    this.outline = outline;
    this.regions = regions;
    digraph = outline.digraph();
    reachable = outline.reachable();
  }

  /// The problems of the workflow as a whole, then those of its nodes, in the order of their
  /// declaration.
  static <S> List<Problem> problems(Graph<S> graph, Outline outline, Regions regions) {
    var checks = new GraphChecks<>(graph, outline, regions);
    checks.problems.addAll(graph.reported());
    checks.names();
    checks.start();
    checks.state();
    checks.merges();
    checks.signals();
    graph.nodes().forEach(node -> checks.problems.addAll(NodeChecks.problems(node)));
    if (outline.start() != NONE) {
      checks.unreachable();
      checks.endless();
      checks.forks();
      checks.joins();
      checks.crossings();
    }
    return checks.sorted();
  }

  private List<Problem> sorted() {
    var places = new HashMap<String, Integer>();
    for (var node : graph.nodes()) {
      places.putIfAbsent(node.name, places.size());
    }
    return problems.stream()
        .distinct()
        .sorted(Comparator.comparing(problem -> places.getOrDefault(problem.node(), NONE)))
        .toList();
  }

  private void names() {
    Names.flaw(graph.name()).ifPresent(flaw -> error("the workflow's name " + flaw, Names.MEND));
    Names.flaw(graph.header().version())
        .ifPresent(flaw -> error("the workflow's version " + flaw, Names.MEND));
    var seen = new HashSet<String>();
    var twice = new LinkedHashSet<String>();
    graph.nodes().stream().map(node -> node.name).filter(n -> !seen.add(n)).forEach(twice::add);
    for (var name : twice) {
      error(
          name,
          "several nodes have this name",
          "the name is the node's durable identity: give each its own");
    }
    for (var stranger : graph.strangers()) {
      error(
          stranger + " is part of another graph, but used in this one",
          "make nodes and branches by the graph they are used in");
    }
  }

  private void start() {
    var starts = new LinkedHashSet<>(graph.starts());
    if (starts.isEmpty()) {
      error("no node is the start", "name the first node with start(node)");
    }
    if (starts.size() > 1) {
      var names = starts.stream().map(node -> node.name).collect(joining(" and "));
      error("it has " + starts.size() + " starts, " + names, "start at one of them");
    }
  }

  private void state() {
    for (var flaw : ValueTypes.flaws(graph.state())) {
      error(flaw, ValueTypes.MEND);
    }
  }

  private void merges() {
    var seen = new HashSet<String>();
    for (var merge : graph.fieldMerges()) {
      var name = merge.field().name();
      if (!seen.add(name)) {
        error("the component " + name + " has several reducers", "keep one of them");
      }
      var components = graph.state().getRecordComponents();
      if (components != null && !names(components).contains(name)) {
        error(
            "a reducer is for " + name + ", which " + graph.state().getSimpleName() + " lacks",
            "merge one of its components: " + String.join(", ", names(components)));
      }
    }
    if (graph.wholeMerges().size() > 1) {
      error("the whole state has several reducers", "keep one of them");
    }
  }

  /// Signals are stored under their names, so each has to carry one type in all that a run may
  /// visit.
  private void signals() {
    var types = new TreeMap<String, Set<String>>();
    graph.nodes().forEach(node -> signals(node.work(), types));
    types.forEach((name, carried) -> {
      if (carried.size() > 1) {
        error(
            "signal " + name + " carries " + String.join(" and ", carried),
            "give signals, and nodes that others complete, names of their own for each type");
      }
    });
  }

  private static void signals(Work<?> work, Map<String, Set<String>> types) {
    if (work instanceof Work.Await<?> await) {
      for (var handler : await.handlers()) {
        types
            .computeIfAbsent(handler.signal().name(), name -> new TreeSet<>())
            .add(handler.signal().type().getName());
      }
    }
    for (var nested : work.nested()) {
      nested.nodes().forEach(node -> signals(node.work(), types));
    }
  }

  private static List<String> names(RecordComponent[] components) {
    return Arrays.stream(components).map(RecordComponent::getName).toList();
  }

  private void unreachable() {
    for (int node = 0; node < outline.size(); node++) {
      if (!reachable.get(node)) {
        error(name(node), "no way leads to it from the start", "lead an edge to it, or remove it");
      }
    }
  }

  /// Loops that no way leads out of. Nodes that only lead to such a loop, or to one that has no
  /// edge at all, are not reported again.
  private void endless() {
    var reversed = digraph.reversed();
    var ending = reversed.reachable(outline.ends().stream());
    var stopping =
        reversed.reachable(
            IntStream.range(0, outline.size()).filter(node -> graph.nodes().get(node).isDead()));
    reachable.stream()
        .filter(node -> !ending.get(node) && !stopping.get(node) && digraph.isOnCycle(node))
        .forEach(this::endless);
  }

  private void endless(int node) {
    boolean waits =
        digraph.reachable(IntStream.of(node)).stream()
            .anyMatch(next -> waits(graph.nodes().get(next).work()));
    var message = "no way leads from it to an end";
    var mend = "lead an edge out of the loop";
    problems.add(
        waits
            ? Problem.warning(name(node), message, mend)
            : Problem.error(name(node), message, mend));
  }

  private static boolean waits(Work<?> work) {
    return work instanceof Work.Delay<?> || work instanceof Work.Await<?>;
  }

  private void forks() {
    for (var fork : regions.forks()) {
      var branches = outline.branches()[fork.node()];
      Arrays.stream(branches)
          .distinct()
          .filter(branch -> branch == fork.meeting() || outline.ends().get(branch))
          .forEach(branch ->
              error(
                  name(fork.node()),
                  "its branch " + name(branch) + " is over where it starts",
                  "remove it from the fork, or give it a step"));
      int needed = needed(fork.meeting(), branches.length);
      if (needed > branches.length) {
        error(
            name(fork.meeting()),
            "it needs "
                + needed
                + " branches, but the fork at "
                + name(fork.node())
                + " has "
                + branches.length,
            "need fewer, or fork into more");
      }
      if (needed > 1 && hasVariants(graph.state()) && graph.wholeMerges().isEmpty()) {
        error(
            name(fork.node()),
            "its branches may end in different variants of " + graph.state().getSimpleName(),
            "say with merge(reducer) how whole states become one");
      }
    }
  }

  /// How many branches have to arrive at a node.
  private int needed(int meeting, int branches) {
    return meeting != NONE && graph.nodes().get(meeting).work() instanceof Work.Meet<S> meet
        ? meet.mode().of(branches)
        : branches;
  }

  private static boolean hasVariants(Class<?> state) {
    return Sealed.leaves(state).size() > 1;
  }

  private void joins() {
    outline.meets().stream()
        .filter(reachable::get)
        .filter(meet -> regions.forks().stream().noneMatch(fork -> fork.meeting() == meet))
        .forEach(this::join);
  }

  /// A join that is no fork's, perhaps because an edge crosses.
  private void join(int meet) {
    var crossings = regions.crossings(meet);
    crossings.forEach(this::crossing);
    if (crossings.isEmpty()) {
      error(
          name(meet),
          "no fork's branches meet at it",
          "lead all branches of one fork to it, and nothing else, or remove it");
    }
  }

  private void crossings() {
    regions.crossings().forEach(this::crossing);
  }

  private void crossing(Regions.Crossing crossing) {
    var from = crossing.from() == NONE ? "the start of runs" : name(crossing.from());
    error(
        name(crossing.node()),
        "it lies in a branch of the fork at "
            + name(crossing.fork())
            + ", and is reached from "
            + from
            + " outside of it",
        "enter branches by their fork only, and leave them by their join or an end");
  }

  private String name(int node) {
    return graph.nodes().get(node).name;
  }

  private void error(String message, String mend) {
    error("", message, mend);
  }

  private void error(String node, String message, String mend) {
    problems.add(Problem.error(node, message, mend));
  }
}
