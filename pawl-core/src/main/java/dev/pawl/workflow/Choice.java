package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node that leaves by the port its step names; [Graph#build()] wants an edge for each constant
/// of `P`, and no other edges.
public final class Choice<S, P extends Enum<P>> extends Node<S> {
  private final Class<P> constants;
  private final Step<S, Outcome<S, P>> step;
  private final Map<P, List<Node<S>>> ports;

  Choice(Graph<S> graph, String name, Class<P> constants, Step<S, Outcome<S, P>> step) {
    super(graph, name);
    this.constants = constants;
    this.step = step;
    ports = new EnumMap<>(constants);
  }

  @Override
  public Choice<S, P> with(Policy policy) {
    super.with(policy);
    return this;
  }

  /// The edge that is taken when the step names this port.
  public Choice<S, P> on(P port, Node<S> next) {
    ports
        .computeIfAbsent(requireNonNull(port, "port"), p -> new ArrayList<>())
        .add(requireNonNull(next, "next"));
    return this;
  }

  @Override
  Work<S> work() {
    return new Work.Choose<>(constants, step);
  }

  P[] constants() {
    return constants.getEnumConstants();
  }

  /// Where a port was led, once for each call.
  List<Node<S>> targets(Enum<?> port) {
    return ports.getOrDefault(constants.cast(port), List.of());
  }

  @Override
  List<Arrow<S>> arrows() {
    var arrows = new ArrayList<Arrow<S>>();
    for (var port : constants()) {
      for (var target : targets(port)) {
        arrows.add(new Arrow<>(port.name(), Optional.empty(), target));
      }
    }
    return arrows;
  }
}
