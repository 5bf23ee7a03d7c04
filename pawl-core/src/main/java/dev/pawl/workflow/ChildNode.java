package dev.pawl.workflow;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Policy;
import java.util.Optional;
import java.util.function.Function;

/// A node that starts a run of another workflow and waits until that is over.
public final class ChildNode<S> extends Node<S> {
  private final Body<S, ?> body;
  private boolean outlives;

  <T> ChildNode(
      Graph<S> graph,
      String name,
      Definition<T> workflow,
      Function<? super S, ? extends T> in,
      Fold<S, ? super T> out) {
    super(graph, name);
    this.body = new Body<>(workflow, in, out);
  }

  private record Body<S, T>(
      Definition<T> workflow, Function<? super S, ? extends T> in, Fold<S, ? super T> out) {
    Work<S> work(boolean outlives) {
      return new Work.Child<>(workflow, in, Optional.of(out), outlives);
    }
  }

  /// Leaves the child alone when the visit ends without it: because its run ends or is cancelled,
  /// its time is up, or its branch is not needed any more. Without this the child is cancelled
  /// then; what it has done is undone, unless its parent was abandoned.
  public ChildNode<S> outlives() {
    outlives = true;
    return this;
  }

  @Override
  public ChildNode<S> with(Policy policy) {
    super.with(policy);
    return this;
  }

  @Override
  Work<S> work() {
    return body.work(outlives);
  }
}
