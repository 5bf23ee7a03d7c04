package dev.pawl.engine;

import dev.pawl.engine.commit.Ticket;
import dev.pawl.engine.pace.Admission;
import dev.pawl.engine.pace.Timers;
import dev.pawl.engine.turns.Turns;
import dev.pawl.run.Branch;
import dev.pawl.run.Effect;
import dev.pawl.run.Event;
import dev.pawl.workflow.step.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// Runs attempts, on a virtual thread for each active branch, and sees what they come to through to
/// the next. Whatever an attempt throws ends the attempt and nothing else.
final class Runner {
  private static final int STUCK = 100;
  private static final Duration FAR = Duration.ofDays(3_650);
  private final DurableEngine engine;
  private final UserCode userCode;
  private final Expiry expiry;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Turns.Bell idle;

  Runner(DurableEngine engine) {
    this.engine = engine;
    this.userCode = engine.userCode();
    this.expiry = new Expiry(engine);
    this.idle = engine.turns().bell();
  }

  /// Does what a durable transition asks for.
  void perform(OpenRun run, List<Effect> effects) {
    for (var effect : effects) {
      switch (effect) {
        case Effect.Begin begin -> admit(run, begin.branch());
        case Effect.Interrupt interrupt -> run.interrupt(interrupt.branch());
        case Effect.Wake wake -> arm(run, wake);
        case Effect.Deadline deadline -> arm(run, deadline);
        case Effect.Expiry end -> expiry.watch(run, end.at());
      }
    }
  }

  private void arm(OpenRun run, Effect.Wake wake) {
    if (isNear(wake.at())) {
      arm(run, wake, wake.at(), DurableEngine.CLOCK_STANDS);
    }
  }

  /// @param pause how long to wait if the clock stands still then
  private void arm(OpenRun run, Effect.Wake wake, Instant time, Duration pause) {
    run.arm("due", wake.branch(), wake.visit(), () -> at(time, () -> due(run, wake, pause)));
  }

  /// A wait ends by the wall clock, which may have been set back meanwhile; the pause before
  /// another attempt is as long as it was to be, whatever the clock says.
  private void due(OpenRun run, Effect.Wake wake, Duration pause) {
    var branch = run.branch(wake.branch());
    var now = engine.turns().now();
    if (branch != null && branch.phase() == Branch.Phase.WAITING && now.isBefore(wake.at())) {
      var soon = now.plus(pause);
      var time = wake.at().isBefore(soon) ? soon : wake.at();
      arm(run, wake, time, DurableEngine.longer(pause));
    } else {
      wake(run, new Event.Due(wake.branch(), wake.visit(), wake.attempt(), wake.at()));
    }
  }

  /// Lets a wait end. If the branch goes on without code of users, that is done on this thread:
  /// there is nothing to wait for in between, and one commit has it all. What follows, which may
  /// take long, is left to others.
  void wake(OpenRun run, Event.Due due) {
    engine.committer().awaitRoom();
    var settled = run.happen(due);
    var own = settled == null ? null : ofEngine(run, settled);
    var place = own == null ? null : place(run, own);
    if (own == null || !engine.admission().tryEnter(place)) {
      seen(run, settled);
      return;
    }
    underWay.incrementAndGet();
    try {
      var next = once(run, own, place);
      if (next != null) {
        admit(run, next);
      }
    } finally {
      left();
    }
    engine.committer().wake();
  }

  /// The branch whose attempt is all that a transition asks for, if that is without code of users.
  private static @Nullable String ofEngine(OpenRun run, OpenRun.Settled settled) {
    return settled.effects().size() == 1
            && settled.effects().getFirst() instanceof Effect.Begin begin
            && run.isOfEngine(begin.branch())
        ? begin.branch()
        : null;
  }

  private void arm(OpenRun run, Effect.Deadline deadline) {
    if (isNear(deadline.at())) {
      var late = new Event.Late(deadline.branch(), deadline.visit());
      run.arm(
          "late",
          deadline.branch(),
          deadline.visit(),
          () -> at(deadline.at(), () -> happen(run, late)));
    }
  }

  /// Whether a time may come while this process runs; what is farther away may be so far that it
  /// cannot be counted in nanoseconds.
  private boolean isNear(Instant time) {
    return Duration.between(engine.turns().now(), time).compareTo(FAR) < 0;
  }

  private Timers.Timer at(Instant time, Runnable action) {
    return engine.timers().at(engine.nanosAt(time), () -> engine.untilHalted(action));
  }

  /// Lets something happen to a run that is in memory, and sees it through.
  ///
  /// @return what came of it, durable; null if the run has left memory
  OpenRun.@Nullable Settled happen(OpenRun run, Event event) {
    engine.committer().awaitRoom();
    return seen(
        run, event instanceof Event.Arrived signal ? run.receive(signal) : run.happen(event));
  }

  /// Lets a branch take a message, and sees it through.
  ///
  /// @return as [OpenRun#take], durable
  OpenRun.@Nullable Taken take(OpenRun run, Branch receiver, Event.Arrived message) {
    engine.committer().awaitRoom();
    var taken = run.take(receiver, message);
    return taken == null || seen(run, taken.settled()) == null ? null : taken;
  }

  /// Lets a run leave memory that was held there.
  void letGo(OpenRun run) {
    await(run.letGo());
  }

  /// Lets a run leave memory, unless something keeps it there.
  void leave(OpenRun run) {
    await(run.leave());
  }

  private void await(@Nullable Ticket ticket) {
    if (ticket != null) {
      engine.committer().await(ticket);
    }
  }

  /// Sees through what became of a run.
  ///
  /// @return as [#happen]
  OpenRun.@Nullable Settled seen(OpenRun run, OpenRun.@Nullable Settled settled) {
    if (settled == null || !isDurable(settled)) {
      return null;
    }
    perform(run, settled.effects());
    return settled;
  }

  private boolean isDurable(OpenRun.Settled settled) {
    return settled.ticket() == null || engine.committer().await(settled.ticket()) == null;
  }

  /// Sees to it that the store, too, has a run as over that was brought back and is.
  void ended(OpenRun run) {
    seen(run, run.ended());
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
      left();
    }
  }

  private void left() {
    if (underWay.decrementAndGet() == 0) {
      idle.ring();
    }
  }

  /// Waits until no thread runs attempts, or commits what one came to. Called by one thread.
  ///
  /// @return false if that took until the monotonic clock reads `until`
  boolean awaitIdle(long until) {
    while (underWay.get() > 0) {
      if (!idle.awaitUntil(until)) {
        return underWay.get() == 0;
      }
    }
    return true;
  }

  /// Runs attempts of a branch, one after the other, as long as there is one to run. The caller has
  /// entered through the admission.
  private void go(OpenRun run, String first) {
    var branch = first;
    for (var place = place(run, branch); ; ) {
      var next = once(run, branch, place);
      if (next == null) {
        return;
      }
      branch = next;
      place = place(run, branch);
      if (!engine.admission().tryEnter(place)) {
        admit(run, branch);
        return;
      }
    }
  }

  /// Runs one attempt of a branch.
  ///
  /// @param place where the caller has entered; it is given back
  /// @return the branch whose attempt comes next, or null
  private @Nullable String once(OpenRun run, String branch, Admission.@Nullable Place place) {
    Attempt attempt;
    Event event;
    try {
      attempt = begin(run, branch);
      event = attempt == null ? null : attempt(attempt);
    } finally {
      engine.admission().leave(place);
    }
    return attempt == null || event == null ? null : end(attempt, event);
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
  /// @return the branch whose attempt this thread runs next, or null
  private @Nullable String end(Attempt attempt, Event event) {
    engine.committer().awaitRoom();
    var settled = attempt.run().end(attempt, event);
    return settled == null ? null : follow(attempt.run(), settled, attempt.branch().id());
  }

  /// Waits until a transition is durable, then does what it asks for. A visit without code of users
  /// needs no waiting, because what comes of it is written behind the transition or not at all.
  ///
  /// @param own the branch whose next attempt the caller runs itself, or null
  /// @return the branch whose attempt it runs next, or null
  private @Nullable String follow(OpenRun run, OpenRun.Settled settled, @Nullable String own) {
    var next = ofEngine(run, settled);
    if (next != null) {
      engine.committer().wake();
      return next;
    }
    if (!isDurable(settled)) {
      return null;
    }
    var others = new ArrayList<Effect>(settled.effects().size());
    for (var effect : settled.effects()) {
      if (effect instanceof Effect.Begin begin && begin.branch().equals(own)) {
        next = own;
      } else {
        others.add(effect);
      }
    }
    perform(run, others);
    return next;
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
      return userCode.run(attempt);
    } catch (Throwable error) {
      return engine.isClosing() && error instanceof InterruptedException
          ? null
          : userCode.failed(
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
    var event = userCode.failed(successor, error, true);
    MDC.clear();
    var next = end(successor, event);
    if (next != null) {
      admit(attempt.run(), next);
    }
  }
}
