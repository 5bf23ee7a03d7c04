package dev.pawl.workflow;

import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Check;
import dev.pawl.workflow.step.Policy;
import java.util.List;

/// A node that waits for a signal.
public final class AwaitNode<S, T> extends Node<S> {
  private Arrival<S, T> arrival;

  AwaitNode(Graph<S> graph, String name, Arrival<S, T> arrival) {
    super(graph, name);
    this.arrival = arrival;
  }

  @Override
  public AwaitNode<S, T> with(Policy policy) {
    super.with(policy);
    return this;
  }

  /// Refuses updates that `check` throws at, as [Arrival#check] does.
  public AwaitNode<S, T> check(Check<? super S, ? super T> check) {
    arrival = arrival.check(check);
    return this;
  }

  @Override
  Work<S> work() {
    return new Work.Await<>(List.of(arrival.handler()), List.of(), Work.Await.Mode.ANY);
  }
}
