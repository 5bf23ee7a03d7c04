package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Results;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/// A node that runs a step, or another workflow, for each of some items, and folds the results. By
/// default 64 items run at once, and the first that gives up fails the map.
public final class MapNode<S, I> extends Node<S> {
  private final Body<S, I> body;
  private Optional<Function<? super I, String>> key = Optional.empty();
  private int width = 64;
  private double tolerated;

  MapNode(Graph<S> graph, String name, Body<S, I> body) {
    super(graph, name);
    this.body = body;
  }

  /// What a map does, once its settings are known.
  sealed interface Body<S, I> {
    Work<S> work(MapNode<S, I> map);
  }

  /// Runs a step for each item.
  record OfStep<S, I, R>(
      Function<? super S, ? extends Collection<I>> items,
      Function<Policy, Definition<?>> each,
      Fold<S, ? super Results<I, R>> out)
      implements Body<S, I> {
    @Override
    public Work<S> work(MapNode<S, I> map) {
      return new Work.Each<>(
          items, map.key, map.width, map.tolerated, each.apply(map.given()), out);
    }
  }

  /// Runs a workflow for each item.
  record OfWorkflow<S, T>(
      Function<? super S, ? extends Collection<T>> items,
      Definition<T> each,
      Fold<S, ? super Results<T, T>> out)
      implements Body<S, T> {
    @Override
    public Work<S> work(MapNode<S, T> map) {
      return new Work.Each<>(items, map.key, map.width, map.tolerated, each, out);
    }
  }

  /// With this policy. In a map over a step it is that of each item's step; in a map over a
  /// workflow it is that of the map's own attempts, in which the items are listed and the results
  /// folded.
  @Override
  public MapNode<S, I> with(Policy policy) {
    super.with(policy);
    return this;
  }

  @Override
  public MapNode<S, I> pure() {
    super.pure();
    return this;
  }

  /// Names the items, uniquely; the idempotency keys of an item's steps are then made of its name
  /// instead of its place in the list.
  public MapNode<S, I> key(Function<? super I, String> key) {
    this.key = Optional.of(requireNonNull(key, "key"));
    return this;
  }

  /// Runs at most this many items at once.
  ///
  /// @throws IllegalArgumentException if there is no room for one
  public MapNode<S, I> width(int atOnce) {
    if (atOnce < 1) {
      throw new IllegalArgumentException(
          name + ": a map runs at least one item at once, not " + atOnce);
    }
    width = atOnce;
    return this;
  }

  /// Goes on although some items gave up: at most this share of them, rounded down.
  ///
  /// @param failedShare from 0 to 1
  /// @throws IllegalArgumentException if the share is outside of that
  public MapNode<S, I> tolerate(double failedShare) {
    if (!(failedShare >= 0 && failedShare <= 1)) {
      throw new IllegalArgumentException(
          name + ": the share of failed items is from 0 to 1, not " + failedShare);
    }
    tolerated = failedShare;
    return this;
  }

  @Override
  Work<S> work() {
    return body.work(this);
  }

  @Override
  Policy policy() {
    return switch (body) {
      case OfStep<S, I, ?> step -> Policy.DEFAULT;
      case OfWorkflow<S, I> workflow -> given();
    };
  }
}
