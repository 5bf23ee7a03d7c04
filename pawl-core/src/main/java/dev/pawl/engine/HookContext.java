package dev.pawl.engine;

import dev.pawl.workflow.Workflow;

/// What a hook may ask while it is called.
public interface HookContext {
  /// Which call for this event this is, from 1 on; counted anew when the engine is started again.
  int attempt();

  /// The state of the run's root branch when it happened.
  ///
  /// @param workflow that of the event's run
  /// @throws dev.pawl.store.CodecException if the state cannot be read by today's code
  /// @throws IllegalArgumentException if the run is one of another workflow
  <S> S state(Workflow<S> workflow);
}
