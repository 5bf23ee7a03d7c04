package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import dev.pawl.workflow.model.Definition;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A named, versioned, immutable directed graph of nodes over one state type. Thread-safe as far as
/// the functions of its author are; made once, run many times, by many engines.
public final class Workflow<S> {
  private final Definition<S> definition;
  private final List<Problem> warnings;
  private volatile @Nullable Object compiled;

  Workflow(Definition<S> definition, List<Problem> warnings) {
    this.definition = definition;
    this.warnings = List.copyOf(warnings);
  }

  /// Begins a graph: first its nodes, then the edges between them, then [Graph#build()].
  ///
  /// @param name what runs are stored under
  /// @param state the type of the state; immutable, such as a record
  public static <S> Graph<S> graph(String name, Class<S> state) {
    return new Graph<>(Header.of(name), state);
  }

  /// Begins a state machine whose statuses are the types that a sealed interface permits.
  ///
  /// @param name what runs are stored under
  /// @param status the sealed interface
  public static <S> Machine<S> machine(String name, Class<S> status) {
    return new Machine<>(requireNonNull(name, "name"), requireNonNull(status, "status"));
  }

  /// Begins a state machine whose statuses are the constants of an enum.
  ///
  /// @param name what runs are stored under
  /// @param state the type of the state; immutable, such as a record
  /// @param statuses the enum
  /// @param status the status of a state; should be pure
  public static <S, E extends Enum<E>> StatusMachine<S, E> machine(
      String name, Class<S> state, Class<E> statuses, Function<? super S, E> status) {
    return new StatusMachine<>(
        requireNonNull(name, "name"),
        requireNonNull(state, "state"),
        requireNonNull(statuses, "statuses"),
        requireNonNull(status, "status"));
  }

  /// A workflow over a definition that was made before, such as one that another workflow starts.
  public static <S> Workflow<S> of(Definition<S> definition) {
    return new Workflow<>(definition, List.of());
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

  /// The same workflow with other code in its nodes: for tests and tools that watch steps, or take
  /// their place.
  ///
  /// @param instrumented a definition of the same name, version and shape
  /// @throws IllegalArgumentException if name, version or shape are others
  public Workflow<S> with(Definition<S> instrumented) {
    if (!instrumented.name().equals(name())
        || !instrumented.version().equals(version())
        || !instrumented.fingerprint().equals(definition.fingerprint())) {
      throw new IllegalArgumentException(
          "the definition given for workflow "
              + name()
              + " has another name, version or shape; change only the code of its nodes");
    }
    return new Workflow<>(instrumented, warnings);
  }

  /// A Mermaid flowchart: solid edges are taken when all is well, dotted ones on errors and
  /// timeouts. The same workflow always gives the same text.
  public String mermaid() {
    return Mermaid.of(Painter.draw(definition));
  }

  /// The same diagram in the DOT language of Graphviz.
  public String dot() {
    return Dot.of(name(), Painter.draw(definition));
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

  /// What [Graph#build()] found suspicious, but no reason to refuse.
  public List<Problem> warnings() {
    return warnings;
  }
}
