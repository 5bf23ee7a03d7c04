package dev.pawl.testkit;

import dev.pawl.engine.Engine;
import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.Limits;
import dev.pawl.engine.Outbox;
import dev.pawl.engine.SignalOptions;
import dev.pawl.engine.Signalled;
import dev.pawl.engine.Start;
import dev.pawl.engine.StartOptions;
import dev.pawl.engine.schedule.Schedules;
import dev.pawl.run.Branch;
import dev.pawl.store.Codec;
import dev.pawl.store.EventLog;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.testkit.Attempts.Place;
import dev.pawl.testkit.StateChecks.Where;
import dev.pawl.testkit.turns.Killed;
import dev.pawl.testkit.turns.Order;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.testkit.turns.Stuck;
import dev.pawl.testkit.turns.VirtualProcess;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An engine for tests, in virtual time: days pass at once, and only when the test says so. It runs
/// the workflows as they are, on the same engine as in production; what it changes are the threads
/// (one runs at a time, in the same order each time) and the clock, which begins at
/// [Scheduler#START]. The same test gives the same course each time, as long as the steps do
/// nothing that depends on real time.
///
/// Runs go on while the test is in [#settle()], [#advance(Duration)], or waits for a run by
/// [TestRun#await] and the like. Each state is encoded, decoded and compared after each step, and
/// each input is compared with itself before and after its step: when that finds something, the
/// next of these calls, or [#close()], fails the test by an [AssertionError].
///
/// Belongs to the thread that made it, and to the steps that it runs; others are refused.
public final class TestEngine implements AutoCloseable {
  private static final int MOST = 50_000; // moments in which settle should come to an end
  private static final int ENDLESS = 1_000_000; // moments that nobody wants to wait for
  private static final int PAGE = 500;
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final int FEW = 6;
  private static final List<RunStatus> OPEN =
      Arrays.stream(RunStatus.values()).filter(status -> !status.isFinal()).toList();
  private static final List<RunStatus> AT_WORK = List.of(RunStatus.RUNNING, RunStatus.COMPENSATING);
  private static final List<RunStatus> MAY_WAIT = List.of(RunStatus.RUNNING, RunStatus.WAITING);

  private final Thread driver = Thread.currentThread();
  private final @Nullable Supplier<? extends Store> opener; // null: what is in memory lasts
  private final Codec codec;
  private final Limits limits;
  private final Consumer<EngineBuilder> setup;
  private final Scheduler scheduler;
  private final StateChecks checks;
  private final Attempts attempts;
  private final Map<String, Watched<?>> workflows = new LinkedHashMap<>();
  private final List<TestRun<?>> runs = new ArrayList<>();
  private final TestSchedules schedules = new TestSchedules(this);
  private Store store;
  private VirtualProcess process;
  private Engine engine;
  private int processes;
  private int messages; // that were given an id
  private @Nullable Stuck stuck;
  private boolean closed;

  TestEngine(
      List<Workflow<?>> workflows,
      @Nullable Supplier<? extends Store> opener,
      Codec codec,
      Limits limits,
      Consumer<EngineBuilder> setup,
      Duration patience) {
    this.opener = opener;
    this.codec = codec;
    this.limits = limits;
    this.setup = setup;
    this.scheduler = new Scheduler(Order.FIRST_COME, patience);
    this.checks = new StateChecks(codec);
    this.attempts = new Attempts(this::process, this::runsAt, checks);
    for (var workflow : workflows) {
      var watched = Watched.of(workflow, attempts, codec);
      if (this.workflows.put(id(workflow), watched) != null) {
        throw new IllegalArgumentException("workflow " + id(workflow) + " is given twice");
      }
    }
    this.process = scheduler.process("engine", ++processes);
    this.store = opener == null ? new MemoryStore() : opener.get();
    this.engine = start();
  }

  /// An engine with these workflows, a store in memory, and the codec that `ServiceLoader` finds.
  public static TestEngine of(Workflow<?>... workflows) {
    return builder(workflows).start();
  }

  /// Sets up an engine with another store, codec or limits.
  public static TestEngineBuilder builder(Workflow<?>... workflows) {
    return new TestEngineBuilder(workflows);
  }

  private static String id(Workflow<?> workflow) {
    return workflow.name() + "@" + workflow.version();
  }

  private VirtualProcess process() {
    return process;
  }

  /// The engine of the process that lives now.
  Engine engine() {
    return engine;
  }

  /// How many threads the engine has.
  int threads() {
    return process.threads();
  }

  Store store() {
    return store;
  }

  /// Which runs may be at a place: those of its workflow that are open.
  private String runsAt(Place place) {
    var watched = workflows.get(place.workflow() + "@" + place.version());
    var keys =
        watched == null
            ? List.<String>of()
            : store.runs(filter(watched, OPEN), Optional.empty(), FEW).stream()
                .map(RunRow::key)
                .toList();
    return switch (keys.size()) {
      case 1 -> "run " + keys.getFirst();
      case FEW -> "one of many runs";
      default -> "one of the runs " + String.join(", ", keys);
    };
  }

  private Engine start() {
    var builder = Engine.builder();
    setup.accept(builder);
    return builder
        .store(store)
        .codec(codec)
        .limits(limits)
        .turns(process)
        .register(workflows.values().stream().map(Watched::workflow).toArray(Workflow<?>[]::new))
        .start();
  }

  /// Starts a new process where the last has died.
  private void revive() {
    while (process.isKilled()) {
      process = scheduler.process("engine", ++processes);
      if (opener != null) {
        store.close();
        store = opener.get();
      }
      try {
        engine = start();
        schedules.putAgain();
      } catch (Killed e) {
        // by a step that has run again meanwhile
      }
    }
  }

  /// Starts a run. It goes on from the next call that lets time pass, or settles.
  ///
  /// @throws dev.pawl.engine.KeyTaken if an open run has the key
  /// @throws IllegalArgumentException if the engine was made without this workflow
  public <S> TestRun<S> start(Workflow<S> workflow, String key, S state) {
    return start(workflow, key, state, StartOptions.DEFAULT);
  }

  /// Starts a run.
  ///
  /// @throws dev.pawl.engine.KeyTaken if the key is taken and the options say to refuse
  /// @throws IllegalArgumentException if the engine was made without this workflow
  public <S> TestRun<S> start(Workflow<S> workflow, String key, S state, StartOptions options) {
    var watched = watched(workflow);
    checkStart(workflow, key, state);
    var id = call(() -> engine.start(watched.workflow(), key, state, options).id());
    return run(watched, id, key);
  }

  private void checkStart(Workflow<?> workflow, String key, Object state) {
    checks.survives(
        new Where(workflow.name(), "(the start)", "run " + key),
        state,
        workflow.definition().state());
  }

  /// Sends a signal to the open run that has a key, or starts a run that has accepted the signal,
  /// as [Engine#signalWithStart] does. A signal without an id is given one, so that it counts once
  /// although the process dies meanwhile and it is sent again.
  ///
  /// @throws IllegalArgumentException if the engine was made without this workflow
  public <S, T> TestRun<S> signalWithStart(
      Start<S> start, Signal<T> signal, T payload, SignalOptions options) {
    var watched = watched(start.workflow());
    checkStart(start.workflow(), start.key(), start.state());
    var own = new Start<>(watched.workflow(), start.key(), start.state(), start.options());
    var once = once(options);
    var id = call(() -> engine.signalWithStart(own, signal, payload, once).id());
    return run(watched, id, start.key());
  }

  /// Sends a signal to many runs, as [Engine#signalAll] does; one without an id is given one.
  ///
  /// @throws IllegalArgumentException if the engine was made without this workflow
  public <T> Signalled signalAll(
      Workflow<?> workflow,
      Store.Filter filter,
      Signal<T> signal,
      T payload,
      SignalOptions options) {
    var watched = watched(workflow);
    var once = once(options);
    return call(() -> engine.signalAll(watched.workflow(), filter, signal, payload, once));
  }

  /// The run that holds this key, or else the newest that had it; also one that a step started, or
  /// that was in the store before.
  public <S> Optional<TestRun<S>> find(Workflow<S> workflow, String key) {
    var watched = watched(workflow);
    return call(() -> engine.find(watched.workflow(), key)).map(run -> run(watched, run.id(), key));
  }

  private <S> TestRun<S> run(Watched<S> watched, RunId id, String key) {
    var run = new TestRun<>(this, watched, id, key);
    if (runs.stream().noneMatch(known -> known.id().equals(id))) {
      runs.add(run);
    }
    return run;
  }

  @SuppressWarnings("unchecked") // kept under its own name and version
  private <S> Watched<S> watched(Workflow<S> workflow) {
    var known = workflows.get(id(workflow));
    if (known == null) {
      throw new IllegalArgumentException(
          "this engine was made without workflow "
              + id(workflow)
              + ", with "
              + String.join(", ", workflows.keySet())
              + "; give all to TestEngine.of");
    }
    if (known.original() != workflow) {
      throw new IllegalArgumentException(
          "this engine was made with another workflow "
              + id(workflow)
              + "; build it once, and give that to TestEngine.of and here");
    }
    return (Watched<S>) known;
  }

  /// The schedules, of workflows that the engine was made with. Slots come as time passes. After a
  /// restart or a crash, all that were put are put again.
  public Schedules schedules() {
    return schedules;
  }

  <S> Workflow<S> watchedWorkflow(Workflow<S> workflow) {
    return watched(workflow).workflow();
  }

  /// What runs have sent and nobody has taken yet, and what was parked.
  public Outbox outbox() {
    return new DrivenOutbox();
  }

  /// The outbox of the process that lives when it is asked.
  private final class DrivenOutbox implements Outbox {
    @Override
    public List<OutboxRow> events(long after, int limit) {
      return call(() -> engine.outbox().events(after, limit));
    }

    @Override
    public List<OutboxRow> hook(String hook, long after, int limit) {
      return call(() -> engine.outbox().hook(hook, after, limit));
    }

    @Override
    public List<OutboxRow> parked(long after, int limit) {
      return call(() -> engine.outbox().parked(after, limit));
    }

    @Override
    public void retry(long number) {
      call(() -> {
        engine.outbox().retry(number);
        return number;
      });
    }

    @Override
    public void discard(long number) {
      call(() -> {
        engine.outbox().discard(number);
        return number;
      });
    }
  }

  /// The log of events of the engine's store.
  public EventLog log() {
    return call(() -> engine.log());
  }

  /// The virtual time.
  public Instant now() {
    return scheduler.now();
  }

  /// What is to befall the attempts at a node. Nodes of called workflows, maps and parallel nodes
  /// are named by the outer node and a slash first: `papers/invoice`.
  ///
  /// @param node a step, choice or delay
  /// @throws IllegalArgumentException if no workflow has such a node, or several have it
  public FakeStep at(String node) {
    var having = workflows.values().stream().filter(workflow -> workflow.has(node)).toList();
    if (having.isEmpty()) {
      throw Watched.unknown(node, List.copyOf(workflows.values()));
    }
    if (having.size() > 1) {
      throw new IllegalArgumentException(
          "several workflows have a node "
              + node
              + ": "
              + String.join(", ", having.stream().map(w -> id(w.workflow())).toList())
              + "; give the workflow first: at(workflow, \""
              + node
              + "\")");
    }
    return at(having.getFirst(), node);
  }

  /// As [#at(String)], for a node of this workflow.
  public FakeStep at(Workflow<?> workflow, String node) {
    return at(watched(workflow), node);
  }

  private FakeStep at(Watched<?> watched, String node) {
    checkNode(watched, node);
    return attempts.at(new Place(watched.workflow().name(), watched.workflow().version(), node));
  }

  private static void checkNode(Watched<?> watched, String node) {
    if (!watched.has(node)) {
      throw Watched.unknown(node, List.of(watched));
    }
    watched.checkStep(node);
  }

  int attempts(Watched<?> watched, RunId run, String node) {
    checkNode(watched, node);
    return attempts.begun(run, node);
  }

  /// Lets time pass. What falls due on the way happens when its time has come, in order; what is
  /// due at the end happens too. Steps that take time may still be under way at the end.
  ///
  /// @throws IllegalArgumentException if `by` is negative
  /// @throws AssertionError if a state or an input was found to be wrong
  /// @throws Stuck if a step blocks in real time
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time cannot go back by " + by);
    }
    checkDriver();
    passUntil(() -> false, now().plus(by));
    checks.tell();
  }

  /// Goes on until every run waits in a node or is over. Time passes as far as waits before retries
  /// and steps that take time need it, but never as far as to where a run waits: retries that are
  /// due later than that stay due.
  ///
  /// @throws AssertionError if that does not come to an end, with the runs; or if a state or an
  ///   input was found to be wrong
  /// @throws Stuck if a step blocks in real time
  public void settle() {
    checkDriver();
    for (int i = 0; i < MOST; i++) {
      idle();
      checks.tell();
      if (!isAnyAtWork()) {
        return;
      }
      var outlook = outlook();
      if (!outlook.mayPassTime()) {
        return;
      }
      var next = guarded(scheduler::nextAlarm);
      if (next == null) {
        throw new AssertionError("nothing goes on, though runs are not over:\n" + report());
      }
      if (!next.isBefore(outlook.waited())) {
        return;
      }
      guarded(() -> scheduler.passTo(next));
    }
    throw endless(MOST);
  }

  private AssertionError endless(int moments) {
    return new AssertionError(
        "after " + moments + " moments, at " + now() + ", runs are still at work:\n" + report());
  }

  private boolean isAnyAtWork() {
    return workflows.values().stream()
        .map(watched -> filter(watched, AT_WORK))
        .anyMatch(filter -> !store.runs(filter, Optional.empty(), 1).isEmpty());
  }

  private static Store.Filter filter(Watched<?> watched, List<RunStatus> statuses) {
    var workflow = watched.workflow();
    return new Store.Filter(
        Optional.of(workflow.name()), Optional.of(workflow.version()), statuses);
  }

  /// What is to come.
  ///
  /// @param underWay whether an attempt is, so that nobody knows when something happens
  /// @param retry when the next retry is due
  /// @param waited when the next wait in a node is over
  private record Outlook(boolean underWay, Instant retry, Instant waited) {
    static final Outlook FREE = new Outlook(true, Instant.MAX, Instant.MAX);

    boolean mayPassTime() {
      return underWay || retry.isBefore(waited);
    }

    /// With one branch more. One whose time has come, as the store has it, is in an attempt that
    /// the store knows nothing of.
    Outlook and(Branch branch, Instant now) {
      var due = branch.due();
      return switch (branch.phase()) {
        case BLOCKED, ARRIVED -> this;
        case READY, ACTIVE, DRAINING -> new Outlook(true, retry, waited);
        case BACKOFF, WAITING -> {
          if (due == null || !due.isAfter(now)) {
            yield new Outlook(true, retry, waited);
          }
          yield branch.phase() == Branch.Phase.BACKOFF
              ? new Outlook(underWay, due.isBefore(retry) ? due : retry, waited)
              : new Outlook(underWay, retry, due.isBefore(waited) ? due : waited);
        }
      };
    }
  }

  private Outlook outlook() {
    if (workflows.values().stream().noneMatch(Watched::waits)) {
      return Outlook.FREE;
    }
    var outlook = new Outlook(false, Instant.MAX, Instant.MAX);
    for (var watched : workflows.values()) {
      var after = Optional.<RunId>empty();
      for (boolean more = true; more; ) {
        var page = store.runs(filter(watched, MAY_WAIT), after, PAGE);
        for (var row : page) {
          for (var branch : watched.branches(store.load(row.id()))) {
            outlook = outlook.and(branch, now());
          }
        }
        more = page.size() == PAGE;
        after = page.isEmpty() ? after : Optional.of(page.getLast().id());
      }
    }
    return outlook;
  }

  /// Options by which a message counts once, however often it is sent.
  SignalOptions once(SignalOptions options) {
    return options.id().isPresent() ? options : options.id("message " + ++messages);
  }

  /// The names of the nodes where a run waits for a time.
  List<String> waitingAt(Watched<?> watched, RunId run) {
    return watched.branches(store.load(run)).stream()
        .filter(branch -> waits(watched, branch))
        .map(branch -> watched.plan().name(branch.node()))
        .toList();
  }

  private boolean waits(Watched<?> watched, Branch branch) {
    return switch (watched.plan().kind(branch.node())) {
      case AWAIT, CHILD ->
          branch.task() == Branch.Task.WORK
              && branch.phase() != Branch.Phase.ARRIVED
              && watched.listens(branch);
      default ->
          branch.phase() == Branch.Phase.WAITING
              && branch.due() != null
              && branch.due().isAfter(now());
    };
  }

  /// Kills the process that the engine runs in and starts another over the same store, as `kill -9`
  /// and a new start do: nothing is left but what was committed. Steps end where they wait; those
  /// that this cuts run again.
  public void restart() {
    checkDriver();
    guarded(process::kill);
    revive();
    checks.tell();
  }

  /// Lets time pass, alarm by alarm, until something holds or the time is `end`.
  ///
  /// @return whether it holds
  /// @throws AssertionError if that does not come to an end
  boolean passUntil(BooleanSupplier holds, Instant end) {
    for (int i = 0; i < ENDLESS; i++) {
      idle();
      if (holds.getAsBoolean()) {
        return true;
      }
      var next = guarded(scheduler::nextAlarm);
      if (next == null || next.isAfter(end)) {
        guarded(() -> scheduler.passTo(end));
        idle();
        return holds.getAsBoolean();
      }
      guarded(() -> scheduler.passTo(next));
    }
    throw endless(ENDLESS);
  }

  /// Lets threads run until all of them wait, in this process and those that follow it.
  private void idle() {
    do {
      revive();
      guarded(scheduler::idle);
    } while (process.isKilled());
  }

  /// Asks the engine that lives; when it dies meanwhile, the next one is asked again.
  <T, X extends Exception> T call(Call<T, X> call) throws X {
    if (!isDriver()) {
      return call.call();
    }
    checkDriver();
    for (; ; ) {
      revive();
      try {
        return call.call();
      } catch (Killed e) {
        if (!process.isKilled()) {
          throw e;
        }
      } catch (Stuck e) {
        stuck = e;
        throw e;
      }
    }
  }

  /// Something that an engine is asked.
  interface Call<T, X extends Exception> {
    T call() throws X;
  }

  private <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (Stuck e) {
      stuck = e;
      throw e;
    }
  }

  private void guarded(Runnable call) {
    guarded(() -> {
      call.run();
      return true;
    });
  }

  /// Whether the current thread is the test's, and not that of a step.
  boolean isDriver() {
    return Thread.currentThread() == driver;
  }

  private void checkDriver() {
    if (!isDriver()) {
      throw new IllegalStateException(
          "only the thread that made the engine, " + driver + ", may do this");
    }
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    if (stuck != null) {
      throw new IllegalStateException("the engine is stuck, as was said before", stuck);
    }
  }

  /// Fails the test with what was found since the last time.
  void tell() {
    if (isDriver()) {
      checks.tell();
    }
  }

  /// What became of each run that was started or found here: its status, where it waits, its path
  /// with what each node changed in the state, as text.
  public String report() {
    var text = new StringBuilder();
    if (closed && opener != null) {
      return "the engine is closed, and its store with it\n";
    }
    for (var run : runs) {
      text.append(run.report());
    }
    return text.toString();
  }

  /// Ends the process where it stands; a step that is under way does not go on. Closing a closed
  /// engine changes nothing.
  ///
  /// @throws AssertionError if a state or an input was found to be wrong since the last time
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (stuck == null) {
      checkDriver();
    }
    closed = true;
    try {
      if (scheduler.regain(GRACE)) {
        process.kill();
      }
    } finally {
      if (opener != null) {
        store.close();
      }
    }
    checks.tell();
  }
}
