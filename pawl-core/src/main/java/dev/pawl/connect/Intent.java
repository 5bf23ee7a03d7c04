package dev.pawl.connect;

import dev.pawl.engine.Start;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.util.Optional;

/// What an event is to do.
public sealed interface Intent {
  /// It starts a run. Its request id is the connector's: the same event starts no second run.
  ///
  /// @param start the run; its options have no request id
  record Begin(Start<?> start) implements Intent {
    /// Checks the options.
    ///
    /// @throws IllegalArgumentException if they have a request id
    public Begin {
      if (start.options().request().isPresent()) {
        throw new IllegalArgumentException(
            "a connector gives the request id itself; leave it out of the options");
      }
    }
  }

  /// It is a signal to the run that holds a key, or else to the newest that had it. Its id is the
  /// connector's: the same event is one signal. It fails if there is no such run, or it is over.
  ///
  /// @param workflow the run's workflow
  /// @param key the run's key
  /// @param signal the signal
  /// @param payload what it carries
  /// @param correlation for one of several waits; empty for any
  record Send<T>(
      Workflow<?> workflow, String key, Signal<T> signal, T payload, Optional<String> correlation)
      implements Intent {}

  /// It does nothing.
  record Skip() implements Intent {}

  /// Starts a run with the usual options.
  static <S> Intent start(Workflow<S> workflow, String key, S state) {
    return new Begin(Start.of(workflow, key, state));
  }

  /// Starts a run.
  static Intent start(Start<?> start) {
    return new Begin(start);
  }

  /// Signals a run.
  static <T> Intent signal(Workflow<?> workflow, String key, Signal<T> signal, T payload) {
    return new Send<>(workflow, key, signal, payload, Optional.empty());
  }

  /// Does nothing.
  static Intent skip() {
    return new Skip();
  }
}
