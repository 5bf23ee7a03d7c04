package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Check;

/// A signal that a node waits for, and what it does to the state; made by [Graph#arrival].
/// Immutable.
public final class Arrival<S, T> {
  private final Work.Await.Handler<S, T> handler;

  Arrival(Work.Await.Handler<S, T> handler) {
    this.handler = handler;
  }

  /// Refuses updates that `check` throws at: the sender is told what it threw, and nothing is
  /// recorded. Signals whose sender does not wait for an answer are not checked, because they may
  /// be kept until something waits for them.
  public Arrival<S, T> check(Check<? super S, ? super T> check) {
    return new Arrival<>(handler.checked(requireNonNull(check, "check")));
  }

  Work.Await.Handler<S, T> handler() {
    return handler;
  }
}
