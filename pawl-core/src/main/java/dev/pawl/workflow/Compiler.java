package dev.pawl.workflow;

import static dev.pawl.workflow.Digraph.NONE;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.model.Merge;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns a graph without errors into a definition: names into indexes, implied joins into nodes.
final class Compiler<S> {
  private final Graph<S> graph;
  private final Map<Node<S>, Integer> index;
  private final Outline outline;
  private final Regions regions;

  /// For each fork of [Regions#forks], the node that its branches meet at.
  private final int[] joins;

  Compiler(Graph<S> graph, Outline outline, Regions regions) {
    this.graph = graph;
    this.outline = outline;
    this.regions = regions;
    index = Outline.index(graph.nodes());
    joins = new int[regions.forks().size()];
    int next = graph.nodes().size();
    for (int i = 0; i < joins.length; i++) {
      var fork = regions.forks().get(i);
      joins[i] = fork.isImplied() ? next++ : fork.meeting();
    }
  }

  Definition<S> compile() {
    var nodes = new ArrayList<NodeModel<S>>();
    for (var node : graph.nodes()) {
      nodes.add(
          new NodeModel<>(
              nodes.size(),
              node.name,
              node.work(),
              node.policy(),
              node.isPure(),
              exits(node),
              node.compensation(),
              graph.unhandled(node)));
    }
    var names = new HashSet<String>();
    nodes.forEach(node -> names.add(node.name()));
    for (var fork : regions.forks()) {
      if (fork.isImplied()) {
        nodes.add(implied(fork, nodes.size(), names));
      }
    }
    return new Definition<>(
        graph.header().name(),
        graph.header().version(),
        graph.state(),
        graph.state(),
        outline.start(),
        nodes,
        merge(),
        graph.header().perRun());
  }

  private Exits<S> exits(Node<S> node) {
    int from = place(node);
    var edges = new ArrayList<Exits.Edge<S>>();
    for (var arrow : node.arrows()) {
      edges.add(new Exits.Edge<>(arrow.label(), arrow.test(), target(from, arrow.target())));
    }
    var errors = new ArrayList<Exits.ErrorEdge<S, ?>>();
    for (var arrow : node.errors) {
      errors.add(errorEdge(from, arrow));
    }
    var timeout =
        node.timeouts.stream()
            .findFirst()
            .map(arrow -> new Exits.TimeoutEdge<>(arrow.change(), target(from, arrow.target())));
    var branches = node.fork.stream().map(this::place).toList();
    return new Exits<>(edges, branches, join(from), errors, timeout);
  }

  private <X extends Exception> Exits.ErrorEdge<S, X> errorEdge(
      int from, Node.ErrorArrow<S, X> arrow) {
    return new Exits.ErrorEdge<>(arrow.type(), arrow.fold(), target(from, arrow.target()));
  }

  /// The place of a node; without errors, each one has one.
  private int place(Node<S> node) {
    return index.getOrDefault(node, NONE);
  }

  /// Where an edge leads: if to where the fork around it meets, to that fork's own join.
  private int target(int from, Node<S> to) {
    int around = regions.around(from);
    int target = place(to);
    return around != NONE && target == regions.forks().get(around).meeting()
        ? joins[around]
        : target;
  }

  private int join(int node) {
    for (int i = 0; i < joins.length; i++) {
      if (regions.forks().get(i).node() == node) {
        return joins[i];
      }
    }
    return NONE;
  }

  private NodeModel<S> implied(Regions.Fork fork, int place, Set<String> names) {
    if (fork.around() == NONE) {
      return new NodeModel<>(
          place, unused("end", names), new Work.End<>(), Policy.DEFAULT, false, Exits.none());
    }
    int next =
        fork.meeting() == regions.forks().get(fork.around()).meeting()
            ? joins[fork.around()]
            : fork.meeting();
    var name = unused(graph.nodes().get(fork.node()).name + "-join", names);
    return new NodeModel<>(
        place, name, new Work.Meet<>(Join.ALL), Policy.DEFAULT, false, Exits.to(next));
  }

  private static String unused(String name, Set<String> names) {
    var candidate = name;
    for (int i = 2; !names.add(candidate); i++) {
      candidate = name + "-" + i;
    }
    return candidate;
  }

  private Merge<S> merge() {
    var fields = new LinkedHashMap<Field<S, ?>, Reducer<?>>();
    graph.fieldMerges().forEach(merge -> fields.put(merge.field(), merge.reducer()));
    Optional<Reducer<S>> whole = graph.wholeMerges().stream().findFirst();
    return new Merge<>(whole, fields);
  }
}
