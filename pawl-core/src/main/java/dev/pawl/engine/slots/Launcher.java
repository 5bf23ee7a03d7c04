package dev.pawl.engine.slots;

import dev.pawl.workflow.RunId;
import dev.pawl.workflow.Workflow;
import java.util.Map;
import java.util.Optional;

/// Starts runs, and knows what became of them. Thread-safe.
public interface Launcher {
  /// Makes a workflow known.
  void register(Workflow<?> workflow);

  /// The run of a workflow that this request started.
  Optional<RunId> requested(String workflow, String request);

  /// Starts a run whose key is unique among nothing; durable when it returns.
  ///
  /// @param request if it started a run before, that run is given, and none started
  <S> RunId start(
      Workflow<S> workflow,
      String key,
      S state,
      Optional<String> request,
      Map<String, String> headers);

  /// Whether there is such a run, and it is not over.
  boolean isOpen(RunId run);

  /// Cancels a run, unless it is over or on its way there.
  void cancel(Workflow<?> workflow, RunId run, String reason);

  /// Waits until a run is over.
  ///
  /// @throws dev.pawl.store.StoreException if the engine closes, or cannot write any more
  void awaitEnd(RunId run);
}
