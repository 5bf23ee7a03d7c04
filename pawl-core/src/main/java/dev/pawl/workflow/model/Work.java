package dev.pawl.workflow.model;

import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Step;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a node does.
public sealed interface Work<S> {
  /// Runs a step on the state.
  record Run<S>(Step<S, S> step) implements Work<S> {}

  /// Runs a step that names the port to leave by.
  record Choose<S, P extends Enum<P>>(Class<P> ports, Step<S, Outcome<S, P>> step)
      implements Work<S> {}

  /// Waits, then runs a step (most often one that leaves the state as it is).
  ///
  /// @param until when to go on, from the state and the time at which the visit began
  record Delay<S>(Until<S> until, Step<S, S> then) implements Work<S> {}

  /// When a delay ends.
  @FunctionalInterface
  interface Until<S> {
    /// The time to go on at.
    Instant at(S state, Instant entered) throws Exception;
  }

  /// Runs another workflow, in the same run.
  record Call<S, T>(Definition<T> sub, Function<? super S, ? extends T> in, Fold<S, ? super T> out)
      implements Work<S> {}

  /// Runs a workflow for each item. A map over a step has a workflow of one node, whose state is
  /// the item before it and the result after it.
  ///
  /// @param items the items, from the state; must not change while the state does not
  /// @param key names an item; must be unique among the items
  /// @param width how many items run at once
  /// @param tolerated the share of items, from 0 to 1, that may give up
  record Each<S, I, R>(
      Function<? super S, ? extends Collection<I>> items,
      Optional<Function<? super I, String>> key,
      int width,
      double tolerated,
      Definition<?> each,
      Fold<S, ? super Results<I, R>> out)
      implements Work<S> {}

  /// Runs branches with results of their own types, then folds these.
  record Parallel<S>(List<Definition<?>> branches, FoldAll<S> out) implements Work<S> {
    /// Copies the list.
    public Parallel {
      branches = List.copyOf(branches);
    }
  }

  /// Folds the results of parallel branches, in branch order.
  @FunctionalInterface
  interface FoldAll<S> {
    /// The state with the results in it.
    S apply(S state, List<Object> results) throws Exception;
  }

  /// Where the branches of a fork meet.
  record Meet<S>(Join mode) implements Work<S> {}

  /// The end of the workflow.
  record End<S>() implements Work<S> {}
}
