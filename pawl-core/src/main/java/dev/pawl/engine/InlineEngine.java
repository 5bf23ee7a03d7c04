package dev.pawl.engine;

import dev.pawl.engine.inline.Failures;
import dev.pawl.engine.inline.GaveUp;
import dev.pawl.engine.inline.InlineRunner;
import dev.pawl.engine.schedule.Schedules;
import dev.pawl.engine.turns.Turns;
import dev.pawl.store.EventLog;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.stream.EventStream;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs workflows on the caller's thread.
final class InlineEngine implements Engine {
  static final InlineEngine INSTANCE = new InlineEngine(Turns.system());
  private final InlineRunner runner;

  InlineEngine(Turns turns) {
    this.runner = new InlineRunner(turns, new ApiFailures());
  }

  @Override
  public <S> S run(Workflow<S> workflow, S state) throws InterruptedException {
    try {
      return runner.run(workflow, state);
    } catch (GaveUp e) {
      throw new RunFailed(workflow.name(), e.node(), e.attempts(), e.error());
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
  public <S, T> Run<S> signalWithStart(
      Start<S> start, Signal<T> signal, T payload, SignalOptions options) {
    throw none();
  }

  @Override
  public <T> Signalled signalAll(
      Workflow<?> workflow,
      Store.Filter filter,
      Signal<T> signal,
      T payload,
      SignalOptions options) {
    throw none();
  }

  @Override
  public void complete(String key, Object result) {
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
  public Schedules schedules() {
    throw none();
  }

  @Override
  public AutoCloseable listen(RunListener listener) {
    throw none();
  }

  @Override
  public List<Started> startAll(List<? extends Start<?>> starts) {
    throw none();
  }

  @Override
  public Outbox outbox() {
    throw none();
  }

  @Override
  public EventStream events() {
    throw none();
  }

  @Override
  public EventLog log() {
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

  /// The exceptions of this package, which the inline path does not know.
  private static final class ApiFailures implements Failures {
    @Override
    public RuntimeException waits(String workflow, String node) {
      return NotInline.waits(workflow, node);
    }

    @Override
    public RuntimeException starts(String workflow, String node) {
      return NotInline.starts(workflow, node);
    }

    @Override
    public RuntimeException expires(String workflow) {
      return NotInline.expires(workflow);
    }

    @Override
    public RuntimeException compensates(String workflow, String node) {
      return NotInline.compensates(workflow, node);
    }

    @Override
    public RuntimeException attemptTimedOut(String node, int attempt, Duration limit) {
      return new TimedOut(node, attempt, limit);
    }

    @Override
    public RuntimeException visitTimedOut(String node, Duration limit) {
      return new TimedOut(node, limit);
    }

    @Override
    public RuntimeException branchFailed(String node, int attempts, String error) {
      return new BranchFailed(node, attempts, error);
    }
  }
}
