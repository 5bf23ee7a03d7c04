package dev.pawl.engine;

import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs workflows on the caller's thread.
final class InlineEngine implements Engine {
  static final InlineEngine INSTANCE = new InlineEngine(new SystemTurns());
  private final Turns turns;

  InlineEngine(Turns turns) {
    this.turns = turns;
  }

  @Override
  @SuppressWarnings("unchecked") // a workflow ends with a state of its own type
  public <S> S run(Workflow<S> workflow, S state) throws InterruptedException {
    var plan = workflow.compiled(InlinePlan.class, InlinePlan::of);
    var context = new InlineContext(turns, plan);
    try {
      return (S) InlineRunner.advance(context, plan.start, InlineRunner.NOWHERE, state);
    } catch (GaveUp e) {
      throw new RunFailed(plan.name, e.node(), e.attempts(), e.error());
    } finally {
      context.close();
    }
  }

  @Override
  public <S> Run<S> start(Workflow<S> workflow, String key, S state) {
    throw none();
  }

  @Override
  public <S> Run<S> start(Workflow<S> workflow, String key, S state, StartOptions options) {
    throw none();
  }

  @Override
  public <S> Optional<Run<S>> find(Workflow<S> workflow, String key) {
    throw none();
  }

  @Override
  public <S> Optional<Run<S>> find(Workflow<S> workflow, RunId id) {
    throw none();
  }

  @Override
  public List<RunRow> runs(Store.Filter filter, Optional<RunId> after, int limit) {
    throw none();
  }

  @Override
  public Map<RunStatus, Long> counts(Store.Filter filter) {
    throw none();
  }

  @Override
  public void register(Workflow<?>... workflows) {
    throw none();
  }

  @Override
  public AutoCloseable listen(RunListener listener) {
    throw none();
  }

  @Override
  public List<StuckStep> stuckSteps() {
    return List.of();
  }

  @Override
  public void close() {}

  @Override
  public List<StuckStep> close(Duration deadline) {
    return List.of();
  }

  private static UnsupportedOperationException none() {
    return new UnsupportedOperationException(
        "an inline engine keeps nothing and only runs workflows to their end; for this use"
            + " Engine.builder()");
  }
}
