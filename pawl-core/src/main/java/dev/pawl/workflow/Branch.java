package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Step;

/// A branch of a [Graph#parallel] node: one step, with a result of its own type.
///
/// @param <S> the state that the step is given
/// @param <T> its result
public final class Branch<S, T> {
  final Graph<S> graph;
  final String name;
  private final Class<T> result;
  private final Step<? super S, ? extends T> step;
  private Policy policy = Policy.DEFAULT;

  Branch(Graph<S> graph, String name, Class<T> result, Step<? super S, ? extends T> step) {
    this.graph = graph;
    this.name = name;
    this.result = result;
    this.step = step;
  }

  /// Runs the step under this policy; the last call counts. Without one it is [Policy#DEFAULT].
  public Branch<S, T> with(Policy policy) {
    this.policy = requireNonNull(policy, "policy");
    return this;
  }

  @SuppressWarnings("unchecked") // a result that the branch's own step made, or its codec read
  T cast(Object made) {
    return (T) made;
  }

  Definition<?> definition() {
    return OneStep.of(name, graph.state(), result, policy, step);
  }
}
