package dev.pawl.workflow.model;

import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The ways out of a node. Targets are indexes into [Definition#nodes()]. A node has either edges
/// or branches to fork, or neither, when it is an end.
///
/// Ports are numbered: first the edges, then the error edges, then the timeout edge.
///
/// @param edges tried in order; for a choice, one for each constant of its enum, by ordinal
/// @param fork first nodes of the parallel branches, in branch order
/// @param join where the branches of the fork meet, or -1
/// @param errors tried in order when the node gives up
/// @param timeout taken when the visit takes longer than its policy allows
public record Exits<S>(
    List<Edge<S>> edges,
    List<Integer> fork,
    int join,
    List<ErrorEdge<S, ?>> errors,
    Optional<TimeoutEdge<S>> timeout) {
  /// Copies the lists.
  public Exits {
    edges = List.copyOf(edges);
    fork = List.copyOf(fork);
    errors = List.copyOf(errors);
  }

  /// No way out.
  public static <S> Exits<S> none() {
    return new Exits<>(List.of(), List.of(), -1, List.of(), Optional.empty());
  }

  /// One edge, always taken.
  public static <S> Exits<S> to(int target) {
    var edge = new Edge<S>("", Optional.empty(), target);
    return new Exits<>(List.of(edge), List.of(), -1, List.of(), Optional.empty());
  }

  /// An edge.
  ///
  /// @param label what the history and the diagrams call it; empty for an edge without condition
  /// @param test decides, on the state after the step; empty if the edge is taken when no other is
  /// @param target where it leads
  public record Edge<S>(String label, Optional<Predicate<? super S>> test, int target) {}

  /// Taken when the node gives up with an error of this type.
  ///
  /// @param type the type of the error
  /// @param fold makes the state to leave with
  /// @param target where it leads
  public record ErrorEdge<S, X extends Exception>(
      Class<X> type, Fold<S, ? super X> fold, int target) {}

  /// Taken when a visit takes too long.
  ///
  /// @param change makes the state to leave with
  /// @param target where it leads
  public record TimeoutEdge<S>(Step<S, S> change, int target) {}

  /// The number of ports.
  public int ports() {
    return edges.size() + errors.size() + (timeout.isPresent() ? 1 : 0);
  }

  /// Where a port leads.
  public int target(int port) {
    if (port < edges.size()) {
      return edges.get(port).target();
    }
    int error = port - edges.size();
    return error < errors.size() ? errors.get(error).target() : timeout.orElseThrow().target();
  }

  /// What the history calls a port.
  public String label(int port) {
    if (port < edges.size()) {
      return edges.get(port).label();
    }
    int error = port - edges.size();
    return error < errors.size() ? "error " + errors.get(error).type().getSimpleName() : "timeout";
  }
}
