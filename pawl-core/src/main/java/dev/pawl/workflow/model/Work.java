package dev.pawl.workflow.model;

import dev.pawl.workflow.step.Check;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Signal;
import dev.pawl.workflow.step.SignalStep;
import dev.pawl.workflow.step.Step;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a node does.
public sealed interface Work<S> {
  /// The workflows that it runs in the same run, in the order of its branches.
  default List<Definition<?>> nested() {
    return switch (this) {
      case Call<S, ?> call -> List.of(call.sub());
      case Each<S, ?, ?> each -> List.of(each.each());
      case Parallel<S> parallel -> parallel.branches();
      case Run<S> run -> List.of();
      case Choose<S, ?> choose -> List.of();
      case Delay<S> delay -> List.of();
      case Await<S> await -> List.of();
      case Child<S, ?> child -> List.of();
      case Meet<S> meet -> List.of();
      case End<S> end -> List.of();
    };
  }

  /// Runs a step on the state.
  record Run<S>(Step<S, S> step) implements Work<S> {}

  /// Runs a step that names the port to leave by.
  record Choose<S, P extends Enum<P>>(Class<P> ports, Step<S, Outcome<S, P>> step)
      implements Work<S> {}

  /// Waits, then goes on.
  ///
  /// @param until when to go on, from the state and the time at which the visit began
  /// @param then what is done before it goes on; empty where the state stays as it is
  record Delay<S>(Until<S> until, Optional<Step<S, S>> then) implements Work<S> {}

  /// Waits for signals, and for the first of its timers.
  ///
  /// @param entering what is done once on entering, before it waits; then the first signal is the
  ///   completion of this visit, and is meant for it if its correlation is the idempotency key
  /// @param handlers a signal each, of names that differ
  /// @param timers what happens when none of that did in time; may be empty
  /// @param mode how many of the signals it takes to go on
  record Await<S>(
      Optional<Step<S, S>> entering, List<Handler<S, ?>> handlers, List<Timer<S>> timers, Mode mode)
      implements Work<S> {
    /// What stands in the history in the place of a signal when `entering` is done.
    public static final String ENTERED = "";

    /// How many signals it takes.
    public enum Mode {
      /// The first one.
      ANY,
      /// One of each.
      ALL
    }

    /// What happens when a signal comes.
    ///
    /// @param signal the signal
    /// @param correlation which messages are for a branch, from its state; empty if all are
    /// @param step makes the state to go on with
    /// @param stays whether the branch stays in its visit
    /// @param check what refuses updates
    public record Handler<S, T>(
        Signal<T> signal,
        Optional<Function<? super S, String>> correlation,
        SignalStep<S, T, S> step,
        boolean stays,
        Optional<Check<? super S, ? super T>> check) {
      /// Takes all updates.
      public Handler(
          Signal<T> signal,
          Optional<Function<? super S, String>> correlation,
          SignalStep<S, T, S> step,
          boolean stays) {
        this(signal, correlation, step, stays, Optional.empty());
      }

      /// Refuses updates that `check` throws at.
      public Handler<S, T> checked(Check<? super S, ? super T> check) {
        return new Handler<>(signal, correlation, step, stays, Optional.of(check));
      }
    }

    /// What happens at a time.
    ///
    /// @param until when, from the state and the time at which the visit began; asked again when
    ///   that has come, and may be whenever the run comes back to memory
    /// @param then makes the state to leave with
    public record Timer<S>(Until<S> until, Step<S, S> then) {}

    /// Waits for signals only.
    public Await(List<Handler<S, ?>> handlers, List<Timer<S>> timers, Mode mode) {
      this(Optional.empty(), handlers, timers, mode);
    }

    /// Copies the lists.
    public Await {
      handlers = List.copyOf(handlers);
      timers = List.copyOf(timers);
    }

    /// Whether the author's code says which messages it is for, or how long it waits.
    public boolean asks() {
      return correlates() || !timers.isEmpty();
    }

    /// Whether the author's code says which messages it is for.
    public boolean correlates() {
      return entering.isPresent()
          || handlers.stream().anyMatch(handler -> handler.correlation().isPresent());
    }

    /// The place of the handler of a signal, or -1.
    public int find(String signal) {
      for (int i = 0; i < handlers.size(); i++) {
        if (handlers.get(i).signal().name().equals(signal)) {
          return i;
        }
      }
      return -1;
    }
  }

  /// Starts a run of another workflow, and waits until that is over if it is to be folded.
  ///
  /// @param workflow what it starts
  /// @param in makes the state to start with
  /// @param out folds the state that it ended with; empty to go on at once
  /// @param outlives whether it is left alone when the visit ends without it
  record Child<S, T>(
      Definition<T> workflow,
      Function<? super S, ? extends T> in,
      Optional<Fold<S, ? super T>> out,
      boolean outlives)
      implements Work<S> {
    /// The name of the signal by which the parent hears that a child has completed.
    public static String completed(Definition<?> workflow) {
      return "completion of a run of " + workflow.name();
    }

    /// The name of the signal by which the parent hears that a child has ended otherwise.
    public static String failed(Definition<?> workflow) {
      return "failure of a run of " + workflow.name();
    }

    /// What the parent waits for: the state that the child ended with, or why it has none; empty if
    /// it goes on at once.
    @SuppressWarnings("unchecked") // the state of a workflow is a class
    public Optional<Await<S>> end() {
      return out.map(fold ->
          new Await<>(
              List.of(
                  new Await.Handler<S, T>(
                      Signal.of(completed(workflow), (Class<T>) workflow.state()),
                      Optional.empty(),
                      (before, after, context) -> fold.apply(before, after),
                      false),
                  new Await.Handler<S, String>(
                      Signal.of(failed(workflow), String.class),
                      Optional.empty(),
                      (before, failure, context) -> {
                        throw new IllegalStateException(failure);
                      },
                      false)),
              List.of(),
              Await.Mode.ANY));
    }
  }

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
