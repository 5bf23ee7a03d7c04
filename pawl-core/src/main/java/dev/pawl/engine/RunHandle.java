package dev.pawl.engine;

import dev.pawl.engine.value.Value;
import dev.pawl.run.Plan;
import dev.pawl.run.RunState;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A handle on a durable run: asks memory while the run is there, the store otherwise.
final class RunHandle<S> implements Run<S> {
  private static final int PAGE = 500;
  private static final Set<HistoryRow.Kind> CHANGING =
      EnumSet.of(HistoryRow.Kind.LEFT, HistoryRow.Kind.MERGED, HistoryRow.Kind.STAYED);
  private final DurableEngine engine;
  private final Workflow<S> workflow;
  private final RunRow row;
  private volatile @Nullable OpenRun open;

  RunHandle(DurableEngine engine, Workflow<S> workflow, RunRow row, @Nullable OpenRun open) {
    this.engine = engine;
    this.workflow = workflow;
    this.row = row;
    this.open = open;
  }

  DurableEngine engine() {
    return engine;
  }

  @Override
  public RunId id() {
    return row.id();
  }

  @Override
  public String key() {
    return row.key();
  }

  @Override
  public Optional<RunId> parent() {
    return row.parent().map(RunRow.Parent::run);
  }

  @Override
  public List<RunRow> children(Optional<RunId> after, int limit) {
    return engine.store().runs(Store.Filter.childrenOf(row.id()), after, limit);
  }

  @Override
  public RunStatus status() {
    return current().status();
  }

  /// The changing part of the row: from memory while the run is there, or ended there.
  private RunRow.State current() {
    var run = open;
    if (run != null) {
      var known = run.durableRow();
      if (known.status().isFinal() || !run.isLeaving()) {
        return known;
      }
      open = null;
    }
    return engine.store().run(row.id()).map(RunRow::state).orElse(row.state());
  }

  @Override
  @SuppressWarnings("unchecked")
  public S state() {
    var run = open;
    if (run != null && (run.durableRow().status().isFinal() || !run.isLeaving())) {
      return (S) run.rootValue().get();
    }
    return stateAt(Long.MAX_VALUE);
  }

  /// The committed state of the root branch at a sequence number.
  @SuppressWarnings("unchecked")
  S stateAt(long seq) {
    var value = input();
    for (var rows = engine.store().history(row.id(), 0, PAGE);
        !rows.isEmpty();
        rows = engine.store().history(row.id(), rows.getLast().seq(), PAGE)) {
      for (var each : rows) {
        if (each.seq() > seq) {
          return (S) value.get();
        }
        value = next(value, each);
      }
    }
    return (S) value.get();
  }

  /// The state that a row of the root carries.
  @SuppressWarnings("unchecked")
  S stateOf(HistoryRow ofRoot) {
    return (S) engine.stored().value(ofRoot, input(), workflow.definition().result());
  }

  /// Whether the root has another state after a row.
  static boolean changesRoot(HistoryRow each) {
    return each.branch().isEmpty() && CHANGING.contains(each.kind()) && each.state().isPresent();
  }

  Value input() {
    return Value.whole(engine.values().codec(), workflow.definition().state(), row.input(), 0);
  }

  /// The root's state after a row, from that before it.
  Value next(Value before, HistoryRow each) {
    if (!changesRoot(each)) {
      return before;
    }
    var codec = engine.values().codec();
    var type = workflow.definition().result();
    return each.state().get() instanceof Encoded.Patch patch
        ? Value.patched(codec, type, patch, before, each.seq())
        : Value.whole(codec, type, each.state().get(), each.seq());
  }

  @Override
  public S await(Duration limit) throws InterruptedException {
    return switch (result(limit)) {
      case Result.Completed<S>(var end, var state) -> state;
      case Result.Failed<S>(var node, var attempts, var cause, var state) ->
          throw new RunFailed(key(), node, attempts, cause);
      case Result.Cancelled<S>(var reason, var state) -> throw new RunCancelled(key(), reason);
      case Result.StillOpen<S>(var nodes) -> throw new AwaitTimeout(key(), limit, nodes);
    };
  }

  @Override
  public Result<S> result(Duration limit) throws InterruptedException {
    awaitChange(() -> current().status().isFinal(), limit);
    return result(current());
  }

  private Result<S> result(RunRow.State now) {
    return switch (now.status()) {
      case COMPLETED -> new Result.Completed<>(now.reason(), state());
      case FAILED -> failed();
      case CANCELLED, ERASED -> new Result.Cancelled<>(now.reason(), state());
      case RUNNING, WAITING, COMPENSATING, PAUSED -> new Result.StillOpen<>(standing());
    };
  }

  private Result<S> failed() {
    var run = open;
    var goal = run == null ? null : run.durable().goal();
    if (goal != null && goal.failure() != null) {
      var failure = goal.failure();
      return new Result.Failed<>(
          failure.node(),
          failure.attempts(),
          failure.cause().orElseGet(() -> new RecordedError(failure.error())),
          state());
    }
    HistoryRow last = null;
    for (var each : all()) {
      if (each.kind() == HistoryRow.Kind.GAVE_UP
          || each.kind() == HistoryRow.Kind.SPENT
          || each.kind() == HistoryRow.Kind.EXPIRED) {
        last = each;
      }
    }
    return last == null
        ? new Result.Failed<>("", 0, new RecordedError(current().reason()), state())
        : new Result.Failed<>(
            last.port(), last.attempt(), new RecordedError(last.error().orElse("")), state());
  }

  private List<String> standing() {
    var run =
        open == null ? Optional.ofNullable(engine.runs().now(row.id())) : Optional.ofNullable(open);
    return run.map(known -> standing(known.registered.plan(), known.durable()))
        .orElseGet(() -> engine.stored().read(row.id(), RunHandle::standing).orElse(List.of()));
  }

  private static List<String> standing(Plan plan, RunState state) {
    var nodes = new ArrayList<String>();
    for (var branch : state.branches()) {
      if (branch.block() == null) {
        nodes.add(plan.name(branch.node()));
      }
    }
    return List.copyOf(nodes);
  }

  private boolean awaitChange(BooleanSupplier holds, Duration limit) throws InterruptedException {
    return engine
        .watchers()
        .awaitInterruptibly(
            row.id(),
            () -> {
              if (holds.getAsBoolean()) {
                return true;
              }
              engine.checkWritable();
              return false;
            },
            limit);
  }

  @Override
  public RunStatus awaitStatus(Set<RunStatus> statuses, Duration limit)
      throws InterruptedException {
    if (!awaitChange(() -> statuses.contains(status()) || status().isFinal(), limit)
        || !statuses.contains(status())) {
      throw new AwaitTimeout(key(), limit, standing());
    }
    return status();
  }

  @Override
  public List<HistoryRow> history(long after, int limit) {
    return engine.store().history(row.id(), after, limit);
  }

  private List<HistoryRow> all() {
    var all = new ArrayList<HistoryRow>();
    for (var rows = history(0, PAGE); !rows.isEmpty(); rows = history(rows.getLast().seq(), PAGE)) {
      all.addAll(rows);
    }
    return all;
  }

  @Override
  public List<String> path() {
    var path = new ArrayList<String>();
    for (var each : all()) {
      if (each.kind() == HistoryRow.Kind.LEFT) {
        path.add(each.node());
      }
    }
    var now = current();
    if (now.status() == RunStatus.COMPLETED
        && (path.isEmpty() || !path.getLast().equals(now.reason()))) {
      path.add(now.reason());
    }
    return List.copyOf(path);
  }

  @Override
  public Feed<S> feed(long after) {
    return new RunFeed<>(this, after);
  }

  /// What the run came to, without waiting; empty while it is open.
  Optional<Result<S>> ended() {
    var now = current();
    return now.status().isFinal() ? Optional.of(result(now)) : Optional.empty();
  }

  @Override
  public void pause(String reason) {
    happen(new dev.pawl.run.Event.Pause(reason, engine.turns().now()), "paused", Set.of());
  }

  @Override
  public void resume() {
    happen(new dev.pawl.run.Event.Resume(engine.turns().now()), "resumed", Set.of());
  }

  @Override
  public void cancel(String reason) {
    happen(
        new dev.pawl.run.Event.Cancel(reason, true, engine.turns().now()),
        "cancelled",
        Set.of(RunStatus.CANCELLED));
  }

  @Override
  public void abandon(String reason) {
    happen(
        new dev.pawl.run.Event.Cancel(reason, false, engine.turns().now()),
        "abandoned",
        Set.of(RunStatus.CANCELLED));
  }

  @Override
  public <T> S update(Signal<T> signal, T payload, SignalOptions options, Duration limit)
      throws InterruptedException {
    check(signal, payload);
    return new Update<>(this, signal, payload, options).send(limit);
  }

  @Override
  public <T> void signal(Signal<T> signal, T payload, SignalOptions options) {
    check(signal, payload);
    happen(
        new dev.pawl.run.Event.Arrived(
            signal.name(),
            options.correlation(),
            options.id(),
            engine.values().of(payload, signal.type(), null),
            engine.turns().now()),
        "signalled",
        Set.of());
  }

  /// Completes a visit of a node that waits for others to do its work.
  ///
  /// @param visit the idempotency key of the visit
  void complete(String visit, Object result) {
    var plan = Objects.requireNonNull(engine.registered(row)).plan();
    for (int node = 0; node < plan.size(); node++) {
      var await = plan.await(node).filter(any -> any.entering().isPresent());
      if (await.isPresent() && visit.contains(":" + plan.name(node) + ":")) {
        complete(visit, await.get().handlers().getFirst().signal(), result);
        return;
      }
    }
    throw new IllegalArgumentException(
        "no node of workflow " + row.workflow() + " has handed out the key " + visit);
  }

  private <T> void complete(String visit, Signal<T> answer, Object result) {
    if (!answer.type().isInstance(result)) {
      throw new IllegalArgumentException(
          "the " + answer.name() + " is " + answer.type().getName() + ", not " + result);
    }
    var once = SignalOptions.DEFAULT.id(visit).correlation(visit);
    signal(answer, answer.type().cast(result), once);
  }

  private void check(Signal<?> signal, Object payload) {
    Objects.requireNonNull(payload, "payload");
    var registered = engine.registered(row);
    if (registered != null) {
      registered.check(signal);
    }
  }

  private void happen(dev.pawl.run.Event event, String what, Set<RunStatus> already) {
    engine.checkWritable();
    for (; ; ) {
      var now = current();
      var end = end(now, event);
      if (end.isPresent()) {
        if (already.contains(end.get()) || isAccepted(event)) {
          return;
        }
        throw new IllegalStatus(key(), end.get(), what);
      }
      var run = bring();
      if (run == null) {
        continue;
      }
      var settled = engine.runner().happen(run, event);
      if (settled != null) {
        open = run;
        if (!settled.isNothing() || !hasAnEnd(run, event)) {
          return;
        }
      }
    }
  }

  /// Whether an event is a signal that the run has accepted before, which its sender may not know.
  private boolean isAccepted(dev.pawl.run.Event event) {
    return event instanceof dev.pawl.run.Event.Arrived arrived
        && arrived.id().filter(id -> engine.store().accepted(row.id(), id)).isPresent();
  }

  /// The run in memory; null if it is over.
  ///
  /// @throws IllegalStateException if it cannot go on here
  @Nullable OpenRun bring() {
    var run = engine.runs().bring(row.id());
    if (run == null && !status().isFinal()) {
      throw new IllegalStateException(
          "workflow "
              + row.workflow()
              + " version "
              + row.version()
              + " is not registered, or the run cannot be read");
    }
    return run;
  }

  /// Hears that the run is in memory.
  void found(OpenRun run) {
    open = run;
  }

  /// The run as memory has it, durable; null if it is not there.
  @Nullable RunState durable() {
    var run = engine.runs().now(row.id());
    return run == null ? null : run.durable();
  }

  /// The end that the run has, or goes to.
  Optional<RunStatus> end() {
    var now = current();
    return now.status().isFinal() ? Optional.of(now.status()) : now.goal();
  }

  /// @throws IllegalStatus if the run is over, or goes to its end
  void checkHasNoEnd(String what) {
    end()
        .ifPresent(status -> {
          throw new IllegalStatus(key(), status, what);
        });
  }

  /// The end that a run has, or goes to; one that is unwinding can be paused and resumed.
  private static Optional<RunStatus> end(RunRow.State now, dev.pawl.run.Event event) {
    if (now.status().isFinal()) {
      return Optional.of(now.status());
    }
    boolean mayPause =
        event instanceof dev.pawl.run.Event.Pause || event instanceof dev.pawl.run.Event.Resume;
    boolean unwinds = now.status() == RunStatus.COMPENSATING || now.status() == RunStatus.PAUSED;
    return mayPause && unwinds ? Optional.empty() : now.goal();
  }

  /// Whether the run is over, or goes to its end, once all that it has queued is durable: an event
  /// that finds nothing to do may have met an end that nobody has been shown yet.
  private boolean hasAnEnd(OpenRun run, dev.pawl.run.Event event) {
    engine
        .watchers()
        .awaitChange(
            row.id(),
            () -> {
              engine.checkWritable();
              return run.isAnswered();
            },
            DurableEngine.FOREVER);
    return end(current(), event).isPresent();
  }
}
