package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.run.Branch;
import dev.pawl.run.Effect;
import dev.pawl.run.Plan;
import dev.pawl.run.RunState;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The runs that are in memory, how they come there and how they leave.
///
/// Whoever brings a run reserves its place first and reads the store then, so that what was read
/// cannot be out of date when it arrives: nobody else brings the run meanwhile, changes it and
/// takes it away again. Recovery reads many at once before it reserves places; it reads again those
/// that others have brought since it began.
final class OpenRuns {
  private static final Logger LOG = LoggerFactory.getLogger(OpenRuns.class);
  private static final int PAGE = 1_000;
  private final DurableEngine engine;
  private final Map<RunId, OpenRun> open = new ConcurrentHashMap<>();
  private final Map<RunId, Set<RunId>> awaited = new ConcurrentHashMap<>(); // children, by parent
  private final Set<RunId> reserved = ConcurrentHashMap.newKeySet();
  private final Queue<Turns.Bell> crowded = new ConcurrentLinkedQueue<>();
  private final AtomicInteger recoveries = new AtomicInteger();
  private final Set<RunId> brought = ConcurrentHashMap.newKeySet(); // while there are recoveries

  OpenRuns(DurableEngine engine) {
    this.engine = engine;
  }

  /// Waits while there are so many runs in memory, or more.
  void awaitRoom(int most) {
    while (open.size() >= most && !engine.isClosing()) {
      engine.checkWritable();
      var bell = engine.turns().bell();
      crowded.add(bell);
      if (open.size() >= most) {
        bell.await();
      }
    }
  }

  /// How many there are.
  int count() {
    return open.size();
  }

  /// Wakes who waits for room.
  void letIn() {
    for (Turns.Bell bell; (bell = crowded.poll()) != null; ) {
      bell.ring();
    }
  }

  /// Takes in a run that has just been made.
  void put(OpenRun run) {
    open.put(run.id, run);
    parent(run)
        .ifPresent(parent ->
            awaited.compute(
                parent,
                (id, known) -> {
                  var children = known == null ? new HashSet<RunId>() : known;
                  children.add(run.id);
                  return children;
                }));
  }

  /// Drops a run, or one that never was.
  void remove(OpenRun run) {
    if (open.remove(run.id, run)) {
      parent(run).ifPresent(parent -> told(parent, run.id));
    }
  }

  /// Hears that a run needs not stay in memory for a child any more: it is going to hear that this
  /// one is over, or the child has left memory.
  void told(RunId parent, RunId child) {
    awaited.computeIfPresent(
        parent,
        (id, children) -> {
          children.remove(child);
          return children.isEmpty() ? null : children;
        });
  }

  /// The run that waits for the end of this one.
  private static Optional<RunId> parent(OpenRun run) {
    return run.row.parent().filter(RunRow.Parent::waits).map(RunRow.Parent::run);
  }

  /// The run, if it is in memory now.
  @Nullable OpenRun now(RunId id) {
    return open.get(id);
  }

  Stream<OpenRun> all() {
    return open.values().stream();
  }

  /// The run in memory, if it is open and its workflow is known; it is loaded when it is not.
  ///
  /// @return null if the run is over, or unknown, or its workflow is, or it cannot be read
  @Nullable OpenRun bring(RunId id) {
    for (; ; ) {
      var run = open.get(id);
      if (run != null && !run.isLeaving()) {
        return run;
      }
      if (run != null) {
        await(id, () -> open.get(id) != run);
      } else if (!reserved.add(id)) {
        await(id, () -> !reserved.contains(id));
      } else {
        try {
          if (recoveries.get() > 0) {
            brought.add(id);
          }
          if (!open.containsKey(id) && !load(id)) {
            return null;
          }
        } finally {
          release(id);
        }
      }
    }
  }

  /// Reserves the places of runs that are not in memory and reads them; whoever calls it lets each
  /// of them [#arrive].
  List<Store.Loaded> reserve(Collection<RunId> ids) {
    var places =
        ids.stream().distinct().filter(id -> !open.containsKey(id) && reserved.add(id)).toList();
    if (recoveries.get() > 0) {
      brought.addAll(places);
    }
    List<Store.Loaded> loaded = List.of();
    try {
      loaded = engine.store().load(places);
      return loaded;
    } finally {
      var read = loaded.stream().map(one -> one.run().id()).collect(Collectors.toSet());
      places.stream().filter(id -> !read.contains(id)).forEach(this::release);
    }
  }

  /// Takes in a run that was reserved and read.
  ///
  /// @param wanted which of its effects are to be performed
  void arrive(Store.Loaded loaded, Predicate<Effect> wanted) {
    var id = loaded.run().id();
    try {
      if (!open.containsKey(id)) {
        resume(loaded, wanted);
      }
    } finally {
      release(id);
    }
  }

  /// Waits for a run to leave memory, or to arrive. What is queued is written first, because
  /// whoever waits may have queued it: the commit by which the run leaves, for one.
  private void await(RunId id, BooleanSupplier holds) {
    engine.committer().wake();
    engine
        .watchers()
        .awaitChange(
            id,
            () -> {
              engine.checkWritable();
              return holds.getAsBoolean();
            },
            DurableEngine.FOREVER);
  }

  private void release(RunId id) {
    reserved.remove(id);
    engine.watchers().ring(id);
  }

  /// Loads a run whose place is reserved.
  ///
  /// @return whether it is in memory now
  private boolean load(RunId id) {
    return engine.store().load(id).filter(loaded -> resume(loaded, effect -> true)).isPresent();
  }

  /// Takes a stored run into memory, if it is open and its workflow is known.
  ///
  /// @param wanted which of its effects are to be performed
  /// @return whether it is in memory now
  private boolean resume(Store.Loaded loaded, Predicate<Effect> wanted) {
    var registered = engine.registered(loaded.run());
    return !loaded.run().state().status().isFinal()
        && registered != null
        && resume(registered, loaded, wanted);
  }

  /// Hears that runs of another workflow are going to be recovered, before anybody can bring one.
  void expectRecovery() {
    recoveries.incrementAndGet();
  }

  /// Brings back what was running when the last engine of this store ended.
  void recover(Registered registered) {
    try {
      var after = Optional.<RunId>empty();
      for (boolean more = true; more && !engine.isClosing(); ) {
        var page = engine.store().owned(registered.name(), after, PAGE);
        for (var loaded : page) {
          if (loaded.run().version().equals(registered.version())
              && loaded.run().state().owner() != engine.writer().id()
              && !engine.isClosing()) {
            recover(registered, loaded);
          }
        }
        more = page.size() == PAGE;
        after = page.isEmpty() ? after : Optional.of(page.getLast().run().id());
      }
    } catch (StoreException e) {
      if (!engine.isClosing()) {
        LOG.error("runs of {} could not be brought back", registered.name(), e);
      }
    } finally {
      if (recoveries.decrementAndGet() == 0) {
        brought.clear();
      }
    }
    engine.waits().registered();
  }

  private void recover(Registered registered, Store.Loaded loaded) {
    var id = loaded.run().id();
    if (!reserved.add(id)) {
      return; // whoever has reserved it brings it
    }
    try {
      if (!brought.contains(id) && !open.containsKey(id)) {
        resume(registered, loaded, effect -> true);
      }
    } finally {
      release(id);
    }
  }

  /// Takes a stored run into memory, if it can be read.
  ///
  /// @return whether it could be read
  private boolean resume(Registered registered, Store.Loaded loaded, Predicate<Effect> wanted) {
    var opened = engine.stored().open(registered, loaded);
    if (opened == null) {
      return false;
    }
    put(opened.run());
    if (opened.run().durable().status().isFinal()) {
      engine.runner().ended(opened.run());
    }
    engine.runner().perform(opened.run(), opened.effects().stream().filter(wanted).toList());
    return true;
  }

  /// Whether a run with this state should give up its place in memory. One that waits for runs that
  /// are in memory stays, because these may end soon, and until it is told that they did.
  boolean mayRelease(OpenRun run, RunState state, boolean idle) {
    if (!idle || state.status().isFinal() || awaited.containsKey(run.id)) {
      return false;
    }
    var plan = run.registered.plan();
    boolean paused = state.paused() != null;
    boolean waits = paused;
    for (var branch : state.branches()) {
      boolean works =
          switch (branch.phase()) {
            case READY ->
                !paused
                    || branch.row() > 0
                    || branch.task() != Branch.Task.WORK && branch.task() != Branch.Task.UNDO;
            case ACTIVE, DRAINING -> true;
            case BACKOFF, WAITING -> mayBeLateInDelay(plan, branch);
            case BLOCKED, ARRIVED -> false;
          };
      if (works) {
        return false;
      }
      waits |= branch.phase() == Branch.Phase.WAITING || branch.phase() == Branch.Phase.BACKOFF;
    }
    return waits && wake(run, state).filter(this::isSoon).isEmpty();
  }

  /// Whether a visit of a delay may have taken too long before the delay is over: the store keeps
  /// one time for a branch, and has to keep the end of the delay.
  private static boolean mayBeLateInDelay(Plan plan, Branch branch) {
    return plan.kind(branch.node()) == Plan.Kind.DELAY
        && !plan.wake(branch).equals(Optional.ofNullable(branch.due()));
  }

  private boolean isSoon(Instant time) {
    return Duration.between(engine.turns().now(), time).compareTo(engine.limits().release()) <= 0;
  }

  private static Optional<Instant> wake(OpenRun run, RunState state) {
    return run.registered.plan().wake(state, run.row.created());
  }

  /// Hears that a run gives up its place, and that the store knows all of it.
  void left(OpenRun run) {
    var state = run.durable();
    if (state.status().isFinal()) {
      open.remove(run.id, run);
    } else {
      remove(run);
      wake(run, state).ifPresent(engine.waits()::added);
      parent(run)
          .filter(parent -> !awaited.containsKey(parent))
          .map(open::get)
          .ifPresent(parent -> engine.start("pawl-parent", () -> engine.runner().leave(parent)));
    }
    letIn();
    engine.watchers().ring(run.id);
  }

  /// Hears, from the committer, that the store refused a commit of a run: it is loaded again from
  /// what the store has.
  void evicted(OpenRun run) {
    remove(run);
    letIn();
    engine.watchers().ring(run.id);
    if (!engine.isClosing()) {
      engine.start("pawl-reload", () -> bring(run.id));
      engine.children().evicted(run);
    }
  }
}
