package dev.pawl.engine;

import dev.pawl.engine.commit.Author;
import dev.pawl.engine.commit.Committer;
import dev.pawl.engine.commit.Ticket;
import dev.pawl.engine.pace.Admission;
import dev.pawl.engine.pace.Timers;
import dev.pawl.engine.turns.Turns;
import dev.pawl.engine.value.Rows;
import dev.pawl.engine.value.Value;
import dev.pawl.engine.value.Values;
import dev.pawl.run.Branch;
import dev.pawl.run.Plan;
import dev.pawl.run.RunState;
import dev.pawl.run.Transition;
import dev.pawl.run.Transitions;
import dev.pawl.store.Codec;
import dev.pawl.store.Commit;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs workflows durably over a store. Holds the runs that are in memory, and the parts that do
/// the work: [Committer], [Runner], [UserCode], [Admission], [Timers], [Waits], [Watchers].
final class DurableEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(DurableEngine.class);
  private static final int PAGE = 1_000;
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final Turns turns;
  private final Store store;
  private final boolean ownsStore;
  private final Limits limits;
  private final Values values;
  private final Writer writer;
  private final Committer committer;
  private final UserCode userCode;
  private final Runner runner;
  private final Admission admission;
  private final Timers timers;
  private final Waits waits;
  private final Watchers watchers;
  private final Set<Attempt> stuck = ConcurrentHashMap.newKeySet();
  private final Map<RunId, OpenRun> open = new ConcurrentHashMap<>();
  private final Map<String, Registered> workflows = new ConcurrentHashMap<>();
  private final AtomicInteger order = new AtomicInteger();
  private final Lock closer;
  private volatile boolean closing; // written under closer

  DurableEngine(
      Turns turns, Store store, boolean ownsStore, Codec codec, Limits limits, boolean verify) {
    this.turns = turns;
    this.store = store;
    this.ownsStore = ownsStore;
    this.limits = limits;
    this.values = new Values(codec, limits.stateBytes(), verify);
    this.writer = store.writer();
    this.closer = turns.lock();
    this.watchers = new Watchers(turns);
    this.committer = new Committer(turns, writer, limits.queuedCommits(), this::halted);
    this.userCode = new UserCode(this);
    this.runner = new Runner(this);
    this.admission = new Admission(turns, limits.attempts());
    this.timers = new Timers(turns);
    this.waits = new Waits(this);
  }

  Turns turns() {
    return turns;
  }

  Store store() {
    return store;
  }

  Values values() {
    return values;
  }

  Committer committer() {
    return committer;
  }

  UserCode userCode() {
    return userCode;
  }

  Runner runner() {
    return runner;
  }

  Admission admission() {
    return admission;
  }

  Timers timers() {
    return timers;
  }

  Watchers watchers() {
    return watchers;
  }

  Set<Attempt> stuck() {
    return stuck;
  }

  Writer writer() {
    return writer;
  }

  boolean isClosing() {
    return closing;
  }

  /// When the monotonic clock reads what the wall clock reads at `time`.
  long nanosAt(Instant time) {
    return turns.nanoTime() + Duration.between(turns.now(), time).toNanos();
  }

  @Override
  public <S> Run<S> start(Workflow<S> workflow, String key, S state) {
    return start(workflow, key, state, StartOptions.DEFAULT);
  }

  @Override
  public <S> Run<S> start(Workflow<S> workflow, String key, S state, StartOptions options) {
    Objects.requireNonNull(state, "state");
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "the key of a run of " + workflow.name() + " is empty; name what the run is for");
    }
    checkOpen();
    var registered = known(workflow);
    var input = values.of(state, workflow.definition().state(), null);
    for (; ; ) {
      var earlier = options.request().flatMap(id -> store.requested(workflow.name(), id));
      if (earlier.isPresent()) {
        return handle(workflow, earlier.get());
      }
      var started = tryStart(registered, key, input, options);
      if (started != null) {
        return new RunHandle<>(this, workflow, started.row, started);
      }
      var holder = store.find(workflow.name(), key);
      if (holder.isEmpty()) {
        continue;
      }
      switch (options.taken()) {
        case REJECT -> throw new KeyTaken(workflow.name(), key, holder.get().id());
        case ATTACH -> {
          return handle(workflow, holder.get());
        }
        case REPLACE -> replace(handle(workflow, holder.get()), key);
      }
    }
  }

  private <S> void replace(RunHandle<S> holder, String key) {
    try {
      holder.cancel("replaced by another run of key " + key);
      holder.result(FOREVER);
    } catch (IllegalStatus e) {
      LOG.debug("run {} ended by itself before it was replaced", holder.id());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(
          StoreException.Kind.CLOSED, "interrupted while run " + holder.id() + " was replaced", e);
    }
  }

  private @Nullable OpenRun tryStart(
      Registered registered, String key, Value input, StartOptions options) {
    committer.awaitRoom();
    var now = turns.now();
    var transition = registered.transitions().start(input, now);
    var row =
        new RunRow(
            newId(now),
            registered.name(),
            registered.version(),
            key,
            options.unique(),
            options.request(),
            options.headers(),
            input.stored(),
            now,
            new RunRow.State(RunStatus.RUNNING, Optional.empty(), "", writer.id(), 0, now));
    var run = new OpenRun(this, row, registered, input, transition.after());
    open.put(row.id(), run);
    Commit.@Nullable Reason reason;
    try {
      reason = committer.await(run.started(row));
    } catch (RuntimeException e) {
      open.remove(row.id());
      throw e;
    }
    if (reason == Commit.Reason.KEY_TAKEN) {
      return null;
    }
    if (reason != null) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE, "run " + key + " could not be started: " + reason);
    }
    runner.perform(run, transition.effects());
    return run;
  }

  private RunId newId(Instant now) {
    return RunId.of(now.toEpochMilli(), order.getAndIncrement(), turns.random().nextLong());
  }

  @Override
  public <S> S run(Workflow<S> workflow, S state) throws InterruptedException {
    var options = StartOptions.DEFAULT.unique(RunRow.Unique.NONE);
    var key = UUID.randomUUID().toString();
    return start(workflow, key, state, options).await(FOREVER);
  }

  @Override
  public <S> Optional<Run<S>> find(Workflow<S> workflow, String key) {
    checkOpen();
    return store.find(workflow.name(), key).map(row -> handle(workflow, row));
  }

  @Override
  public <S> Optional<Run<S>> find(Workflow<S> workflow, RunId id) {
    checkOpen();
    var row = store.run(id);
    row.ifPresent(found -> {
      if (!found.workflow().equals(workflow.name())) {
        throw new IllegalArgumentException(
            "run " + id + " is a run of " + found.workflow() + ", not of " + workflow.name());
      }
    });
    return row.map(found -> handle(workflow, found));
  }

  private <S> RunHandle<S> handle(Workflow<S> workflow, RunRow row) {
    return new RunHandle<>(this, workflow, row, open.get(row.id()));
  }

  @Override
  public List<RunRow> runs(Store.Filter filter, Optional<RunId> after, int limit) {
    checkOpen();
    return store.runs(filter, after, limit);
  }

  @Override
  public Map<RunStatus, Long> counts(Store.Filter filter) {
    checkOpen();
    return store.counts(filter);
  }

  @Override
  public AutoCloseable listen(RunListener listener) {
    return watchers.listen(listener);
  }

  @Override
  public void register(Workflow<?>... added) {
    checkOpen();
    for (var workflow : added) {
      known(workflow);
    }
  }

  /// The workflow as this engine knows it; what it did not know is checked, and its runs go on.
  private Registered known(Workflow<?> workflow) {
    var name = workflow.name() + "@" + workflow.version();
    var before = workflows.get(name);
    if (before != null && before.workflow() == workflow) {
      return before;
    }
    var registered = Registered.of(workflow, limits);
    new Shapes(this).accept(registered);
    workflows.put(name, registered);
    if (before == null) {
      start("pawl-recovery", () -> recover(registered));
    }
    return registered;
  }

  /// Brings back into memory what was running when the last engine of this store ended.
  private void recover(Registered registered) {
    var after = Optional.<RunId>empty();
    try {
      for (boolean more = true; more && !closing; ) {
        var page = store.owned(registered.name(), after, PAGE);
        for (var loaded : page) {
          if (loaded.run().version().equals(registered.version())
              && loaded.run().state().owner() != writer.id()
              && !closing) {
            resume(registered, loaded);
          }
        }
        more = page.size() == PAGE;
        after = page.isEmpty() ? after : Optional.of(page.getLast().run().id());
      }
    } catch (StoreException e) {
      if (!closing) {
        LOG.error("runs of {} could not be brought back", registered.name(), e);
      }
    }
    waits.registered();
  }

  /// The run in memory, if it is open and its workflow is known; it is loaded when it is not.
  ///
  /// @return null if the run is over, or unknown, or its workflow is, or it cannot be read
  @Nullable OpenRun inMemory(RunId id) {
    for (; ; ) {
      var run = open.get(id);
      if (run != null && !run.isLeaving()) {
        return run;
      }
      if (run != null) {
        watchers.awaitChange(
            id,
            () -> {
              checkWritable();
              return open.get(id) != run;
            },
            FOREVER);
        continue;
      }
      var loaded = store.load(id);
      if (loaded.isEmpty() || loaded.get().run().state().status().isFinal()) {
        return null;
      }
      var row = loaded.get().run();
      var registered = workflows.get(row.workflow() + "@" + row.version());
      if (registered == null) {
        return null;
      }
      if (!resume(registered, loaded.get())) {
        return null;
      }
    }
  }

  /// The run, if it is in memory now.
  Optional<OpenRun> inMemoryNow(RunId id) {
    return Optional.ofNullable(open.get(id));
  }

  /// Takes a stored run into memory; one that cannot be read is paused instead, and says why.
  ///
  /// @return whether it could be read
  private boolean resume(Registered registered, Store.Loaded loaded) {
    var row = loaded.run();
    OpenRun run;
    Transition restored;
    try {
      restored = restore(registered, loaded);
      run = new OpenRun(this, row, registered, input(registered, row), restored.after());
      run.restored(loaded.waits(), row.state().owner() != 0);
      run.readStates();
    } catch (RuntimeException e) {
      LOG.error("run {} cannot be read", row.id(), e);
      park(row, "cannot be read: " + e.getMessage());
      return false;
    }
    if (open.putIfAbsent(row.id(), run) == null) {
      if (restored.after().status().isFinal()) {
        runner.ended(run);
      }
      runner.perform(run, restored.effects());
    }
    return true;
  }

  private void park(RunRow row, String reason) {
    var state = row.state();
    if (state.status() == RunStatus.PAUSED && state.owner() == 0) {
      return;
    }
    var parked =
        new RunRow.State(RunStatus.PAUSED, state.goal(), reason, 0, state.inbox(), turns.now());
    var commit =
        new Commit(
            row.id(),
            Optional.empty(),
            List.of(),
            Optional.of(parked),
            state.owner(),
            List.of(),
            List.of(),
            List.of());
    var ticket = new Ticket(new Parked(commit), commit, turns.bell());
    committer.enqueue(ticket);
    committer.await(ticket);
  }

  /// The commit that pauses a run that is not in memory.
  private final class Parked implements Author {
    private final Commit commit;

    Parked(Commit commit) {
      this.commit = commit;
    }

    @Override
    public boolean isEvicted() {
      return false;
    }

    @Override
    public void committed() {
      watchers.committed(commit);
    }

    @Override
    public void rejected() {
      LOG.warn("run {} has changed while it was parked", commit.run());
    }
  }

  /// A stored run as it is in memory.
  Transition restore(Registered registered, Store.Loaded loaded) {
    var row = loaded.run();
    var input = input(registered, row);
    var reader = new Rows.Reader(registered.plan(), values, input);
    var state = row.state();
    return registered
        .transitions()
        .restore(
            input,
            row.created(),
            reader.facts(loaded.history()),
            loaded.waits().stream()
                .map(wait -> new Transitions.Waiting(wait.branch(), wait.visit(), wait.wakeAt()))
                .toList(),
            state.status() == RunStatus.PAUSED ? state.reason() : null,
            state.goal().map(goal -> new RunState.Goal(goal, state.reason(), null)).orElse(null));
  }

  /// What `reader` makes of a run that is not in memory; empty if its workflow, or where it stands,
  /// is not known.
  <T> Optional<T> stored(RunId id, BiFunction<Plan, RunState, T> reader) {
    var loaded = store.load(id);
    var row = loaded.map(Store.Loaded::run);
    var registered = row.map(known -> workflows.get(known.workflow() + "@" + known.version()));
    try {
      return registered.map(
          known -> reader.apply(known.plan(), restore(known, loaded.get()).after()));
    } catch (Rows.UnknownPlace e) {
      return Optional.empty();
    }
  }

  private Value input(Registered registered, RunRow row) {
    return Value.whole(values.codec(), registered.plan().definition().state(), row.input(), 0);
  }

  /// The value that a row carries.
  Object value(OpenRun run, HistoryRow row, Type type) {
    return loaded(run, row, type).get();
  }

  private Value loaded(OpenRun run, HistoryRow row, Type type) {
    var stored = row.state().orElseThrow();
    if (!(stored instanceof Encoded.Patch patch)) {
      return Value.whole(values.codec(), type, stored, row.seq());
    }
    var base =
        patch.base() == 0
            ? run.input
            : loaded(run, store.row(run.id, patch.base()).orElseThrow(), type);
    return Value.patched(values.codec(), type, patch, base, row.seq());
  }

  /// Whether a run with this state should give up its place in memory.
  boolean mayRelease(Plan plan, RunState state, boolean idle) {
    if (!idle || state.status().isFinal()) {
      return false;
    }
    boolean paused = state.paused() != null;
    for (var branch : state.branches()) {
      boolean works =
          switch (branch.phase()) {
            case READY -> !paused || branch.task() != Branch.Task.WORK;
            case ACTIVE, DRAINING -> true;
            case BACKOFF, WAITING, BLOCKED, ARRIVED -> false;
          };
      if (works) {
        return false;
      }
    }
    var earliest = OpenRun.earliest(state);
    if (earliest.isEmpty()) {
      return paused;
    }
    // The store wakes a run when a wait is over, and knows nothing of the limits of visits.
    return earliest.get().isAfter(turns.now().plus(limits.release()))
        && plan.deadlines(state).noneMatch(deadline -> deadline.isBefore(earliest.get()));
  }

  /// Hears, from the committer, that a commit is durable.
  void committed(OpenRun run, Commit commit) {
    var update = commit.update();
    if (update.isPresent() && update.get().owner() == 0) {
      open.remove(run.id, run);
      if (!update.get().status().isFinal()) {
        OpenRun.earliest(run.durable()).ifPresent(waits::added);
      }
    }
    watchers.committed(commit);
  }

  /// Hears, from the committer, that the store refused a commit of a run: it is loaded again from
  /// what the store has.
  void evicted(OpenRun run) {
    open.remove(run.id, run);
    watchers.ring(run.id);
    if (!closing) {
      start("pawl-reload", () -> inMemory(run.id));
    }
  }

  private void halted(RuntimeException error) {
    if (!closing) {
      LOG.error("the store cannot be written any more; the engine stands still", error);
    }
    admission.close();
    waits.close();
    watchers.ringAll();
  }

  /// Runs work of the engine's own on a thread of its own.
  void start(String name, Runnable work) {
    turns.start(name, () -> untilHalted(work));
  }

  /// Runs work of the engine's own. When the store fails it ends quietly: the committer tells once
  /// of an error after which nothing is written, however many threads it ends.
  void untilHalted(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (e != committer.halted() && !closing) {
        LOG.error("a run stands still until the engine is started again", e);
      }
    }
  }

  /// The error after which nothing is written any more.
  ///
  /// @throws StoreException if there is one
  void checkWritable() {
    var error = committer.halted();
    if (error != null) {
      throw error;
    }
  }

  private void checkOpen() {
    if (closing) {
      throw new StoreException(StoreException.Kind.CLOSED, "the engine is closed");
    }
  }

  @Override
  public List<StuckStep> stuckSteps() {
    return stuck.stream().map(Attempt::stuckStep).toList();
  }

  @Override
  public void close() {
    var left = close(Duration.ofSeconds(10));
    if (!left.isEmpty()) {
      LOG.warn("closed while steps were still running: {}", left);
    }
  }

  @Override
  public List<StuckStep> close(Duration deadline) {
    closer.lock();
    try {
      return closeOnce(deadline);
    } finally {
      closer.unlock();
    }
  }

  private List<StuckStep> closeOnce(Duration deadline) {
    if (closing) {
      return List.of();
    }
    closing = true;
    admission.close();
    waits.close();
    timers.close();
    long now = turns.nanoTime();
    if (!runner.awaitIdle(now + deadline.toNanos() / 2)) {
      running().toList().forEach(attempt -> attempt.run().interrupt(attempt));
      runner.awaitIdle(now + deadline.toNanos());
    }
    var left =
        Stream.concat(stuck.stream(), running())
            .distinct()
            .filter(Attempt::isRunning)
            .map(Attempt::stuckStep)
            .toList();
    committer.close();
    watchers.close(now + deadline.toNanos());
    writer.close();
    if (ownsStore) {
      store.close();
    }
    return left;
  }

  private Stream<Attempt> running() {
    return open.values().stream()
        .map(OpenRun::attempts)
        .flatMap(Collection::stream)
        .filter(Attempt::isRunning);
  }
}
