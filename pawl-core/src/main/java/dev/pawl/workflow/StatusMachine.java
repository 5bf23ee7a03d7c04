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
import java.util.List;
import java.util.function.Function;

/// A state machine that is being written: its statuses are the constants of an enum, which the
/// state holds. A step that leads to a status it does not name fails its attempt.
///
/// A node is named like its constant. Runs may start in any status that is no end, and pass a node
/// "start" first. Not thread-safe.
public final class StatusMachine<S, E extends Enum<E>> {
  private final Class<S> state;
  private final StatusGraph<S, E> statuses;
  private Header header;

  StatusMachine(String name, Class<S> state, Class<E> statuses, Function<? super S, E> status) {
    this.header = Header.of(name);
    this.state = state;
    this.statuses =
        new StatusGraph<>(
            List.of(statuses.getEnumConstants()),
            Enum::name,
            (value, constant) -> status.apply(value) == constant);
  }

  /// The version that new runs are pinned to; "1" if none is given.
  public StatusMachine<S, E> version(String version) {
    header = header.version(version);
    return this;
  }

  /// Limits how long a run may last, from its start on, by the wall clock and also while it is
  /// paused. When the time is over, what runs is interrupted, finished visits are undone, and the
  /// run fails with a [dev.pawl.engine.TimedOut]. A run that is being undone by then is left alone.
  /// The limit holds for runs of this workflow, not where another workflow calls it.
  ///
  /// @throws IllegalArgumentException if the limit is not positive, or longer than 36,500 days
  public StatusMachine<S, E> within(Duration limit) {
    header = header.within(limit);
    return this;
  }

  /// Runs `step` on entering a status.
  ///
  /// @param from the status
  /// @param targets the statuses that the step may lead to
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is copied
  public final StatusMachine<S, E> on(E from, Step<? super S, ? extends S> step, E... targets) {
    statuses.on(requireNonNull(from, "from"), Graph.exact(step), List.of(targets));
    return this;
  }

  /// Runs `step` when a signal comes in a status, which then waits for it. Of those that come in
  /// other statuses, [#unhandled] tells what becomes.
  ///
  /// @param from the status
  /// @param targets the statuses that the step may lead to
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is copied
  public final <T> StatusMachine<S, E> onSignal(
      E from, Signal<T> signal, SignalStep<? super S, ? super T, ? extends S> step, E... targets) {
    requireNonNull(step, "step");
    statuses.onSignal(requireNonNull(from, "from"), signal, step::run, List.of(targets));
    return this;
  }

  /// Changes the state when a signal comes in a status, and stays in the visit: its timers go on.
  ///
  /// @param in the status
  /// @param change the state with what the signal carries; its status must be the same
  public <T> StatusMachine<S, E> update(E in, Signal<T> signal, Fold<S, ? super T> change) {
    requireNonNull(change, "change");
    statuses.update(requireNonNull(in, "in"), signal, change::apply);
    return this;
  }

  /// Refuses updates in a status that `check` throws at: the sender is told what it threw, and
  /// nothing is recorded. Signals whose sender does not wait for an answer are not checked, because
  /// they may be kept until a status waits for them.
  ///
  /// @param in a status that handles the signal
  public <T> StatusMachine<S, E> check(E in, Signal<T> signal, Check<? super S, ? super T> check) {
    statuses.check(requireNonNull(in, "in"), signal, requireNonNull(check, "check"));
    return this;
  }

  /// Runs `step` after some time in a status. A status that waits may have several timeouts, of
  /// which the first to come counts; signals that are handled in between do not put them off.
  /// Beside [#on], `step` runs instead if that takes longer, retries included, and may lead to one
  /// status only.
  ///
  /// @param from the status
  /// @param after the time since the status was entered
  /// @param targets the statuses that the step may lead to
  /// @throws IllegalArgumentException if `after` is not positive, or longer than 36,500 days
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is copied
  public final StatusMachine<S, E> onTimeout(
      E from, Duration after, Step<? super S, ? extends S> step, E... targets) {
    statuses.onTimeout(requireNonNull(from, "from"), after, Graph.exact(step), List.of(targets));
    return this;
  }

  /// What becomes of signals that the status of a run does not handle. Without it they are kept
  /// until a status handles them. A status that runs a step handles none.
  public StatusMachine<S, E> unhandled(Unhandled unhandled) {
    statuses.unhandled(requireNonNull(unhandled, "unhandled"));
    return this;
  }

  /// Runs the steps of a status under this policy; the last call counts.
  public StatusMachine<S, E> with(E at, Policy policy) {
    statuses.with(requireNonNull(at, "at"), requireNonNull(policy, "policy"));
    return this;
  }

  /// The statuses that end a run.
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is read, never written
  public final StatusMachine<S, E> ends(E... statuses) {
    List.of(statuses).forEach(this.statuses::end);
    return this;
  }

  /// The workflow, which later changes of this machine do not touch.
  ///
  /// @throws InvalidWorkflow naming all that is wrong with the machine
  public Workflow<S> build() {
    return statuses.build(new Graph<>(header, state));
  }
}
