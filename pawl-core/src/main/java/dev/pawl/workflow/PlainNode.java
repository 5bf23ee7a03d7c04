package dev.pawl.workflow;

import dev.pawl.workflow.model.Work;
import java.util.function.Supplier;

/// A node without settings of its own.
final class PlainNode<S> extends Node<S> {
  private final Supplier<Work<S>> work;

  PlainNode(Graph<S> graph, String name, Supplier<Work<S>> work) {
    super(graph, name);
    this.work = work;
  }

  @Override
  Work<S> work() {
    return work.get();
  }
}
