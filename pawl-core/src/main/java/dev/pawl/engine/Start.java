package dev.pawl.engine;

import dev.pawl.workflow.Workflow;

/// A run that is to be started, as one of many. A value.
///
/// @param workflow its workflow
/// @param key its key
/// @param state the state that it starts with
/// @param options how it is started
public record Start<S>(Workflow<S> workflow, String key, S state, StartOptions options) {
  /// With the usual options.
  public static <S> Start<S> of(Workflow<S> workflow, String key, S state) {
    return new Start<>(workflow, key, state, StartOptions.DEFAULT);
  }

  /// With other options.
  public Start<S> with(StartOptions options) {
    return new Start<>(workflow, key, state, options);
  }
}
