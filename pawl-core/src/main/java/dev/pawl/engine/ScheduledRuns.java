package dev.pawl.engine;

import dev.pawl.engine.slots.Launcher;
import dev.pawl.store.RunRow;
import dev.pawl.store.StoreException;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.Workflow;
import java.util.Map;
import java.util.Optional;

/// The runs of an engine, as its schedules see them.
final class ScheduledRuns implements Launcher {
  private final DurableEngine engine;

  ScheduledRuns(DurableEngine engine) {
    this.engine = engine;
  }

  @Override
  public void register(Workflow<?> workflow) {
    engine.register(workflow);
  }

  @Override
  public Optional<RunId> requested(String workflow, String request) {
    return engine.store().requested(workflow, request).map(RunRow::id);
  }

  @Override
  public <S> RunId start(
      Workflow<S> workflow,
      String key,
      S state,
      Optional<String> request,
      Map<String, String> headers) {
    var options = new StartOptions(RunRow.Unique.NONE, StartOptions.Taken.REJECT, request, headers);
    return engine.start(workflow, key, state, options).id();
  }

  @Override
  public boolean isOpen(RunId run) {
    return engine.store().run(run).filter(row -> !row.state().status().isFinal()).isPresent();
  }

  @Override
  public void cancel(Workflow<?> workflow, RunId run, String reason) {
    var row = engine.store().run(run);
    try {
      row.ifPresent(
          known -> new RunHandle<>(engine, workflow, known, engine.runs().now(run)).cancel(reason));
    } catch (IllegalStatus e) {
      return; // it is over, or about to be
    }
  }

  @Override
  public void awaitEnd(RunId run) {
    engine
        .watchers()
        .awaitChange(
            run,
            () -> {
              engine.checkWritable();
              return engine.isClosing() || !isOpen(run);
            },
            DurableEngine.FOREVER);
    if (engine.isClosing()) {
      throw new StoreException(StoreException.Kind.CLOSED, "the engine is closed");
    }
  }
}
