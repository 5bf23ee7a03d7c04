package dev.pawl.workflow;

import static dev.pawl.workflow.Drawing.Taken.ON_FAILURE;
import static dev.pawl.workflow.Drawing.Taken.WHEN_ALL_IS_WELL;

import dev.pawl.workflow.Drawing.Figure;
import dev.pawl.workflow.Drawing.Group;
import dev.pawl.workflow.Drawing.Kind;
import dev.pawl.workflow.Drawing.Line;
import dev.pawl.workflow.Drawing.Mark;
import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Draws a definition: figures in the order of its nodes, so that equal workflows look alike.
///
/// A fork is a node with a bar after it, a declared join is a bar; where branches meet at another
/// node, a bar stands before that. A node that runs other workflows is a group around them.
final class Painter<S> {
  private final Definition<S> definition;
  private final String prefix;
  private final List<Figure> nodes = new ArrayList<>();
  private final TreeMap<Integer, Mark> forks = new TreeMap<>();
  private final TreeMap<Integer, Mark> joins = new TreeMap<>();
  private final List<Line> lines = new ArrayList<>();

  private Painter(Definition<S> definition, String prefix) {
    this.definition = definition;
    this.prefix = prefix;
  }

  static Drawing draw(Definition<?> definition) {
    return new Painter<>(definition, "n").draw();
  }

  private Drawing draw() {
    if (isOneStep()) {
      return new Drawing(List.of(figure(definition.node(0))), List.of());
    }
    var start = new Mark(prefix + "start", Kind.START, "");
    definition.nodes().forEach(node -> nodes.add(figure(node)));
    definition.nodes().stream().filter(node -> node.exits().join() >= 0).forEach(this::bars);
    lines.add(new Line(start, nodes.get(definition.start()), "", WHEN_ALL_IS_WELL));
    definition.nodes().forEach(this::lines);
    joins.forEach((node, bar) -> lines.add(new Line(bar, nodes.get(node), "", WHEN_ALL_IS_WELL)));
    var figures = new ArrayList<Figure>();
    figures.add(start);
    figures.addAll(nodes);
    figures.addAll(forks.values());
    figures.addAll(joins.values());
    return new Drawing(figures, lines);
  }

  /// Whether the definition is what a map or a parallel node makes of a step.
  private boolean isOneStep() {
    return definition.nodes().size() == 2
        && definition.node(0).name().equals(definition.name())
        && definition.node(1).work() instanceof Work.End<S>;
  }

  private Mark mark(int node, Kind kind, String label) {
    return new Mark(prefix + node, kind, label);
  }

  private Figure figure(NodeModel<S> node) {
    var name = node.name();
    return switch (node.work()) {
      case Work.Run<S> run -> mark(node.index(), Kind.STEP, name);
      case Work.Choose<S, ?> choose -> mark(node.index(), Kind.CHOICE, name);
      case Work.Delay<S> delay -> mark(node.index(), Kind.DELAY, name);
      case Work.Await<S> await -> mark(node.index(), Kind.AWAIT, name);
      case Work.Child<S, ?> child ->
          mark(node.index(), Kind.CHILD, name + ": " + child.workflow().name());
      case Work.Call<S, ?> call ->
          group(node, name + ": " + call.sub().name(), List.of(call.sub()));
      case Work.Each<S, ?, ?> each -> group(node, name + ": for each", List.of(each.each()));
      case Work.Parallel<S> parallel -> group(node, name, parallel.branches());
      case Work.Meet<S> meet -> mark(node.index(), Kind.JOIN, name + ": " + label(meet.mode()));
      case Work.End<S> end -> mark(node.index(), Kind.END, name);
    };
  }

  private Group group(NodeModel<S> node, String label, List<Definition<?>> inside) {
    var id = prefix + node.index();
    var parts = new ArrayList<Drawing>();
    for (int i = 0; i < inside.size(); i++) {
      var within = inside.size() == 1 ? id + "_" : id + "_" + i + "_";
      parts.add(new Painter<>(inside.get(i), within).draw());
    }
    return new Group(id, label, parts);
  }

  private static String label(Join mode) {
    if (mode.equals(Join.ALL)) {
      return "all";
    }
    return mode.equals(Join.ANY) ? "any" : "at least " + mode.needed();
  }

  private void bars(NodeModel<S> fork) {
    forks.put(fork.index(), new Mark(prefix + fork.index() + "fork", Kind.FORK, ""));
    int join = fork.exits().join();
    if (!(definition.node(join).work() instanceof Work.Meet<S>)) {
      joins.put(join, new Mark(prefix + join + "join", Kind.JOIN, "all"));
    }
  }

  private void lines(NodeModel<S> node) {
    var exits = node.exits();
    var from = nodes.get(node.index());
    for (int port = 0; port < exits.ports(); port++) {
      var taken = port < exits.edges().size() ? WHEN_ALL_IS_WELL : ON_FAILURE;
      lines.add(
          new Line(from, target(node.index(), exits.target(port)), label(exits, port), taken));
    }
    var fork = forks.get(node.index());
    if (fork != null) {
      lines.add(new Line(from, fork, "", WHEN_ALL_IS_WELL));
      exits.fork().forEach(to -> lines.add(new Line(fork, nodes.get(to), "", WHEN_ALL_IS_WELL)));
    }
  }

  private String label(Exits<S> exits, int port) {
    var label = exits.label(port);
    return label.isEmpty() && exits.edges().size() > 1 ? "otherwise" : label;
  }

  /// The bar before a node, for edges out of the branches that meet there, or the node itself.
  private Figure target(int from, int to) {
    var bar = joins.get(to);
    return bar != null && arrives(from, to) ? bar : nodes.get(to);
  }

  private boolean arrives(int from, int join) {
    return definition.nodes().stream()
        .filter(node -> node.exits().join() == join)
        .anyMatch(fork -> region(fork).get(from));
  }

  private BitSet region(NodeModel<S> fork) {
    int[][] edges = new int[definition.nodes().size()][];
    for (var node : definition.nodes()) {
      var exits = node.exits();
      edges[node.index()] =
          IntStream.concat(
                  IntStream.range(0, exits.ports()).map(exits::target),
                  exits.fork().stream().mapToInt(target -> target))
              .toArray();
    }
    var join = new BitSet();
    join.set(fork.exits().join());
    return new Digraph(edges)
        .reachable(fork.exits().fork().stream().mapToInt(target -> target), join);
  }
}
