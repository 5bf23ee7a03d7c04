package dev.pawl.engine.inline;

import dev.pawl.engine.turns.Turns;
import dev.pawl.workflow.step.Action;
import dev.pawl.workflow.step.Channel;
import dev.pawl.workflow.step.StepContext;
import dev.pawl.workflow.step.TypeRef;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Where a branch of an inline run stands, and what its steps may know of that. The only object
/// that a run without forks needs: the id of the run, the record of `once` and what branches share
/// are made when somebody asks for them.
///
/// Belongs to the thread of its branch. An attempt on a thread of its own gets a copy.
final class Context implements StepContext {
  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(Context.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Turns turns;
  final Layout plan;
  private final @Nullable Origin origin;
  private @Nullable Shared run;
  private @Nullable Once once;
  private final @Nullable Instant deadline;
  private Node node;
  private int visit;
  private int attempt = 1;

  /// The visits that this branch may make before it has to count them with the others.
  private int free;

  /// Written with release and read with acquire, because a fence costs more than a step.
  @SuppressWarnings("unused")
  private boolean closed;

  /// Where a branch other than the root comes from.
  ///
  /// @param parent the branch that started it
  /// @param visit the parent's visit then
  /// @param index its place among its siblings
  /// @param key that of its item; null if it has none
  /// @param crew what can stop it; null if only the caller can
  /// @param steps counts its visits
  private record Origin(
      Context parent,
      int visit,
      int index,
      @Nullable String key,
      @Nullable Crew crew,
      AtomicInteger steps) {}

  /// The root of a run.
  Context(Turns turns, Layout plan) {
    this.turns = turns;
    this.plan = plan;
    this.origin = null;
    this.deadline = null;
    this.node = plan.nodes[plan.start];
    this.free = Shared.STEPS;
  }

  private Context(Context parent, Origin origin) {
    this.turns = parent.turns;
    this.plan = parent.plan;
    this.origin = origin;
    this.run = parent.run();
    this.deadline = null;
    this.node = parent.node;
  }

  private Context(Context branch, Instant deadline) {
    this.turns = branch.turns;
    this.plan = branch.plan;
    this.origin = branch.origin;
    this.run = branch.run();
    this.once = branch.onces();
    this.deadline = deadline;
    this.node = branch.node;
    this.visit = branch.visit;
    this.attempt = branch.attempt;
  }

  /// A branch of a fork, a parallel or a call.
  ///
  /// @param crew what can stop it; null if it runs on the thread of this branch
  Context branch(int index, @Nullable Crew crew) {
    return child(index, null, crew, steps());
  }

  /// An item of a map; its visits do not count among those of the run.
  ///
  /// @param key the item's key; null if it has none
  Context item(int index, @Nullable String key, @Nullable Crew crew) {
    return child(index, key, crew, new AtomicInteger());
  }

  private Context child(int index, @Nullable String key, @Nullable Crew crew, AtomicInteger steps) {
    var stops = crew == null && origin != null ? origin.crew : crew;
    return new Context(this, new Origin(this, visit, index, key, stops, steps));
  }

  /// The context of one attempt on a thread of its own.
  Context attemptUntil(Instant deadline) {
    return new Context(this, deadline);
  }

  /// Gets ready for children.
  void startBranches(int count) throws GaveUp {
    var shared = run();
    if (free > 0) {
      shared.steps.set(visit);
      free = 0;
    }
    shared.startBranches(count, node);
  }

  private Shared run() {
    var known = run;
    if (known == null) {
      known = new Shared(turns);
      run = known;
    }
    return known;
  }

  private AtomicInteger steps() {
    return origin == null ? run().steps : origin.steps;
  }

  /// Begins a visit.
  ///
  /// @throws GaveUp if the run has used up its visits
  /// @throws InterruptedException if the branch is to stop
  void enter(Node next) throws GaveUp, InterruptedException {
    if (Thread.interrupted() && obeysInterrupts()) {
      throw new InterruptedException();
    }
    node = next;
    attempt = 1;
    visit++;
    if (visit > free) {
      count();
    }
  }

  private void count() throws GaveUp, InterruptedException {
    if (origin != null && origin.crew != null && origin.crew.isStopped()) {
      throw new InterruptedException();
    }
    if (free > 0 || steps().incrementAndGet() > Shared.STEPS) {
      throw Shared.spent(node, "steps", Shared.STEPS);
    }
  }

  /// Whether an interrupt of this branch's thread means that the branch is to stop. It always does
  /// on the caller's thread; on others a step may have interrupted itself.
  boolean obeysInterrupts() {
    return origin == null || origin.crew == null || origin.crew.isStopped();
  }

  void attempt(int number) {
    attempt = number;
  }

  /// Moves to the node at which a branch ended.
  void endAt(Node end) {
    node = end;
  }

  /// Ends the attempt, or the branch: every method of its steps' context fails from now on.
  void close() {
    CLOSED.setRelease(this, true);
  }

  /// Fails if the attempt has ended.
  void open() {
    if ((boolean) CLOSED.getAcquire(this)) {
      throw new IllegalStateException(
          "an attempt at " + node.name + " has ended, and with it the use of its context");
    }
  }

  @Override
  public String key() {
    open();
    return plan.name;
  }

  @Override
  public String node() {
    open();
    return node.name;
  }

  @Override
  public int attempt() {
    open();
    return attempt;
  }

  @Override
  public Instant now() {
    open();
    return turns.now();
  }

  @Override
  public Instant deadline() {
    open();
    return deadline == null ? Instant.MAX : deadline;
  }

  @Override
  public RandomGenerator random() {
    open();
    return turns.random();
  }

  @Override
  public String idempotencyKey() {
    open();
    var key = new StringBuilder(80).append(run().id()).append(':');
    path(key);
    return key.append(':').append(node.name).append(':').append(visit).toString();
  }

  private void path(StringBuilder to) {
    if (origin != null) {
      origin.parent.path(to);
      to.append('/').append(origin.visit).append('.');
      if (origin.key == null) {
        to.append(origin.index);
      } else {
        to.append(origin.key);
      }
    }
  }

  @Override
  public Map<String, String> headers() {
    open();
    return Map.of();
  }

  @Override
  public <E> void emit(Channel<E> channel, E value) {
    open();
  }

  @Override
  public <T> T once(String name, Class<T> type, Callable<? extends T> action) throws Exception {
    open();
    return type.cast(onces().run(this, name, action));
  }

  @Override
  public <T> T once(String name, TypeRef<T> type, Callable<? extends T> action) throws Exception {
    open();
    return onces().<T>run(this, name, action);
  }

  @Override
  public void once(String name, Action action) throws Exception {
    open();
    onces()
        .run(
            this,
            name,
            () -> {
              action.run();
              return true;
            });
  }

  @Override
  public void publish(String topic, Object event) {
    publish(topic, key(), event);
  }

  @Override
  public void publish(String topic, String key, Object event) {
    open();
    throw new UnsupportedOperationException(
        node.name + " publishes to " + topic + ", but an inline run has no store to send it from");
  }

  private Once onces() {
    var known = once;
    if (known == null || !known.isOf(visit)) {
      known = new Once(visit);
      once = known;
    }
    return known;
  }
}
