package dev.pawl.bench.durable;

import dev.pawl.bench.durable.PlainGraph.Kind;
import dev.pawl.bench.durable.PlainGraph.PlainNode;
import java.util.ArrayList;
import java.util.List;

/// Puts parts behind each other: each begins with one node and ends before the next part's first.
final class PlainGraphBuilder {
  private static final int BRANCHES = 4;
  private final List<PlainNode> nodes = new ArrayList<>();
  private int parts;

  /// One step.
  PlainGraphBuilder step() {
    add(Kind.STEP, first(parts), following());
    return next();
  }

  /// A choice between two steps.
  PlainGraphBuilder choice() {
    add(Kind.CHOICE, first(parts), inner("left"), inner("right"));
    add(Kind.STEP, inner("left"), following());
    add(Kind.STEP, inner("right"), following());
    return next();
  }

  /// A step that goes round with another.
  PlainGraphBuilder loop() {
    add(Kind.STEP, first(parts), inner("check"));
    add(Kind.LOOP, inner("check"), first(parts), following());
    return next();
  }

  /// A fork into four branches of two steps, and their join.
  PlainGraphBuilder fork() {
    var targets = new ArrayList<String>();
    for (int i = 0; i < BRANCHES; i++) {
      targets.add(inner("branch-" + i));
    }
    targets.add(inner("join"));
    add(Kind.FORK, first(parts), targets.toArray(String[]::new));
    for (int i = 0; i < BRANCHES; i++) {
      add(Kind.STEP, inner("branch-" + i), inner("last-" + i));
      add(Kind.STEP, inner("last-" + i), inner("join"));
    }
    add(Kind.JOIN, inner("join"), following());
    return next();
  }

  /// The end, and with it the graph.
  PlainGraph end() {
    add(Kind.END, first(parts));
    return new PlainGraph(List.copyOf(nodes));
  }

  private void add(Kind kind, String name, String... targets) {
    nodes.add(new PlainNode(name, kind, nodes.size() + 1, List.of(targets)));
  }

  private PlainGraphBuilder next() {
    parts++;
    return this;
  }

  private static String first(int part) {
    return "part-" + part;
  }

  private String following() {
    return first(parts + 1);
  }

  private String inner(String name) {
    return first(parts) + "-" + name;
  }
}
