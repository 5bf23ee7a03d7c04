package dev.pawl.workflow;

import dev.pawl.workflow.model.Work;

/// A signal that a node waits for, and what it does to the state; made by [Graph#arrival].
/// Immutable.
public final class Arrival<S> {
  private final Work.Await.Handler<S, ?> handler;

  Arrival(Work.Await.Handler<S, ?> handler) {
    this.handler = handler;
  }

  Work.Await.Handler<S, ?> handler() {
    return handler;
  }
}
