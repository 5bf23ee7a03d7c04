package dev.pawl.workflow.step;

import java.util.Objects;

/// State and the port to leave a choice by.
///
/// @param port the port, a constant of the choice's own enum
/// @param state the state after the step
public record Outcome<S, P>(P port, S state) {
  /// Refuses null.
  public Outcome {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(state, "state");
  }

  /// Leaves by `port` with `state`.
  public static <S, P> Outcome<S, P> to(P port, S state) {
    return new Outcome<>(port, state);
  }
}
