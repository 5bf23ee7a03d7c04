package dev.pawl.engine;

import dev.pawl.engine.commit.Committer;
import dev.pawl.engine.pace.Admission;
import dev.pawl.engine.pace.Timers;
import dev.pawl.engine.schedule.Schedules;
import dev.pawl.engine.slots.Scheduler;
import dev.pawl.engine.turns.Turns;
import dev.pawl.engine.value.Value;
import dev.pawl.engine.value.Values;
import dev.pawl.run.Event;
import dev.pawl.store.Codec;
import dev.pawl.store.Commit;
import dev.pawl.store.EventLog;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.Writer;
import dev.pawl.stream.EventStream;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.step.Signal;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs workflows durably over a store. Holds the runs that are in memory, and the parts that do
/// the work: [Committer], [Runner], [UserCode], [Admission], [Timers], [Waits], [Watchers].
final class DurableEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(DurableEngine.class);

  /// How long to wait at first where a wall clock that was set back stands still: the time until
  /// something is due does not get shorter, and looking again at once would be a busy loop.
  static final Duration CLOCK_STANDS = Duration.ofMillis(10);

  static final Duration FOREVER = Duration.ofDays(36_500);

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
  private final Scheduler schedules;
  private final Sending sending;
  private final Children children;
  private final Set<Attempt> stuck = ConcurrentHashMap.newKeySet();
  private final OpenRuns runs;
  private final StoredRuns stored;
  private final Map<String, Registered> workflows = new ConcurrentHashMap<>();
  private final Lock registering; // for who adds to the workflows
  private final AtomicInteger order = new AtomicInteger();
  private final Lock closer;
  private volatile boolean closing; // written under closer

  DurableEngine(
      Turns turns,
      Store store,
      boolean ownsStore,
      Codec codec,
      Limits limits,
      boolean verify,
      Hooks hooks,
      @Nullable EventStream stream) {
    this.turns = turns;
    this.store = store;
    this.ownsStore = ownsStore;
    this.limits = limits;
    this.values = new Values(codec, limits.stateBytes(), verify);
    this.writer = store.writer();
    this.closer = turns.lock();
    this.registering = turns.lock();
    this.watchers = new Watchers(turns);
    this.committer = new Committer(turns, writer, limits.queuedCommits(), this::halted);
    this.userCode = new UserCode(this);
    this.runner = new Runner(this);
    this.admission = new Admission(turns, limits.attempts());
    this.timers = new Timers(turns);
    this.runs = new OpenRuns(this);
    this.stored = new StoredRuns(this);
    this.waits = new Waits(this);
    this.schedules = new Scheduler(turns, store, writer, new ScheduledRuns(this));
    this.sending = new Sending(this, hooks, stream);
    this.children = new Children(this);
    sending.start();
    children.start();
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

  Sending sending() {
    return sending;
  }

  Children children() {
    return children;
  }

  Set<Attempt> stuck() {
    return stuck;
  }

  OpenRuns runs() {
    return runs;
  }

  StoredRuns stored() {
    return stored;
  }

  Waits waits() {
    return waits;
  }

  Limits limits() {
    return limits;
  }

  /// The workflow of a run, as this engine knows it; null if it does not.
  @Nullable Registered registered(RunRow row) {
    return workflows.get(row.workflow() + "@" + row.version());
  }

  /// Runs are stored under the name and version of their workflow, so these must mean one: among
  /// those that are known, the one that is added, and those that runs of them start.
  private void checkNames(Registered added) {
    var definition = added.plan().definition();
    for (var parent : workflows.values()) {
      parent.plan().children().forEach(child -> checkChild(parent, child, definition));
    }
    added
        .plan()
        .children()
        .forEach(child -> checkChild(added, child, registered(child).plan().definition()));
  }

  /// @param child a workflow of which runs of the parent start runs
  /// @param known one that is known, or about to be
  private static void checkChild(Registered parent, Definition<?> child, Definition<?> known) {
    if (child.name().equals(known.name())
        && child.version().equals(known.version())
        && !child.fingerprint().equals(known.fingerprint())) {
      throw new IllegalArgumentException(
          "runs of "
              + parent.name()
              + " start runs of "
              + child.name()
              + " version "
              + child.version()
              + ", but the engine knows another workflow of that name and version; give one of them"
              + " another");
    }
  }

  /// A workflow that runs of another one start.
  Registered registered(Definition<?> child) {
    var known = workflows.get(child.name() + "@" + child.version());
    return known == null ? known(Workflow.of(child)) : known;
  }

  Writer writer() {
    return writer;
  }

  boolean isClosing() {
    return closing;
  }

  /// How long to wait the next time, while the clock still stands: twice as long, up to a second.
  static Duration longer(Duration pause) {
    return pause.toMillis() > 500 ? Duration.ofSeconds(1) : pause.multipliedBy(2);
  }

  /// When the monotonic clock reads what the wall clock reads at `time`.
  long nanosAt(Instant time) {
    var now = turns.now(); // read first: time that goes by in between makes it late, and not early
    return turns.nanoTime() + Duration.between(now, time).toNanos();
  }

  @Override
  public <S> Run<S> start(Workflow<S> workflow, String key, S state) {
    return start(workflow, key, state, StartOptions.DEFAULT);
  }

  @Override
  public <S> Run<S> start(Workflow<S> workflow, String key, S state, StartOptions options) {
    Objects.requireNonNull(state, "state");
    checkKey(workflow, key);
    checkOpen();
    var registered = known(workflow);
    var input = values.of(state, workflow.definition().state(), null);
    for (; ; ) {
      var earlier = options.request().flatMap(id -> store.requested(workflow.name(), id));
      if (earlier.isPresent()) {
        return handle(workflow, earlier.get());
      }
      var started = tryStart(registered, key, input, options, null);
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

  static void checkKey(Workflow<?> workflow, String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "the key of a run of " + workflow.name() + " is empty; name what the run is for");
    }
  }

  @Override
  public List<Started> startAll(List<? extends Start<?>> starts) {
    checkOpen();
    return new Starts(this).all(starts);
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

  /// Starts a run.
  ///
  /// @param signal what it accepts with its first commit, or null
  /// @return null if the key is taken
  @Nullable OpenRun tryStart(
      Registered registered,
      String key,
      Value input,
      StartOptions options,
      Event.@Nullable Arrived signal) {
    committer.awaitRoom();
    var now = signal == null ? turns.now() : signal.at();
    var transition =
        signal == null
            ? registered.transitions().start(input, now)
            : registered.transitions().start(input, signal);
    var row = row(registered, key, input, options, Optional.empty(), now);
    var run = new OpenRun(this, row, registered, input, transition.after());
    runs.put(run);
    Commit.@Nullable Reason reason;
    try {
      reason = committer.await(run.started(transition));
    } catch (RuntimeException e) {
      runs.remove(run);
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

  /// The row of a run that starts now.
  RunRow row(
      Registered registered,
      String key,
      Value input,
      StartOptions options,
      Optional<RunRow.Parent> parent,
      Instant now) {
    return new RunRow(
        newId(now),
        registered.name(),
        registered.version(),
        key,
        options.unique(),
        options.request(),
        options.headers(),
        input.stored(),
        now,
        parent,
        new RunRow.State(RunStatus.RUNNING, Optional.empty(), "", writer.id(), 0, now));
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

  /// The committed state of a run's root branch at a sequence number.
  <S> S state(Workflow<S> workflow, RunId id, long sequence) {
    var row = store.run(id).orElseThrow(() -> new IllegalStateException("there is no run " + id));
    if (!row.workflow().equals(workflow.name())) {
      throw new IllegalArgumentException(
          "run " + id + " is a run of " + row.workflow() + ", not of " + workflow.name());
    }
    return handle(workflow, row).stateAt(sequence);
  }

  <S> RunHandle<S> handle(Workflow<S> workflow, RunRow row) {
    return new RunHandle<>(this, workflow, row, runs.now(row.id()));
  }

  @Override
  public <S, T> Run<S> signalWithStart(
      Start<S> start, Signal<T> signal, T payload, SignalOptions options) {
    checkKey(start.workflow(), start.key());
    checkOpen();
    return new Signals<>(this, signal, payload, Signals.once(start, options)).toStarted(start);
  }

  @Override
  public <T> Signalled signalAll(
      Workflow<?> workflow,
      Store.Filter filter,
      Signal<T> signal,
      T payload,
      SignalOptions options) {
    checkOpen();
    return new Signals<>(this, signal, payload, options).toAll(workflow, filter);
  }

  @Override
  public void complete(String key, Object result) {
    checkOpen();
    var row = runOf(key);
    var registered = row.map(this::registered);
    if (registered.isEmpty()) {
      throw new IllegalArgumentException(
          "no run of a registered workflow has handed out the key " + key);
    }
    handle(registered.get().workflow(), row.get()).complete(key, result);
  }

  /// The run whose id an idempotency key begins with.
  private Optional<RunRow> runOf(String key) {
    try {
      return store.run(RunId.parse(key.split(":", 2)[0]));
    } catch (IllegalArgumentException e) {
      LOG.debug("{} is no idempotency key", key, e);
      return Optional.empty();
    }
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
  public Schedules schedules() {
    checkOpen();
    return schedules;
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
  Registered known(Workflow<?> workflow) {
    var known = workflows.get(name(workflow));
    if (known != null && known.workflow() == workflow) {
      return known;
    }
    registering.lock();
    try {
      return added(workflow);
    } finally {
      registering.unlock();
    }
  }

  private Registered added(Workflow<?> workflow) {
    var name = name(workflow);
    var before = workflows.get(name);
    if (before != null && before.workflow() == workflow) {
      return before;
    }
    var registered = Registered.of(workflow, limits);
    checkNames(registered);
    new Shapes(this).accept(registered);
    if (before != null) {
      workflows.put(name, registered);
    } else {
      runs.expectRecovery();
      workflows.put(name, registered);
      start("pawl-recovery", () -> runs.recover(registered));
      children.registered();
    }
    return registered;
  }

  private static String name(Workflow<?> workflow) {
    return workflow.name() + "@" + workflow.version();
  }

  private void halted(RuntimeException error) {
    if (!closing) {
      LOG.error("the store cannot be written any more; the engine stands still", error);
    }
    admission.close();
    waits.close();
    schedules.stop();
    runs.letIn();
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

  /// @throws StoreException if it has been closed
  void checkOpen() {
    if (closing) {
      throw new StoreException(StoreException.Kind.CLOSED, "the engine is closed");
    }
  }

  @Override
  public Outbox outbox() {
    return sending.outbox();
  }

  @Override
  public EventStream events() {
    return sending.events();
  }

  @Override
  public EventLog log() {
    return store.log();
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
      return closeOnce(deadline.compareTo(FOREVER) < 0 ? deadline : FOREVER);
    } finally {
      closer.unlock();
    }
  }

  private List<StuckStep> closeOnce(Duration deadline) {
    if (closing) {
      return List.of();
    }
    closing = true;
    long now = turns.nanoTime();
    schedules.close(now + deadline.toNanos() / 2);
    admission.close();
    waits.close();
    timers.close();
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
    sending.close(now + deadline.toNanos());
    children.close(now + deadline.toNanos());
    committer.close();
    watchers.close(now + deadline.toNanos());
    writer.close();
    if (ownsStore) {
      store.close();
    }
    return left;
  }

  private Stream<Attempt> running() {
    return runs.all().map(OpenRun::attempts).flatMap(Collection::stream).filter(Attempt::isRunning);
  }
}
