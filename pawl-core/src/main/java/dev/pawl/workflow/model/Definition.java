package dev.pawl.workflow.model;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A workflow as engines read it. Immutable and, as far as the functions of its author are,
/// thread-safe.
///
/// @param name the workflow's name
/// @param version the version that new runs are pinned to
/// @param state the type of the state that enters, and that leaves every node of a workflow with
///   more than a single step; `Object` for the items of a map over a step, which are never stored
/// @param result the type of the state at the end: other than `state` only for the one-step
///   workflows that a map or a parallel node makes of its steps
/// @param start the index of the first node
/// @param nodes all nodes, by index
/// @param merge how the states of forked branches become one
/// @param perRun how long a run may last, if that is limited
public record Definition<S>(
    String name,
    String version,
    Type state,
    Type result,
    int start,
    List<NodeModel<S>> nodes,
    Merge<S> merge,
    Optional<Duration> perRun) {
  /// Copies the list.
  public Definition {
    nodes = List.copyOf(nodes);
  }

  /// The node with this index.
  public NodeModel<S> node(int index) {
    return nodes.get(index);
  }

  /// What tells this shape from another one: 64 hexadecimal digits over the nodes, their ports,
  /// edges and joins, the kinds of merges, the names of the state types, and nested definitions.
  /// Not over policies, limits, names of workflows, versions and code, nor over the order of the
  /// nodes.
  public String fingerprint() {
    return Fingerprint.of(this);
  }
}
