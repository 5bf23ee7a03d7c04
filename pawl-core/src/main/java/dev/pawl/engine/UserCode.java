package dev.pawl.engine;

import dev.pawl.engine.value.Value;
import dev.pawl.run.Block;
import dev.pawl.run.Branch;
import dev.pawl.run.Event;
import dev.pawl.run.Failure;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.Items;
import dev.pawl.workflow.model.Merge;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Compensation;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Reducer.Change;
import dev.pawl.workflow.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The only place that calls what users wrote: does what an attempt has to do, and says what that
/// came to.
@SuppressWarnings("unchecked") // the builders have checked the types; the plan has erased them
final class UserCode {
  private static final Instant FARTHEST = Instant.parse("9999-12-31T23:59:59Z");
  private final DurableEngine engine;

  UserCode(DurableEngine engine) {
    this.engine = engine;
  }

  /// Does what an attempt has to do.
  ///
  /// @throws Exception whatever its code throws
  Event run(Attempt attempt) throws Exception {
    var branch = attempt.branch();
    return switch (branch.task()) {
      case WORK -> work(attempt, state(attempt.run(), branch));
      case JOIN -> join(attempt);
      case FOLD -> left(attempt, fold(attempt), null);
      case ELAPSED -> elapsed(attempt, state(attempt.run(), branch));
      case SIGNAL -> signal(attempt);
      case UNDO -> undo(attempt);
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
      case Work.Await<?> await -> await(attempt, (Work.Await<Object>) await, state);
      case Work.Child<?, ?> child -> child(attempt, (Work.Child<Object, Object>) child, state);
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

  /// What follows when a time has come. A wait for signals whose timers run out later by now, as
  /// the author has changed them, goes on.
  private Event elapsed(Attempt attempt, Object state) throws Exception {
    return switch (model(attempt).work()) {
      case Work.Delay<?> delay -> {
        var then = ((Work.Delay<Object>) delay).then();
        yield left(attempt, then.isEmpty() ? state : then.get().run(state, attempt), null);
      }
      case Work.Await<?> await -> {
        var first = earliest(attempt, (Work.Await<Object>) await, state).orElseThrow();
        yield first.getKey().isAfter(engine.turns().now())
            ? listens(attempt, (Work.Await<Object>) await, state)
            : left(attempt, first.getValue().then().run(state, attempt), null);
      }
      default -> throw new IllegalStateException("nothing waits for a time");
    };
  }

  private Event await(Attempt attempt, Work.Await<Object> await, Object state) throws Exception {
    var listening = attempt.branch().listening();
    boolean entered = listening != null && listening.heard().contains(Work.Await.ENTERED);
    return await.entering().isPresent() && !entered
        ? stayed(attempt, await.entering().get().run(state, attempt))
        : listens(attempt, await, state);
  }

  /// Asks which messages a wait is for, and how long it lasts.
  private Event listens(Attempt attempt, Work.Await<Object> await, Object state) throws Exception {
    var branch = attempt.branch();
    var correlations = new ArrayList<Optional<String>>();
    for (var handler : await.handlers()) {
      correlations.add(
          await.entering().isPresent()
              ? Optional.of(attempt.idempotencyKey())
              : handler.correlation().map(function -> given(attempt, function.apply(state))));
    }
    return new Event.Listens(
        branch.id(),
        branch.visit(),
        branch.attempt(),
        correlations,
        earliest(attempt, await, state).map(Map.Entry::getKey).orElse(null),
        engine.turns().now());
  }

  /// The timer that runs out first, and when; of several at one time the one that was declared
  /// first.
  private static Optional<Map.Entry<Instant, Work.Await.Timer<Object>>> earliest(
      Attempt attempt, Work.Await<Object> await, Object state) throws Exception {
    Instant first = null;
    Work.Await.Timer<Object> timer = null;
    for (var each : await.timers()) {
      var time = kept(given(attempt, each.until().at(state, attempt.branch().entered())));
      if (first == null || time.isBefore(first)) {
        first = time;
        timer = each;
      }
    }
    return first == null || timer == null ? Optional.empty() : Optional.of(Map.entry(first, timer));
  }

  /// Starts a run, and waits until it tells how it ended.
  private Event child(Attempt attempt, Work.Child<Object, Object> child, Object state) {
    var branch = attempt.branch();
    var request = engine.children().start(attempt, child, given(attempt, child.in().apply(state)));
    if (child.out().isEmpty()) {
      return left(attempt, state, null);
    }
    var answer = Optional.of(request);
    return new Event.Listens(
        branch.id(),
        branch.visit(),
        branch.attempt(),
        List.of(answer, answer),
        null,
        engine.turns().now());
  }

  private Event undo(Attempt attempt) throws Exception {
    var run = attempt.run();
    var branch = attempt.branch();
    var undo = Objects.requireNonNull(branch.undo());
    var type = run.registered.plan().scope(undo.node()).result();
    var row = engine.store().row(run.id, undo.seq()).orElseThrow();
    var compensation = (Compensation<Object>) model(attempt).compensation().orElseThrow();
    compensation.undo(engine.stored().value(row, run.input, type), attempt);
    var now = engine.turns().now();
    return new Event.Undone(
        branch.id(), branch.visit(), branch.attempt(), now, Duration.between(attempt.began(), now));
  }

  private Event signal(Attempt attempt) throws Exception {
    var branch = attempt.branch();
    var listening = Objects.requireNonNull(branch.listening());
    var name = Objects.requireNonNull(listening.signal());
    var await =
        (Work.Await<Object>) attempt.run().registered.plan().await(branch.node()).orElseThrow();
    var handler = (Work.Await.Handler<Object, Object>) await.handlers().get(await.find(name));
    var payload = ((Value) Objects.requireNonNull(listening.payload())).get();
    if (model(attempt).work() instanceof Work.Child<?, ?> child
        && name.equals(Work.Child.failed(child.workflow()))) {
      throw Children.failure((String) payload);
    }
    var state = handler.step().run(state(attempt.run(), branch), payload, attempt);
    boolean stays =
        handler.stays()
            || await.mode() == Work.Await.Mode.ALL
                && listening.heard().size() + 1 < await.handlers().size();
    return stays ? stayed(attempt, state) : left(attempt, state, null);
  }

  private Event stayed(Attempt attempt, Object state) {
    var branch = attempt.branch();
    var now = engine.turns().now();
    return new Event.Stayed(
        branch.id(),
        branch.visit(),
        branch.attempt(),
        value(attempt, state),
        now,
        Duration.between(attempt.began(), now));
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
      case DELAY, AWAIT, CHILD, CALL, MAP, PARALLEL ->
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
    var value = value(attempt, state);
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

  private Value value(Attempt attempt, Object state) {
    var branch = attempt.branch();
    return engine
        .values()
        .of(
            given(attempt, state),
            attempt.run().registered.plan().scope(branch.node()).result(),
            before(branch));
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
  Event failed(Attempt attempt, Throwable error, boolean mayRetry) {
    attempt.unpublish();
    var branch = attempt.branch();
    var plan = attempt.run().registered.plan();
    var retry = plan.policy(branch.node()).retry();
    var now = engine.turns().now();
    var took = Duration.between(attempt.began(), now);
    if (mayRetry
        && !(error instanceof ChildFailed)
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
    int edges = branch.undo() == null ? exits.errors().size() : 0;
    for (int i = 0; i < edges; i++) {
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

  /// A time as stores keep it, to the microsecond; rounded up, so that nothing is early. What is
  /// farther away than can be counted in nanoseconds, or waited for, is brought nearer.
  private static Instant kept(Instant time) {
    if (time.isBefore(Instant.EPOCH)) {
      return Instant.EPOCH;
    }
    if (time.isAfter(FARTHEST)) {
      return FARTHEST;
    }
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
  Object state(OpenRun run, Branch branch) {
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
