package dev.pawl.engine.inline;

import dev.pawl.engine.turns.Turns;
import dev.pawl.run.Failure;
import dev.pawl.run.Plan;
import dev.pawl.workflow.model.Exits.ErrorEdge;
import dev.pawl.workflow.model.Items;
import dev.pawl.workflow.model.Merge;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Reducer.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One visit of a node, with all that a node can declare: attempts, waits between them, limits of
/// time, children, a merge before, error edges after.
final class Visit {
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private final Context context;
  private final Node node;
  private final long began;
  private Object state;

  /// How a branch leaves a node.
  ///
  /// @param state with which state
  /// @param target where to; for an end, that end itself
  /// @param meeting what is merged there first, if it comes out of a fork
  record Left(Object state, int target, @Nullable Meeting meeting) {
    Left(Object state, int target) {
      this(state, target, null);
    }
  }

  /// The branches that meet at a join.
  ///
  /// @param changes their states, in branch order
  /// @param names their first nodes
  record Meeting(List<Change<Object>> changes, List<String> names) {}

  /// Something that is attempted.
  private interface Body<T> {
    T run(Context context) throws Exception;
  }

  /// A visit has taken longer than its policy allows.
  static final class Late extends Exception {
    private static final long serialVersionUID = 1;

    private Late() {
      super(null, null, false, false);
    }
  }

  /// An attempt on a thread of its own failed.
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1;
    private final Throwable error;

    private Failed(Throwable error) {
      super(null, error, false, false);
      this.error = error;
    }
  }

  /// What a visit does, but for what happens when it gives up.
  private interface Task {
    Left run() throws GaveUp, Children.Lost, Late, InterruptedException;
  }

  /// Begins a visit with this state.
  Visit(Context context, Node node, Object state) {
    this.context = context;
    this.node = node;
    this.state = state;
    this.began = node.plain ? 0 : context.turns.nanoTime();
  }

  /// Does the node's work.
  Left run() throws GaveUp, InterruptedException {
    return guarded(this::work);
  }

  /// Does the node's work on the merged states of branches; the visit's own state is that of the
  /// fork.
  Left join(Meeting meeting) throws GaveUp, InterruptedException {
    return guarded(() -> meet(meeting));
  }

  /// Goes on after a first attempt that failed.
  Left recover(Throwable error) throws GaveUp, InterruptedException {
    rethrowIfStopping(error);
    return guarded(() -> {
      pause(1, error);
      return attempts(2, attempt -> leave(state, attempt));
    });
  }

  private Left guarded(Task task) throws GaveUp, InterruptedException {
    try {
      return task.run();
    } catch (GaveUp e) {
      return giveUp(e.error(), e);
    } catch (Children.Lost e) {
      var child = e.child();
      context.attempt(1);
      var error =
          failures().branchFailed(child.node(), child.attempts(), Failure.describe(child.error()));
      return giveUp(error, child);
    } catch (Late e) {
      return late();
    }
  }

  private Left work() throws GaveUp, Children.Lost, Late, InterruptedException {
    return switch (node.model.work()) {
      case Work.Run<Object> run -> step();
      case Work.Choose<Object, ?> choose -> step();
      case Work.Meet<Object> meet -> step();
      case Work.End<Object> end -> step();
      case Work.Call<Object, ?> call -> call(call);
      case Work.Each<Object, ?, ?> each -> each(each);
      case Work.Parallel<Object> parallel -> parallel(parallel);
      case Work.Delay<Object> delay -> throw failures().waits(context.plan.name, node.name);
      case Work.Await<Object> await -> throw failures().waits(context.plan.name, node.name);
      case Work.Child<Object, ?> child -> throw failures().starts(context.plan.name, node.name);
    };
  }

  private Left step() throws GaveUp, Children.Lost, Late, InterruptedException {
    return forkIfAny(attempts(1, attempt -> leave(state, attempt)));
  }

  private Left meet(Meeting meeting) throws GaveUp, Children.Lost, Late, InterruptedException {
    if (node.kind.isBlock()) {
      state = attempts(1, attempt -> merged(meeting));
      return work();
    }
    return forkIfAny(attempts(1, attempt -> leave(merged(meeting), attempt)));
  }

  @SuppressWarnings("unchecked") // the merge of the definition that the state is of
  private Object merged(Meeting meeting) {
    var merge = (Merge<Object>) node.plan.scope(node.index).merge();
    return node.checked(merge.apply(state, meeting.changes(), meeting.names()));
  }

  private Left leave(Object before, Context attempt) throws Exception {
    if (node.kind == Plan.Kind.CHOICE) {
      var outcome = node.choose(before, attempt);
      return new Left(outcome.state(), node.byPort(outcome.port()));
    }
    return leaveWith(node.step(before, attempt));
  }

  private Left leaveWith(@Nullable Object returned) {
    var after = node.checked(returned);
    return new Left(after, node.next(after));
  }

  private Left forkIfAny(Left left) throws GaveUp, Children.Lost, Late, InterruptedException {
    return left.target() == Node.FORK ? fork(left.state()) : left;
  }

  private Left fork(Object base) throws GaveUp, Children.Lost, Late, InterruptedException {
    state = base;
    int total = node.fork.length;
    int join = node.plan.join(node.index);
    int needed = node.plan.needed(join, total);
    var children =
        new Children(
            node.name,
            total,
            needed,
            total - needed,
            (index, crew) -> branch(context.branch(index, crew), node.fork[index], join, base));
    run(children, total, total);
    var changes = new ArrayList<Change<Object>>(needed);
    var names = needed == total ? node.forkNames : new ArrayList<String>(needed);
    for (int i = 0; i < total; i++) {
      var result = children.result(i);
      if (result != null && !(result instanceof GaveUp)) {
        changes.add(new Change<>(base, result));
        if (needed < total) {
          names.add(node.forkNames.get(i));
        }
      }
    }
    return new Left(base, join, new Meeting(changes, names));
  }

  @SuppressWarnings("unchecked") // the sub-workflow ends with a state of its own type
  private <T> Left call(Work.Call<Object, T> call)
      throws GaveUp, Children.Lost, Late, InterruptedException {
    Object input = attempts(1, attempt -> node.checked(call.in().apply(state)));
    var children =
        new Children(
            node.name, 1, 1, 0, (index, crew) -> nested(context.branch(index, crew), index, input));
    run(children, 1, 1);
    var result = (T) node.checked(children.result(0));
    return attempts(1, attempt -> leaveWith(call.out().apply(state, result)));
  }

  private Left parallel(Work.Parallel<Object> parallel)
      throws GaveUp, Children.Lost, Late, InterruptedException {
    int total = parallel.branches().size();
    var children =
        new Children(
            node.name,
            total,
            total,
            0,
            (index, crew) -> nested(context.branch(index, crew), index, state));
    run(children, total, total);
    var results = new ArrayList<Object>(total);
    for (int i = 0; i < total; i++) {
      results.add(node.checked(children.result(i)));
    }
    var all = Collections.unmodifiableList(results);
    return attempts(1, attempt -> leaveWith(parallel.out().apply(state, all)));
  }

  private <I, R> Left each(Work.Each<Object, I, R> each)
      throws GaveUp, Children.Lost, Late, InterruptedException {
    var items = attempts(1, attempt -> Items.of(each, state));
    var inputs = items.values();
    int total = inputs.size();
    var children =
        new Children(
            node.name,
            total,
            total,
            node.plan.tolerated(node.index, total),
            (index, crew) ->
                nested(context.item(index, key(items, index), crew), index, inputs.get(index)));
    run(children, total, each.width());
    return attempts(
        1, attempt -> leaveWith(each.out().apply(state, ItemResults.of(items, children))));
  }

  private static @Nullable String key(Items items, int index) {
    return items.keys().map(keys -> keys.get(index)).orElse(null);
  }

  private void run(Children children, int branches, int width)
      throws GaveUp, Children.Lost, Late, InterruptedException {
    context.startBranches(branches);
    if (node.inOrder) {
      children.runHere();
    } else {
      children.runOnThreads(this, width);
    }
  }

  private Object nested(Context child, int index, Object input)
      throws GaveUp, InterruptedException {
    return branch(child, node.plan.first(node.index, index), Walk.NOWHERE, input);
  }

  private static Object branch(Context child, int first, int stop, Object input)
      throws GaveUp, InterruptedException {
    try {
      return Walk.advance(child, first, stop, input);
    } finally {
      child.close();
    }
  }

  private <T> T attempts(int first, Body<T> body) throws GaveUp, Late, InterruptedException {
    for (int attempt = first; ; attempt++) {
      context.attempt(attempt);
      try {
        return node.limitsAttempts || node.limitsVisits
            ? onThread(attempt, body)
            : body.run(context);
      } catch (Late e) {
        throw e;
      } catch (Failed e) {
        pause(attempt, e.error);
      } catch (Throwable e) {
        rethrowIfStopping(e);
        pause(attempt, e);
      }
    }
  }

  /// Waits for the next attempt.
  ///
  /// @throws GaveUp if there is none
  private void pause(int attempt, Throwable error) throws GaveUp, Late, InterruptedException {
    var turns = context.turns;
    var retry = node.model.policy().retry();
    boolean again =
        attempt < retry.attempts()
            && retry.covers(error)
            && (!node.limitsRetries
                || Duration.ofNanos(turns.nanoTime() - began).compareTo(retry.elapsed()) < 0);
    if (!again) {
      throw new GaveUp(node.name, attempt, error, GaveUp.Reach.BLOCK);
    }
    long wait = nanos(retry.waitAfter(attempt, turns.random().nextDouble()));
    long now = turns.nanoTime();
    long left = left(now);
    if (wait > 0) {
      awaitUntil(turns.bell(), now + Math.min(wait, left));
    }
    if (left < wait) {
      throw new Late();
    }
  }

  /// Makes an attempt on a thread of its own, and leaves it behind when its time is over.
  private <T> T onThread(int number, Body<T> body) throws Failed, Late, InterruptedException {
    var turns = context.turns;
    var limit = node.model.policy().perAttempt();
    long now = turns.nanoTime();
    long ofVisit = left(now);
    long ofAttempt = node.limitsAttempts ? nanos(limit) : LONGEST.toNanos();
    long time = Math.min(ofVisit, ofAttempt);
    var own = context.attemptUntil(turns.now().plusNanos(time));
    var bell = turns.bell();
    var attempt = new Attempt<T>(own, body, bell);
    var thread = turns.start(node.name, attempt);
    try {
      if (awaitUntil(bell, now + time)) {
        return attempt.result();
      }
    } catch (InterruptedException e) {
      turns.interrupt(thread);
      bell.await();
      throw e;
    }
    own.close();
    turns.interrupt(thread);
    if (ofVisit <= ofAttempt) {
      throw new Late();
    }
    throw new Failed(failures().attemptTimedOut(node.name, number, limit));
  }

  /// How long this visit may go on, in nanoseconds.
  private long left(long now) {
    return node.limitsVisits
        ? nanos(node.model.policy().perVisit()) - (now - began)
        : LONGEST.toNanos();
  }

  private static long nanos(Duration duration) {
    return (duration.compareTo(LONGEST) < 0 ? duration : LONGEST).toNanos();
  }

  private Failures failures() {
    return context.plan.failures;
  }

  Turns turns() {
    return context.turns;
  }

  /// Waits for a bell, as long as the visit may go on.
  void await(Turns.Bell bell) throws Late, InterruptedException {
    if (node.limitsVisits) {
      long now = context.turns.nanoTime();
      if (!awaitUntil(bell, now + left(now))) {
        throw new Late();
      }
      return;
    }
    try {
      bell.awaitInterruptibly();
    } catch (InterruptedException e) {
      if (context.obeysInterrupts()) {
        throw e;
      }
    }
  }

  private boolean awaitUntil(Turns.Bell bell, long nanos) throws InterruptedException {
    for (; ; ) {
      try {
        return bell.awaitUntilInterruptibly(nanos);
      } catch (InterruptedException e) {
        if (context.obeysInterrupts()) {
          throw e;
        }
      }
    }
  }

  /// Leaves by the timeout edge; without one, or if its change fails, by an error edge.
  private Left late() throws GaveUp, InterruptedException {
    Throwable error = failures().visitTimedOut(node.name, node.model.policy().perVisit());
    var timeout = node.model.exits().timeout();
    if (timeout.isPresent()) {
      try {
        var after = node.checked(timeout.get().change().run(state, context));
        return new Left(after, node.onTimeout());
      } catch (Throwable e) {
        rethrowIfStopping(e);
        e.addSuppressed(error);
        error = e;
      }
    }
    return giveUp(error, new GaveUp(node.name, context.attempt(), error, GaveUp.Reach.BLOCK));
  }

  /// Leaves by the error edge that takes `error`.
  ///
  /// @throws GaveUp `otherwise`, if there is none
  private Left giveUp(Throwable error, GaveUp otherwise) throws GaveUp, InterruptedException {
    if (!otherwise.endsRun()) {
      var edges = node.model.exits().errors();
      for (int i = 0; i < edges.size(); i++) {
        if (edges.get(i).type().isInstance(error)) {
          return new Left(folded(edges.get(i), error), node.onError(i));
        }
      }
    }
    throw otherwise;
  }

  /// The state to leave with; a fold that fails is the end of the branch.
  private <X extends Exception> Object folded(ErrorEdge<Object, X> edge, Throwable error)
      throws GaveUp, InterruptedException {
    try {
      return node.checked(edge.fold().apply(state, edge.type().cast(error)));
    } catch (Throwable e) {
      rethrowIfStopping(e);
      if (e != error) {
        e.addSuppressed(error);
      }
      throw new GaveUp(node.name, context.attempt(), e, GaveUp.Reach.BLOCK);
    }
  }

  /// Lets an interrupt pass that means that the branch is to stop; any other is a failure like all.
  private void rethrowIfStopping(Throwable error) throws InterruptedException {
    if (error instanceof InterruptedException interrupt && context.obeysInterrupts()) {
      throw interrupt;
    }
  }

  /// An attempt on a thread of its own.
  private static final class Attempt<T> implements Runnable {
    private final Context context;
    private final Body<T> body;
    private final Turns.Bell ended;
    private @Nullable T result;
    private @Nullable Throwable error;

    private Attempt(Context context, Body<T> body, Turns.Bell ended) {
      this.context = context;
      this.body = body;
      this.ended = ended;
    }

    @Override
    public void run() {
      try {
        result = body.run(context);
      } catch (Throwable e) {
        error = e;
      } finally {
        context.close();
        ended.ring();
      }
    }

    private T result() throws Failed {
      if (error != null) {
        throw new Failed(error);
      }
      return Objects.requireNonNull(result);
    }
  }
}
