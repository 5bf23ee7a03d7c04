package dev.pawl.engine;

import dev.pawl.engine.pace.Timers;
import dev.pawl.run.Branch;
import dev.pawl.store.Encoded;
import dev.pawl.store.OnceRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.workflow.step.Action;
import dev.pawl.workflow.step.Channel;
import dev.pawl.workflow.step.StepContext;
import dev.pawl.workflow.step.TypeRef;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One attempt, and what its step sees of it. Closed when it ends, and when it is told to stop.
final class Attempt implements StepContext {
  private static final int MOST_PUBLISHED = 1_000;
  private final DurableEngine engine;
  private final OpenRun run;
  private final Branch branch;
  private final Instant began;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Instant stopped;
  private @Nullable Map<String, Encoded> recorded; // by the attempt's thread
  private @Nullable Set<String> named; // by the attempt's thread
  private Timers.@Nullable Timer timeout;
  private final List<OutboxRow> published = new ArrayList<>(); // by the attempt's thread
  private volatile boolean emitted;
  private boolean doomed; // guarded by the run's lock

  Attempt(DurableEngine engine, OpenRun run, Branch branch, Instant began) {
    this.engine = engine;
    this.run = run;
    this.branch = branch;
    this.began = began;
  }

  OpenRun run() {
    return run;
  }

  Branch branch() {
    return branch;
  }

  Instant began() {
    return began;
  }

  /// Enters user code on the current thread, with a limit of time.
  void enter(long nanos, Runnable onTimeout) {
    thread = Thread.currentThread();
    timeout = engine.timers().at(nanos, onTimeout);
    if (closed) {
      Thread.currentThread().interrupt();
    }
  }

  /// Leaves user code: from here on nobody interrupts the thread for this attempt.
  void leave() {
    var timer = timeout;
    if (timer != null) {
      timer.cancel();
    }
    synchronizedLeave();
    engine.stuck().remove(this);
    Thread.interrupted();
  }

  private void synchronizedLeave() {
    run.lock.lock();
    try {
      thread = null;
    } finally {
      run.lock.unlock();
    }
  }

  void close() {
    closed = true;
  }

  /// Says that it is to be interrupted. Called under the run's lock.
  void doom() {
    doomed = true;
  }

  /// Whether it is to be interrupted. Called under the run's lock.
  boolean isDoomed() {
    return doomed;
  }

  /// Closes it and interrupts its thread. Called under the run's lock.
  void stop() {
    closed = true;
    var running = thread;
    if (running != null) {
      stopped = engine.turns().now();
      engine.stuck().add(this);
      engine.turns().interrupt(running);
    }
  }

  /// Whether user code runs in it.
  boolean isRunning() {
    return thread != null;
  }

  /// The attempt as one that was told to stop and has not.
  StuckStep stuckStep() {
    var since = stopped;
    return new StuckStep(run.id, nodeName(), branch.attempt(), since == null ? began : since);
  }

  @Override
  public <E> void emit(Channel<E> channel, E value) {
    checkOpen();
    var shown = channel.type().cast(value);
    emitted = true;
    engine
        .watchers()
        .show(
            run.id,
            new Run.Event.Emitted<>(
                run.durable().seq(), nodeName(), branch.attempt(), channel.name(), shown));
  }

  /// Takes back what it has emitted, if it has.
  void retract() {
    if (emitted) {
      engine
          .watchers()
          .show(
              run.id, new Run.Event.Retracted<>(run.durable().seq(), nodeName(), branch.attempt()));
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          "attempt " + branch.attempt() + " of " + nodeName() + " is over; its context is closed");
    }
  }

  /// The name of its node, which is known also when it is over.
  String nodeName() {
    return run.registered.plan().name(branch.node());
  }

  @Override
  public String key() {
    checkOpen();
    return run.row.key();
  }

  @Override
  public String node() {
    checkOpen();
    return nodeName();
  }

  @Override
  public int attempt() {
    checkOpen();
    return branch.attempt();
  }

  @Override
  public Instant now() {
    checkOpen();
    return engine.turns().now();
  }

  @Override
  public Instant deadline() {
    checkOpen();
    var limit = began.plus(run.registered.plan().policy(branch.node()).perAttempt());
    return run.expiry().filter(limit::isAfter).orElse(limit);
  }

  @Override
  public RandomGenerator random() {
    checkOpen();
    return engine.turns().random();
  }

  @Override
  public String idempotencyKey() {
    checkOpen();
    var undo = branch.undo();
    return run.id
        + ":"
        + (undo == null ? engine.userCode().keyed(run, branch) : undo.branch())
        + ":"
        + nodeName()
        + ":"
        + branch.visit()
        + (undo == null ? "" : ":undo");
  }

  @Override
  public Map<String, String> headers() {
    checkOpen();
    return run.row.headers();
  }

  @Override
  public <T> T once(String name, Class<T> type, Callable<? extends T> action) throws Exception {
    return once(name, (Type) type, action);
  }

  @Override
  public <T> T once(String name, TypeRef<T> type, Callable<? extends T> action) throws Exception {
    return once(name, type.type(), action);
  }

  @Override
  public void once(String name, Action action) throws Exception {
    once(
        name,
        (Type) Boolean.class,
        () -> {
          action.run();
          return Boolean.TRUE;
        });
  }

  @Override
  public void publish(String topic, Object event) {
    publish(topic, key(), event);
  }

  @Override
  public void publish(String topic, String key, Object event) {
    checkOpen();
    if (topic.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException(
          nodeName() + " publishes an event whose topic or key is empty");
    }
    if (published.size() == MOST_PUBLISHED) {
      throw new IllegalStateException(
          nodeName() + " publishes more than " + MOST_PUBLISHED + " events in one attempt");
    }
    published.add(
        OutboxRow.sent(
            run.id,
            engine.sending().kind(),
            idempotencyKey() + "#" + published.size(),
            topic,
            key,
            engine.values().of(event, event.getClass(), null).stored(),
            run.row.headers(),
            engine.turns().now()));
  }

  /// What it has published.
  List<OutboxRow> published() {
    return published;
  }

  /// Forgets what it has published, because it failed.
  void unpublish() {
    published.clear();
  }

  /// The branch whose visit it is: a compensation may begin in the branch of a join, and be
  /// repeated by the root.
  private String owner() {
    var undo = branch.undo();
    return undo == null ? branch.id() : undo.branch();
  }

  @SuppressWarnings("unchecked")
  private <T> T once(String name, Type type, Callable<? extends T> action) throws Exception {
    checkOpen();
    if (named == null) {
      named = new HashSet<>();
      recorded = new HashMap<>();
      for (var row : engine.store().once(run.id, owner(), branch.visit())) {
        recorded.put(row.name(), row.value());
      }
    }
    if (!named.add(name)) {
      throw new IllegalArgumentException(
          "once(\""
              + name
              + "\") was called before in this attempt of "
              + nodeName()
              + "; give each a name of its own");
    }
    // The children of a call and those of a fork right after it have the same names.
    var stored = (branch.undo() == null ? "" : "undo ") + nodeName() + ":" + name;
    var known = recorded == null ? null : recorded.get(stored);
    if (known != null) {
      return (T) engine.values().codec().decode(known, type);
    }
    T result = action.call();
    var value = engine.values().of(result, type, null);
    checkOpen();
    var ticket =
        run.record(this, new OnceRow(run.id, owner(), branch.visit(), stored, value.stored()));
    if (ticket == null) {
      throw new IllegalStateException("the attempt is over; the result of " + name + " is dropped");
    }
    engine.committer().handOver(ticket);
    return result;
  }
}
