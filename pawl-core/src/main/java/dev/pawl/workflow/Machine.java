package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import dev.pawl.workflow.step.Check;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import dev.pawl.workflow.step.SignalStep;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.Unhandled;
import java.time.Duration;

/// A state machine that is being written: its statuses are the types that a sealed interface
/// permits, and what a status may become is a type too, so that the compiler refuses an undeclared
/// transition.
///
/// Wherever a status is wanted, a sealed interface between them stands for all it permits. A node
/// is named by the simple name of its status. Runs may start in any status that is no end, and pass
/// a node "start" first. Not thread-safe.
public final class Machine<S> {
  private final Class<S> state;
  private final StatusGraph<S, Class<?>> statuses;
  private Header header;

  Machine(String name, Class<S> state) {
    this.header = Header.of(name);
    this.state = state;
    statuses =
        new StatusGraph<>(
            Sealed.leaves(state),
            Class::getSimpleName,
            (value, status) -> status.isInstance(value));
  }

  /// The version that new runs are pinned to; "1" if none is given.
  public Machine<S> version(String version) {
    header = header.version(version);
    return this;
  }

  /// Limits how long a run may last, from its start on, by the wall clock and also while it is
  /// paused. When the time is over, what runs is interrupted, finished visits are undone, and the
  /// run fails with a [dev.pawl.engine.TimedOut]. A run that is being undone by then is left alone.
  /// The limit holds for runs of this workflow, not where another workflow calls it.
  ///
  /// @throws IllegalArgumentException if the limit is not positive, or longer than 36,500 days
  public Machine<S> within(Duration limit) {
    header = header.within(limit);
    return this;
  }

  /// Runs `step` on entering a status.
  ///
  /// @param from the status
  /// @param to a status, or a sealed interface whose permitted statuses are the targets
  public <F extends S, T extends S> Machine<S> on(
      Class<F> from, Class<T> to, Step<? super F, ? extends T> step) {
    var whole = whole(from, step);
    var targets = Sealed.leaves(to);
    Sealed.leaves(from).forEach(status -> statuses.on(status, whole, targets));
    return this;
  }

  /// Runs `step` when a signal comes in a status, which then waits for it. Of those that come in
  /// other statuses, [#unhandled] tells what becomes.
  ///
  /// @param from the status
  /// @param to a status, or a sealed interface whose permitted statuses are the targets
  public <F extends S, E, T extends S> Machine<S> onSignal(
      Class<F> from,
      Signal<E> signal,
      Class<T> to,
      SignalStep<? super F, ? super E, ? extends T> step) {
    requireNonNull(step, "step");
    SignalStep<S, E, S> whole =
        (state, payload, context) -> step.run(from.cast(state), payload, context);
    var targets = Sealed.leaves(to);
    Sealed.leaves(from).forEach(status -> statuses.onSignal(status, signal, whole, targets));
    return this;
  }

  /// Changes the state when a signal comes in a status, and stays in the visit: its timers go on.
  ///
  /// @param in the status
  /// @param change the state with what the signal carries
  public <F extends S, E> Machine<S> update(
      Class<F> in, Signal<E> signal, Fold<F, ? super E> change) {
    requireNonNull(change, "change");
    Fold<S, E> whole = (state, payload) -> change.apply(in.cast(state), payload);
    Sealed.leaves(in).forEach(status -> statuses.update(status, signal, whole));
    return this;
  }

  /// Refuses updates in a status that `check` throws at: the sender is told what it threw, and
  /// nothing is recorded. Signals whose sender does not wait for an answer are not checked, because
  /// they may be kept until a status waits for them.
  ///
  /// @param in a status that handles the signal, or a sealed interface of such
  public <F extends S, E> Machine<S> check(
      Class<F> in, Signal<E> signal, Check<? super F, ? super E> check) {
    requireNonNull(check, "check");
    Check<S, E> whole = (state, payload) -> check.check(in.cast(state), payload);
    Sealed.leaves(in).forEach(status -> statuses.check(status, signal, whole));
    return this;
  }

  /// Runs `step` after some time in a status. A status that waits may have several timeouts, of
  /// which the first to come counts; signals that are handled in between do not put them off.
  /// Beside [#on], `step` runs instead if that takes longer, retries included, and may lead to one
  /// status only.
  ///
  /// @param from the status
  /// @param after the time since the status was entered
  /// @param to a status, or a sealed interface whose permitted statuses are the targets
  /// @throws IllegalArgumentException if `after` is not positive, or longer than 36,500 days
  public <F extends S, T extends S> Machine<S> onTimeout(
      Class<F> from, Duration after, Class<T> to, Step<? super F, ? extends T> step) {
    var whole = whole(from, step);
    var targets = Sealed.leaves(to);
    Sealed.leaves(from).forEach(status -> statuses.onTimeout(status, after, whole, targets));
    return this;
  }

  /// What becomes of signals that the status of a run does not handle. Without it they are kept
  /// until a status handles them. A status that runs a step handles none.
  public Machine<S> unhandled(Unhandled unhandled) {
    statuses.unhandled(requireNonNull(unhandled, "unhandled"));
    return this;
  }

  /// Runs the steps of a status under this policy; the last call counts.
  public <F extends S> Machine<S> with(Class<F> at, Policy policy) {
    requireNonNull(policy, "policy");
    Sealed.leaves(at).forEach(status -> statuses.with(status, policy));
    return this;
  }

  /// The statuses that end a run.
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is read, never written
  public final Machine<S> ends(Class<? extends S>... statuses) {
    for (var status : statuses) {
      Sealed.leaves(status).forEach(this.statuses::end);
    }
    return this;
  }

  /// The workflow, which later changes of this machine do not touch.
  ///
  /// @throws InvalidWorkflow naming all that is wrong with the machine
  public Workflow<S> build() {
    var graph = new Graph<>(header, state);
    if (!state.isSealed()) {
      graph.report(
          Problem.error(
              "",
              state.getSimpleName() + " is not sealed, so its statuses are unknown",
              "use a sealed interface, or machine(name, state, enum, status)"));
    }
    return statuses.build(graph);
  }

  private <F extends S, T extends S> Step<S, S> whole(
      Class<F> from, Step<? super F, ? extends T> step) {
    requireNonNull(step, "step");
    return (state, context) -> step.run(from.cast(state), context);
  }
}
