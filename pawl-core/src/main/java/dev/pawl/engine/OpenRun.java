package dev.pawl.engine;

import dev.pawl.engine.commit.Ticket;
import dev.pawl.engine.pace.Timers;
import dev.pawl.engine.value.Value;
import dev.pawl.run.Branch;
import dev.pawl.run.Effect;
import dev.pawl.run.Event;
import dev.pawl.run.RunState;
import dev.pawl.run.Transition;
import dev.pawl.store.CodecException;
import dev.pawl.store.Commit;
import dev.pawl.store.OnceRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.WaitRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.model.Items;
import dev.pawl.workflow.model.Work;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A run that this engine owns, in memory. Sequence numbers are given, transitions applied and
/// commits queued under its lock, so that forks and joins need no retries and the store sees the
/// run's order.
final class OpenRun {
  final RunId id;
  final RunRow row;
  final Registered registered;
  final Value input;
  final Lock lock;
  private final DurableEngine engine;
  private final Map<String, Attempt> attempts = new HashMap<>(); // guarded by lock
  private final Set<String> suspects = new HashSet<>(); // guarded by lock
  private final KnownItems items = new KnownItems(); // guarded by lock
  private final Alarms alarms = new Alarms(); // guarded by lock
  private final Set<String> arriving = ConcurrentHashMap.newKeySet(); // ids, until durable
  private RunState state; // guarded by lock
  private final RunCommits commits;
  private boolean leaving; // guarded by lock: its place in memory is given up
  private boolean evicted; // guarded by lock
  private int held; // guarded by lock: senders that look for a wait
  private boolean brought; // guarded by lock: from the store

  OpenRun(DurableEngine engine, RunRow row, Registered registered, Value input, RunState state) {
    this.engine = engine;
    this.lock = engine.turns().lock();
    this.id = row.id();
    this.row = row;
    this.registered = registered;
    this.input = input;
    this.state = state;
    this.commits = new RunCommits(engine, this, state);
  }

  /// Takes over what the store says beside the history: waits, and the branches that a crash may
  /// have cut in an attempt, whose next attempts are marked.
  void restored(List<WaitRow> waits, boolean crashed) {
    brought = true;
    commits.restored(waits);
    if (!crashed) {
      return;
    }
    for (var branch : state.branches()) {
      if (branch.phase() == Branch.Phase.READY) {
        suspects.add(branch.id());
      }
    }
  }

  /// Reads the states of its branches and its messages, which are read when they are needed
  /// otherwise.
  ///
  /// @throws CodecException if one cannot be read
  void readStates() {
    for (var branch : state.branches()) {
      read("", branch.state());
      var listening = branch.listening();
      if (listening != null) {
        read("signal " + listening.signal() + ": ", listening.payload());
      }
    }
    for (var message : state.inbox().unused()) {
      read(
          "message " + message.number() + ", signal " + message.signal() + ": ", message.payload());
    }
  }

  /// @param what what it is, for people
  private static void read(String what, @Nullable Object opaque) {
    if (opaque instanceof Value value) {
      try {
        value.get();
      } catch (CodecException e) {
        throw new CodecException(what + e.getMessage(), e);
      }
    }
  }

  /// Begins an attempt, if the branch may begin one.
  ///
  /// @return the attempt and the commit to wait for before it runs, if there is one
  @Nullable Begun begin(String branchId) {
    lock.lock();
    try {
      var branch = state.branches().get(branchId);
      if (branch == null || leaving || !state.runnable(branch)) {
        return null;
      }
      var now = engine.turns().now();
      var again = suspects.remove(branchId);
      var event =
          again
              ? new Event.Again(branchId, branch.visit(), branch.attempt(), now)
              : new Event.Begun(branchId, branch.visit(), branch.attempt());
      var ticket = settle(event).ticket();
      var active = state.branches().get(branchId);
      if (active == null || active.phase() != Branch.Phase.ACTIVE) {
        return ticket == null ? null : new Begun(null, ticket);
      }
      var attempt = new Attempt(engine, this, active, now);
      attempts.put(branchId, attempt);
      return new Begun(attempt, ticket);
    } finally {
      lock.unlock();
    }
  }

  /// What [#begin] began.
  ///
  /// @param attempt the attempt, or null if the run was paused instead
  /// @param ticket the commit to wait for, or null
  record Begun(@Nullable Attempt attempt, @Nullable Ticket ticket) {}

  /// Ends an attempt with what it came to; one that has been replaced only leaves.
  ///
  /// @return what is to be waited for and done, or null if nothing is
  @Nullable Settled end(Attempt attempt, Event event) {
    lock.lock();
    try {
      attempt.close();
      if (!attempts.remove(attempt.branch().id(), attempt) || leaving) {
        return null;
      }
      var branch = state.branches().get(attempt.branch().id());
      if (!isKept(event) || branch == null || branch.phase() == Branch.Phase.DRAINING) {
        attempt.retract();
      }
      return branch != null && branch.phase() == Branch.Phase.DRAINING
          ? settle(drained(branch, event))
          : settle(event, attempt.published());
    } finally {
      lock.unlock();
    }
  }

  /// Whether what an attempt did counts.
  private static boolean isKept(Event event) {
    return switch (event) {
      case Event.Retry retry -> false;
      case Event.GaveUp gaveUp -> false;
      case Event.Left left -> left.failure() == null;
      default -> true;
    };
  }

  private static Event drained(Branch branch, Event event) {
    var left =
        event instanceof Event.Left outcome ? Optional.of(outcome) : Optional.<Event.Left>empty();
    return new Event.Drained(branch.id(), left.filter(outcome -> outcome.failure() == null));
  }

  /// Replaces an attempt that has taken too long by one that speaks for it.
  ///
  /// @return the attempt that does, or null if the other has ended
  @Nullable Attempt expire(Attempt attempt) {
    lock.lock();
    try {
      if (attempts.get(attempt.branch().id()) != attempt) {
        return null;
      }
      var successor = new Attempt(engine, this, attempt.branch(), attempt.began());
      attempts.put(attempt.branch().id(), successor);
      attempt.stop();
      attempt.retract();
      return successor;
    } finally {
      lock.unlock();
    }
  }

  /// Lets something happen to the run.
  ///
  /// @return what is to be waited for and done; null if the run is leaving memory
  @Nullable Settled happen(Event event) {
    lock.lock();
    try {
      return leaving ? null : settle(event);
    } finally {
      lock.unlock();
    }
  }

  /// Hears that a child is over, if it waits for it.
  ///
  /// @return null if the run is leaving memory
  @Nullable Heard hear(Event.Ended event, Predicate<RunState> waits) {
    lock.lock();
    try {
      if (leaving) {
        return null;
      }
      if (handles(event)) {
        return new Heard(NOTHING, true);
      }
      if (waits.test(state)) {
        var settled = settle(event);
        return new Heard(settled, handles(event));
      }
      var left = leave();
      return new Heard(
          new Settled(left == null ? commits.behind(state) : left, List.of(), true), false);
    } finally {
      lock.unlock();
    }
  }

  private boolean handles(Event.Ended event) {
    var branch = state.branches().get(event.branch());
    return branch != null && branch.row() == event.row();
  }

  /// What has become of the end of a child.
  ///
  /// @param settled the transition; it has done nothing if nobody waits for the child any more
  /// @param handled whether its row is handled, and removed when that is recorded
  record Heard(Settled settled, boolean handled) {}

  /// Accepts a message.
  ///
  /// @param event its arrival
  /// @return as [#happen]; nothing is done if the run has accepted a message with this id before,
  ///   which may not be durable yet
  /// @throws SignalRefused if it stands where the message is refused
  /// @throws InboxFull if it has as many messages as it may have that wait for something
  @Nullable Settled receive(Event.Arrived event) {
    lock.lock();
    try {
      if (leaving) {
        return null;
      }
      if (event.id().filter(this::isAccepted).isPresent()) {
        return NOTHING;
      }
      checkNotRefused(event);
      if (state.inbox().unused().size() >= engine.limits().messages()) {
        throw new InboxFull(row.key(), engine.limits().messages());
      }
      event.id().ifPresent(arriving::add);
      return settle(event);
    } finally {
      lock.unlock();
    }
  }

  /// Keeps the run in memory until [#letGo], and rings its watchers also for what is not committed.
  ///
  /// @return false if it is leaving
  boolean hold() {
    lock.lock();
    try {
      held += leaving ? 0 : 1;
      return !leaving;
    } finally {
      lock.unlock();
    }
  }

  /// Undoes one [#hold].
  ///
  /// @return the commit by which it leaves memory, if it does by one
  @Nullable Ticket letGo() {
    lock.lock();
    try {
      held--;
      return leave();
    } finally {
      lock.unlock();
    }
  }

  /// Leaves memory, unless something keeps it there.
  ///
  /// @return the commit by which it does, if it does by one
  @Nullable Ticket leave() {
    lock.lock();
    try {
      return held == 0 && !leaving ? unchanged() : null;
    } finally {
      lock.unlock();
    }
  }

  private void checkNotRefused(Event.Arrived event) {
    registered
        .transitions()
        .refusing(state, event)
        .ifPresent(branch -> {
          throw new SignalRefused(row.key(), registered.plan().name(branch.node()), event.signal());
        });
  }

  /// The branch whose wait a signal would end now.
  ///
  /// @throws SignalRefused if it stands where the signal is refused
  Optional<Branch> receiver(Event.Arrived event) {
    lock.lock();
    try {
      if (leaving) {
        return Optional.empty();
      }
      checkNotRefused(event);
      return registered.transitions().receiver(state, event);
    } finally {
      lock.unlock();
    }
  }

  /// Accepts a message for a branch that is as it was when it was looked at.
  ///
  /// @return null if the branch has changed, or the run has accepted a message with this id before
  @SuppressWarnings("ReferenceEquality") // a branch that has not changed is the same object
  @Nullable Taken take(Branch receiver, Event.Arrived event) {
    lock.lock();
    try {
      if (receiver(event).filter(branch -> branch == receiver).isEmpty()
          || event.id().filter(this::isAccepted).isPresent()) {
        return null;
      }
      event.id().ifPresent(arriving::add);
      long seq = state.seq() + 1;
      return new Taken(settle(event), seq);
    } finally {
      lock.unlock();
    }
  }

  /// A message that a branch has taken.
  ///
  /// @param seq the row that says so
  record Taken(Settled settled, long seq) {}

  private boolean isAccepted(String message) {
    return arriving.contains(message) || engine.store().accepted(id, message);
  }

  /// A transition that was queued.
  ///
  /// @param ticket the commit to wait for; null if there was nothing to write
  /// @param effects what is to be done then
  /// @param isNothing whether the event did nothing
  record Settled(@Nullable Ticket ticket, List<Effect> effects, boolean isNothing) {}

  static final Settled NOTHING = new Settled(null, List.of(), true);

  private Settled settle(Event event) {
    return settle(event, List.of());
  }

  private Settled settle(Event event, List<OutboxRow> published) {
    var transition = registered.transitions().on(state, event);
    if (transition.isNothing()) {
      return NOTHING;
    }
    var ticket = queue(transition, published);
    items.retain(state);
    alarms.sweep();
    transition.effects().forEach(this::doom);
    if (held > 0) {
      engine.watchers().ring(id);
    }
    return new Settled(ticket, leaving ? List.of() : transition.effects(), false);
  }

  /// Marks the attempt that is to be interrupted once that is durable: it may have ended by then,
  /// and the next one of its branch have begun.
  private void doom(Effect effect) {
    if (effect instanceof Effect.Interrupt interrupt) {
      var attempt = attempts.get(interrupt.branch());
      if (attempt != null) {
        attempt.doom();
      }
    }
  }

  /// Whether all that was queued has an answer, or never will have one.
  boolean isAnswered() {
    return commits.areAnswered() || isEvicted();
  }

  /// Takes the run as just started and queues its first commit. One that waits for others at once
  /// gives up its place in memory with it.
  Ticket started() {
    return started(nothing());
  }

  /// As [#started()], with what has come of a signal that it starts with.
  Ticket started(Transition start) {
    lock.lock();
    try {
      leaving = engine.runs().mayRelease(this, state, true);
      return commits.started(start, leaving);
    } finally {
      lock.unlock();
    }
  }

  /// Queues that the run is over, if the store does not say so: what drained when it was last in
  /// memory died with its process.
  Settled ended() {
    lock.lock();
    try {
      return new Settled(unchanged(), List.of(), false);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Ticket unchanged() {
    return queue(nothing(), List.of());
  }

  private Transition nothing() {
    return new Transition(state, state, List.of(), List.of(), Optional.empty());
  }

  /// Sets a timer that is cancelled when its visit is over, or the run leaves memory; it takes the
  /// place of the one of that kind that the branch had before.
  void arm(String kind, String branchId, int visit, Supplier<Timers.Timer> timer) {
    lock.lock();
    try {
      alarms.set(kind + branchId, () -> isOver(branchId, visit), timer);
    } finally {
      lock.unlock();
    }
  }

  /// Sets a timer that is cancelled when the run does not go on any more, or leaves memory.
  void armExpiry(Supplier<Timers.Timer> timer) {
    lock.lock();
    try {
      alarms.set(WaitRow.RUN, () -> leaving || !state.goesOn(), timer);
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver(String branchId, int visit) {
    var branch = state.branches().get(branchId);
    return leaving || branch == null || branch.visit() != visit || state.status().isFinal();
  }

  private @Nullable Ticket queue(Transition transition, List<OutboxRow> published) {
    state = transition.after();
    boolean release = held == 0 && engine.runs().mayRelease(this, state, attempts.isEmpty());
    leaving |= release;
    return commits.queue(transition, published, release);
  }

  /// When its time is over, if it is limited and the run goes on.
  Optional<Instant> expiry() {
    lock.lock();
    try {
      return registered.plan().expiry(state, row.created());
    } finally {
      lock.unlock();
    }
  }

  /// Hears what is durable of it.
  void committed(Commit commit) {
    commit.mail().received().forEach(message -> message.id().ifPresent(arriving::remove));
  }

  /// The run as it is durable.
  RunState durable() {
    return commits.durable();
  }

  /// The changing part of the run's row as it is durable.
  RunRow.State durableRow() {
    return commits.durableRow();
  }

  /// The committed state of the root branch.
  Value rootValue() {
    return commits.rootValue();
  }

  /// Drops the run from memory, because the store refused what it said; its queued tail is dropped
  /// too.
  void evict() {
    lock.lock();
    try {
      evicted = true;
      leaving = true;
      attempts.values().forEach(Attempt::stop);
      attempts.values().forEach(Attempt::retract);
      attempts.clear();
      alarms.sweep();
    } finally {
      lock.unlock();
    }
    engine.runs().evicted(this);
  }

  /// Whether it has been dropped.
  boolean isEvicted() {
    lock.lock();
    try {
      return evicted;
    } finally {
      lock.unlock();
    }
  }

  /// Whether its place in memory has been given up.
  boolean isLeaving() {
    lock.lock();
    try {
      return leaving;
    } finally {
      lock.unlock();
    }
  }

  /// Interrupts the attempt of a branch that is to be, and closes it.
  void interrupt(String branchId) {
    lock.lock();
    try {
      var attempt = attempts.get(branchId);
      if (attempt != null && attempt.isDoomed()) {
        var branch = state.branches().get(branchId);
        if (branch == null || branch.phase() != Branch.Phase.DRAINING) {
          attempts.remove(branchId);
          attempt.retract();
        }
        attempt.stop();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether it was brought from the store, and may have done what it does not know of.
  boolean isBrought() {
    lock.lock();
    try {
      return brought;
    } finally {
      lock.unlock();
    }
  }

  /// Queues the first commit of a run that an attempt starts.
  ///
  /// @return the commit to wait for, or null if the attempt is over, or is to be
  @Nullable Ticket start(Attempt attempt, OpenRun child) {
    lock.lock();
    try {
      var branch = state.branches().get(attempt.branch().id());
      boolean isActive =
          attempts.get(attempt.branch().id()) == attempt
              && !leaving
              && branch != null
              && branch.phase() == Branch.Phase.ACTIVE;
      return isActive ? child.started() : null;
    } finally {
      lock.unlock();
    }
  }

  /// Queues a result that an attempt has recorded.
  ///
  /// @return the commit to wait for, or null if the attempt is over
  @Nullable Ticket record(Attempt attempt, OnceRow once) {
    lock.lock();
    try {
      if (attempts.get(attempt.branch().id()) != attempt || leaving) {
        return null;
      }
      return commits.record(once, state);
    } finally {
      lock.unlock();
    }
  }

  /// Interrupts an attempt without a successor, because the engine closes.
  void interrupt(Attempt attempt) {
    lock.lock();
    try {
      attempt.stop();
    } finally {
      lock.unlock();
    }
  }

  /// A branch as it is now, committed or not.
  @Nullable Branch branch(String branchId) {
    lock.lock();
    try {
      return state.branches().get(branchId);
    } finally {
      lock.unlock();
    }
  }

  /// Whether the next attempt of a branch is the engine's own work, but for functions of the state:
  /// it starts a run, or goes on after a delay.
  boolean isOfEngine(String branchId) {
    var branch = branch(branchId);
    if (branch == null) {
      return false;
    }
    return switch (registered.plan().model(branch.node()).work()) {
      case Work.Child<?, ?> child -> branch.task() == Branch.Task.WORK;
      case Work.Delay<?> delay -> branch.task() == Branch.Task.ELAPSED && delay.then().isEmpty();
      default -> false;
    };
  }

  /// The attempts under way.
  List<Attempt> attempts() {
    lock.lock();
    try {
      return List.copyOf(attempts.values());
    } finally {
      lock.unlock();
    }
  }

  /// The items of a map that a branch is in, made by `make` when they are not known.
  Items items(Branch parent, Supplier<Items> make) {
    lock.lock();
    try {
      var known = items.get(parent);
      if (known != null) {
        return known;
      }
    } finally {
      lock.unlock();
    }
    var made = make.get();
    lock.lock();
    try {
      items.put(parent, made);
    } finally {
      lock.unlock();
    }
    return made;
  }
}
