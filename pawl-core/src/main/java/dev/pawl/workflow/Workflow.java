package dev.pawl.workflow;

import dev.pawl.workflow.model.Definition;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A named, versioned, immutable directed graph of nodes over one state type. Thread-safe as far as
/// the functions of its author are; made once, run many times, by many engines.
public final class Workflow<S> {
  private final Definition<S> definition;
  private volatile @Nullable Object compiled;

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

  /// What an engine compiled this workflow to. Made at the first call and kept with the workflow,
  /// so that engines need no table of workflows; threads that call for the first time together may
  /// each make one.
  ///
  /// @param type the type of what is kept; one is kept at a time
  /// @param compiler makes it; it must be immutable
  public <P> P compiled(Class<P> type, Function<? super Definition<S>, ? extends P> compiler) {
    var kept = compiled;
    if (type.isInstance(kept)) {
      return type.cast(kept);
    }
    P made = compiler.apply(definition);
    compiled = made;
    return made;
  }
}
