package dev.pawl.workflow;

import dev.pawl.workflow.model.Definition;

/// A named, versioned, immutable directed graph of nodes over one state type. Thread-safe as far as
/// the functions of its author are; made once, run many times, by many engines.
public final class Workflow<S> {
  private final Definition<S> definition;

  Workflow(Definition<S> definition) {
    this.definition = definition;
  }

  /// The name that runs are stored under.
  public String name() {
    return definition.name();
  }

  /// The version that new runs are pinned to.
  public String version() {
    return definition.version();
  }

  /// What engines, checks and diagrams read.
  public Definition<S> definition() {
    return definition;
  }
}
