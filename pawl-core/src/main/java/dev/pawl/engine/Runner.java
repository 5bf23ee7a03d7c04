package dev.pawl.engine;

import dev.pawl.engine.pace.Admission;
import dev.pawl.engine.pace.Timers;
import dev.pawl.engine.value.Value;
import dev.pawl.run.Block;
import dev.pawl.run.Branch;
import dev.pawl.run.Effect;
import dev.pawl.run.Event;
import dev.pawl.run.Failure;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.Items;
import dev.pawl.workflow.model.Merge;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer.Change;
import dev.pawl.workflow.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// Runs attempts: everything that is user code is called from here, on a virtual thread for each
/// active branch, and whatever it throws ends the attempt and nothing else.
@SuppressWarnings("unchecked") // the builders have checked the types; the plan has erased them
final class Runner {
  private static final int STUCK = 100;
  private static final Duration FAR = Duration.ofDays(3_650);
  private final DurableEngine engine;
  private final AtomicInteger underWay = new AtomicInteger();

  Runner(DurableEngine engine) {
    this.engine = engine;
  }

  /// Does what a durable transition asks for.
  void perform(OpenRun run, List<Effect> effects) {
    for (var effect : effects) {
      switch (effect) {
        case Effect.Begin begin -> admit(run, begin.branch());
        case Effect.Interrupt interrupt -> run.interrupt(interrupt.branch());
        case Effect.Wake wake -> arm(run, wake);
        case Effect.Deadline deadline -> arm(run, deadline);
      }
    }
  }

  private void arm(OpenRun run, Effect.Wake wake) {
    if (isNear(wake.at())) {
      var due = new Event.Due(wake.branch(), wake.visit(), wake.attempt(), wake.at());
      run.arm("due", wake.branch(), wake.visit(), () -> at(run, wake.at(), due));
    }
  }

  private void arm(OpenRun run, Effect.Deadline deadline) {
    if (isNear(deadline.at())) {
      var late = new Event.Late(deadline.branch(), deadline.visit());
      run.arm("late", deadline.branch(), deadline.visit(), () -> at(run, deadline.at(), late));
    }
  }

  /// Whether a time may come while this process runs; what is farther away may be so far that it
  /// cannot be counted in nanoseconds.
  private boolean isNear(Instant time) {
    return Duration.between(engine.turns().now(), time).compareTo(FAR) < 0;
  }

  private Timers.Timer at(OpenRun run, Instant time, Event event) {
    return engine
        .timers()
        .at(engine.nanosAt(time), () -> engine.untilHalted(() -> happen(run, event)));
  }

  /// Lets something happen to a run that is in memory, and sees it through.
  ///
  /// @return whether the run was still in memory
  boolean happen(OpenRun run, Event event) {
    engine.committer().awaitRoom();
    var settled = run.happen(event);
    if (settled == null) {
      return false;
    }
    follow(run, settled, null);
    return true;
  }

  /// Sees to it that the store, too, has a run as over that was brought back and is.
  void ended(OpenRun run) {
    follow(run, run.ended(), null);
  }

  private void admit(OpenRun run, String branch) {
    engine
        .admission()
        .enter(
            run.row.workflow(),
            place(run, branch),
            () -> engine.start("pawl-branch", () -> enter(run, branch)));
  }

  private Admission.@Nullable Place place(OpenRun run, String branchId) {
    var plan = run.registered.plan();
    if (!run.registered.limited()) {
      return null;
    }
    var branch = run.branch(branchId);
    if (branch == null) {
      return null;
    }
    int limit = plan.policy(branch.node()).concurrency();
    return limit == Integer.MAX_VALUE
        ? null
        : new Admission.Place(run.row.workflow(), plan.name(branch.node()), limit);
  }

  private void enter(OpenRun run, String branch) {
    underWay.incrementAndGet();
    try {
      go(run, branch);
    } finally {
      underWay.decrementAndGet();
    }
  }

  /// How many threads run attempts, or commit what an attempt came to after it has left its place.
  int underWay() {
    return underWay.get();
  }

  /// Runs attempts of a branch, one after the other, as long as it has one to run. The caller has
  /// entered through the admission.
  private void go(OpenRun run, String branch) {
    for (var place = place(run, branch); ; ) {
      Attempt attempt;
      Event event;
      try {
        attempt = begin(run, branch);
        event = attempt == null ? null : attempt(attempt);
      } finally {
        engine.admission().leave(place);
      }
      if (attempt == null || event == null || !end(attempt, event)) {
        return;
      }
      place = place(run, branch);
      if (!engine.admission().tryEnter(place)) {
        admit(run, branch);
        return;
      }
    }
  }

  private @Nullable Attempt begin(OpenRun run, String branch) {
    if (engine.isClosing()) {
      return null;
    }
    var begun = run.begin(branch);
    if (begun == null) {
      return null;
    }
    if (begun.ticket() != null && engine.committer().await(begun.ticket()) != null) {
      return null;
    }
    return begun.attempt();
  }

  /// Ends an attempt.
  ///
  /// @return whether its branch has another to run, on this thread
  private boolean end(Attempt attempt, Event event) {
    engine.committer().awaitRoom();
    var settled = attempt.run().end(attempt, event);
    return settled != null && follow(attempt.run(), settled, attempt.branch().id());
  }

  /// Waits until a transition is durable, then does what it asks for.
  ///
  /// @param own the branch whose next attempt the caller runs itself, or null
  /// @return whether it has one
  private boolean follow(OpenRun run, OpenRun.Settled settled, @Nullable String own) {
    if (settled.ticket() != null && engine.committer().await(settled.ticket()) != null) {
      return false;
    }
    boolean more = false;
    if (own != null && settled.effects().size() == 1) {
      if (settled.effects().getFirst() instanceof Effect.Begin begin
          && begin.branch().equals(own)) {
        return true;
      }
    }
    var others = new ArrayList<Effect>(settled.effects().size());
    for (var effect : settled.effects()) {
      if (effect instanceof Effect.Begin begin && begin.branch().equals(own)) {
        more = true;
      } else {
        others.add(effect);
      }
    }
    perform(run, others);
    return more;
  }

  /// What an attempt comes to; null if the engine closed under it.
  private @Nullable Event attempt(Attempt attempt) {
    var policy = attempt.run().registered.plan().policy(attempt.branch().node());
    setLog(attempt);
    try {
      if (engine.stuck().size() > STUCK
          && !policy.perAttempt().equals(Policy.DEFAULT.perAttempt())) {
        throw new IllegalStateException(
            "more than "
                + STUCK
                + " steps ignore their interruption; Engine.stuckSteps names them");
      }
      attempt.enter(
          engine.turns().nanoTime() + policy.perAttempt().toNanos(),
          () -> engine.untilHalted(() -> expired(attempt)));
      return work(attempt);
    } catch (Throwable error) {
      return engine.isClosing() && error instanceof InterruptedException
          ? null
          : failed(
              attempt,
              error,
              attempt.branch().task() != Branch.Task.LATE
                  && attempt.branch().task() != Branch.Task.FAILED);
    } finally {
      attempt.leave();
      MDC.clear();
    }
  }

  /// Puts the headers of a run into the log's context, which may hold what the thread that started
  /// this one has put there.
  private static void setLog(Attempt attempt) {
    MDC.clear();
    attempt.run().row.headers().forEach(MDC::put);
  }

  /// Speaks for an attempt that has taken too long; its thread may go on, but nobody listens.
  private void expired(Attempt attempt) {
    var successor = attempt.run().expire(attempt);
    if (successor == null) {
      return;
    }
    var plan = attempt.run().registered.plan();
    int node = attempt.branch().node();
    var error =
        new TimedOut(plan.name(node), attempt.branch().attempt(), plan.policy(node).perAttempt());
    setLog(successor);
    var event = failed(successor, error, true);
    MDC.clear();
    if (end(successor, event)) {
      admit(attempt.run(), attempt.branch().id());
    }
  }

  private Event work(Attempt attempt) throws Exception {
    var branch = attempt.branch();
    return switch (branch.task()) {
      case WORK -> work(attempt, state(attempt.run(), branch));
      case JOIN -> join(attempt);
      case FOLD -> left(attempt, fold(attempt), null);
      case ELAPSED -> {
        var delay = (Work.Delay<Object>) model(attempt).work();
        yield left(attempt, delay.then().run(state(attempt.run(), branch), attempt), null);
      }
      case LATE -> late(attempt);
      case FAILED -> {
        var failure = Objects.requireNonNull(branch.failure());
        throw new BranchFailed(failure.node(), failure.attempts(), failure.error());
      }
    };
  }

  private Event work(Attempt attempt, Object state) throws Exception {
    var branch = attempt.branch();
    var now = engine.turns().now();
    return switch (model(attempt).work()) {
      case Work.Run<?> run ->
          left(attempt, ((Step<Object, Object>) run.step()).run(state, attempt), null);
      case Work.Choose<?, ?> choose -> {
        var step = (Step<Object, Outcome<Object, Enum<?>>>) (Step<?, ?>) choose.step();
        var outcome = given(attempt, step.run(state, attempt));
        yield left(attempt, outcome.state(), outcome.port().ordinal(), null);
      }
      case Work.Meet<?> meet -> left(attempt, state, null);
      case Work.End<?> end -> left(attempt, state, null);
      case Work.Delay<?> delay ->
          new Event.Delayed(
              branch.id(),
              branch.visit(),
              branch.attempt(),
              kept(
                  given(
                      attempt, ((Work.Delay<Object>) delay).until().at(state, branch.entered()))));
      case Work.Call<?, ?> call -> {
        var child = given(attempt, ((Work.Call<Object, Object>) call).in().apply(state));
        yield new Event.Opened(
            branch.id(),
            branch.visit(),
            branch.attempt(),
            1,
            engine.values().of(child, call.sub().state(), null),
            now);
      }
      case Work.Each<?, ?, ?> each ->
          new Event.Opened(
              branch.id(),
              branch.visit(),
              branch.attempt(),
              items(attempt.run(), branch, each).values().size(),
              null,
              now);
      case Work.Parallel<?> parallel ->
          throw new IllegalStateException("a parallel node opens without an attempt");
    };
  }

  /// Merges what the branches of a fork came to, then does the work of the node where they meet.
  private Event join(Attempt attempt) throws Exception {
    var run = attempt.run();
    var branch = attempt.branch();
    var plan = run.registered.plan();
    var block = Objects.requireNonNull(branch.block());
    var base = state(run, branch);
    var changes = new ArrayList<Change<Object>>();
    var names = new ArrayList<String>();
    var fork = plan.fork(block.node());
    for (var child : arrived(run, branch, block)) {
      changes.add(new Change<>(base, state(run, child)));
      names.add(plan.name(fork.get(child.index())));
    }
    var merge = (Merge<Object>) plan.scope(block.node()).merge();
    var merged = merge.apply(base, changes, names);
    return switch (plan.kind(branch.node())) {
      case STEP, CHOICE, MEET, END -> work(attempt, merged);
      case DELAY, CALL, MAP, PARALLEL ->
          new Event.Merged(
              branch.id(),
              branch.visit(),
              branch.attempt(),
              engine.values().of(merged, plan.scope(branch.node()).result(), before(branch)),
              engine.turns().now());
    };
  }

  private Object fold(Attempt attempt) throws Exception {
    var run = attempt.run();
    var branch = attempt.branch();
    var block = Objects.requireNonNull(branch.block());
    var state = state(run, branch);
    return given(
        attempt,
        switch (model(attempt).work()) {
          case Work.Call<?, ?> call ->
              ((Fold<Object, Object>) call.out())
                  .apply(state, state(run, arrived(run, branch, block).getFirst()));
          case Work.Parallel<?> parallel -> {
            var results = new ArrayList<Object>();
            for (var child : arrived(run, branch, block)) {
              results.add(state(run, child));
            }
            yield ((Work.Parallel<Object>) parallel).out().apply(state, results);
          }
          case Work.Each<?, ?, ?> each -> {
            var items = items(run, branch, each);
            try (var results = new StoredResults<>(engine, run, branch, block, items)) {
              yield ((Fold<Object, Object>) (Fold<?, ?>) each.out()).apply(state, results);
            }
          }
          default -> throw new IllegalStateException("nothing to fold");
        });
  }

  private static List<Branch> arrived(OpenRun run, Branch parent, Block block) {
    var arrived = new ArrayList<Branch>(block.done());
    for (int i = 0; i < block.total(); i++) {
      var child = run.branch(block.child(parent.id(), i));
      if (child != null && child.phase() == Branch.Phase.ARRIVED) {
        arrived.add(child);
      }
    }
    return arrived;
  }

  private Event late(Attempt attempt) throws Exception {
    var branch = attempt.branch();
    var exits = (Exits<Object>) model(attempt).exits();
    var plan = attempt.run().registered.plan();
    var limit = plan.policy(branch.node()).perVisit();
    var error = new TimedOut(plan.name(branch.node()), limit);
    if (exits.timeout().isEmpty()) {
      throw error;
    }
    var state = exits.timeout().get().change().run(state(attempt.run(), branch), attempt);
    return left(attempt, state, exits.ports() - 1, failure(attempt, error));
  }

  private Event left(Attempt attempt, Object state, @Nullable Failure failure) {
    return left(attempt, given(attempt, state), route(attempt, state), failure);
  }

  private Event left(Attempt attempt, Object state, int port, @Nullable Failure failure) {
    var branch = attempt.branch();
    var value =
        engine
            .values()
            .of(
                given(attempt, state),
                attempt.run().registered.plan().scope(branch.node()).result(),
                before(branch));
    var now = engine.turns().now();
    return new Event.Left(
        branch.id(),
        branch.visit(),
        branch.attempt(),
        port,
        value,
        failure,
        now,
        Duration.between(attempt.began(), now));
  }

  private static @Nullable Value before(Branch branch) {
    return branch.state() instanceof Value value ? value : null;
  }

  private int route(Attempt attempt, Object state) {
    var exits = (Exits<Object>) model(attempt).exits();
    var edges = exits.edges();
    if (edges.isEmpty()) {
      return -1;
    }
    for (int i = 0; i < edges.size(); i++) {
      var test = edges.get(i).test();
      if (test.isEmpty() || test.get().test(state)) {
        return i;
      }
    }
    throw new IllegalStateException(
        "no edge of " + attempt.nodeName() + " matches; add otherwise(...)");
  }

  /// What a failed attempt comes to: another one, an error edge, or giving up.
  private Event failed(Attempt attempt, Throwable error, boolean mayRetry) {
    var branch = attempt.branch();
    var plan = attempt.run().registered.plan();
    var retry = plan.policy(branch.node()).retry();
    var now = engine.turns().now();
    var took = Duration.between(attempt.began(), now);
    if (mayRetry
        && branch.attempt() < retry.attempts()
        && retry.covers(error)
        && Duration.between(branch.entered(), now).compareTo(retry.elapsed()) < 0) {
      var wait = retry.waitAfter(branch.attempt(), engine.turns().random().nextDouble());
      return new Event.Retry(
          branch.id(),
          branch.visit(),
          branch.attempt(),
          failure(attempt, error),
          kept(now.plus(wait)),
          now,
          took);
    }
    var exits = (Exits<Object>) plan.model(branch.node()).exits();
    for (int i = 0; i < exits.errors().size(); i++) {
      var edge = (Exits.ErrorEdge<Object, Exception>) exits.errors().get(i);
      if (edge.type().isInstance(error)) {
        try {
          var state = edge.fold().apply(state(attempt.run(), branch), (Exception) error);
          return left(attempt, state, exits.edges().size() + i, failure(attempt, error));
        } catch (Throwable again) {
          again.addSuppressed(error);
          return gaveUp(attempt, failure(attempt, again), now, took);
        }
      }
    }
    var failure = branch.failure();
    return gaveUp(
        attempt,
        error instanceof BranchFailed && failure != null ? failure : failure(attempt, error),
        now,
        took);
  }

  /// A time as stores keep it, to the microsecond; rounded up, so that nothing is early.
  private static Instant kept(Instant time) {
    var floor = time.truncatedTo(ChronoUnit.MICROS);
    return floor.equals(time) ? time : floor.plus(1, ChronoUnit.MICROS);
  }

  private static Event gaveUp(Attempt attempt, Failure failure, Instant now, Duration took) {
    var branch = attempt.branch();
    return new Event.GaveUp(branch.id(), branch.visit(), branch.attempt(), failure, now, took);
  }

  private static Failure failure(Attempt attempt, Throwable error) {
    return new Failure(
        attempt.nodeName(),
        attempt.branch().attempt(),
        Failure.describe(error),
        Optional.of(error));
  }

  private static <T> T given(Attempt attempt, @Nullable T value) {
    if (value == null) {
      throw new NullPointerException(attempt.nodeName() + " returned null; a step returns a state");
    }
    return value;
  }

  private static NodeModel<?> model(Attempt attempt) {
    return attempt.run().registered.plan().model(attempt.branch().node());
  }

  /// The state of a branch; that of an item whose first visit has not ended is the item.
  private Object state(OpenRun run, Branch branch) {
    if (branch.state() instanceof Value value) {
      return value.get();
    }
    var parent = Objects.requireNonNull(run.branch(branch.parent()));
    var each = each(run, parent);
    return each == null
        ? state(run, parent)
        : items(run, parent, each).values().get(branch.index());
  }

  private static Work.@Nullable Each<?, ?, ?> each(OpenRun run, Branch parent) {
    var block = parent.block();
    return block != null
            && block.join() < 0
            && run.registered.plan().model(block.node()).work() instanceof Work.Each<?, ?, ?> each
        ? each
        : null;
  }

  private Items items(OpenRun run, Branch branch, Work.Each<?, ?, ?> each) {
    var items = run.items(branch, () -> Items.of(each, state(run, branch)));
    var block = branch.block();
    if (block != null && items.values().size() != block.total()) {
      throw new IllegalStateException(
          "the map had "
              + block.total()
              + " items when it began and has "
              + items.values().size()
              + " now; its items must depend on the state alone");
    }
    return items;
  }

  /// The name of a branch, with the keys of items in the place of their numbers.
  String keyed(OpenRun run, Branch branch) {
    if (branch.isRoot()) {
      return "";
    }
    var parent = run.branch(branch.parent());
    if (parent == null) {
      return branch.id();
    }
    var own = branch.id().substring(parent.id().length());
    var each = each(run, parent);
    if (each != null) {
      var keys = items(run, parent, each).keys();
      if (keys.isPresent()) {
        own = own.substring(0, own.indexOf('.') + 1) + keys.get().get(branch.index());
      }
    }
    return keyed(run, parent) + own;
  }
}
