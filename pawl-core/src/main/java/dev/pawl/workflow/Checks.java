package dev.pawl.workflow;

import java.util.ArrayList;
import java.util.List;

/// All that can be wrong with a graph.
final class Checks<S> {
  private final Graph<S> graph;
  private final List<Problem> problems = new ArrayList<>();

  Checks(Graph<S> graph, Outline outline, Regions regions) {
    this.graph = graph;
  }

  List<Problem> problems() {
    if (graph.starts().isEmpty()) {
      problems.add(Problem.error("", "no start", "name the first node with start(node)"));
    }
    return problems;
  }
}
