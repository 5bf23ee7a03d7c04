package dev.pawl.run;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import dev.pawl.workflow.model.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happens next in a run: from a run and an event to the facts that are recorded, the run
/// after them, and what is to be done then. Pure: the same arguments give the same transition.
///
/// [#on] decides, [Applier] alone changes a run, and only by facts, except for what a crash may
/// forget: whether an attempt is under way, and whether a wait is over.
public final class Transitions {
  private final Plan plan;
  private final Limits limits;
  private final Applier applier;
  private final Delivery delivery;
  private final Strays strays;

  /// For runs of one plan.
  public Transitions(Plan plan, Limits limits) {
    this.plan = plan;
    this.limits = limits;
    this.applier = new Applier(plan);
    this.delivery = new Delivery(plan, applier);
    this.strays = new Strays(plan, applier);
  }

  /// A run that has just started.
  ///
  /// @param input the state it starts with, opaque here
  public Transition start(Object input, Instant at) {
    int started = 1 + plan.opens(plan.start());
    var none =
        new RunState(0, 0, started, null, null, -1, Branches.none(), Inbox.EMPTY, Undos.none());
    var after = applier.enter(none, "", plan.start(), 1, input, 0, at);
    return begun(none, after, at);
  }

  /// A run that has just started and accepted a signal, which the first commit of both has.
  public Transition start(Object input, Event.Arrived signal) {
    var started = start(input, signal.at());
    var arrived = on(started.after(), signal);
    var both = begun(started.before(), arrived.after(), signal.at());
    return new Transition(
        both.before(), both.after(), arrived.facts(), both.effects(), arrived.accepted());
  }

  /// A run that comes into memory: beside what its branches ask for, its time may run out.
  private Transition begun(RunState none, RunState run, Instant started) {
    var effects = Effects.between(plan, none, run);
    plan.expiry(run, started).ifPresent(at -> effects.add(new Effect.Expiry(at)));
    return new Transition(none, run, List.of(), effects, Optional.empty());
  }

  /// A run as its history has it.
  ///
  /// @param input the state it started with
  /// @param created when it started
  /// @param facts its facts from the floor of the newest on, in order
  /// @param waits branches that wait in a node
  /// @param inbox its messages
  /// @param undos its finished visits that can be undone and that the facts do not tell of
  /// @param paused why it is paused, or null
  /// @param goal where it is going while it unwinds, or null
  public Transition restore(
      Object input,
      Instant created,
      List<Fact> facts,
      List<Waiting> waits,
      Inbox inbox,
      Undos undos,
      @Nullable String paused,
      RunState.@Nullable Goal goal) {
    var run = start(input, created).after().with(undos);
    for (var fact : facts.subList(newestOfRoot(facts), facts.size())) {
      run = applier.apply(run, fact);
    }
    for (var wait : waits) {
      var branch = run.branches().get(wait.branch());
      if (branch != null && branch.visit() == wait.visit()) {
        run = run.with(waiting(branch, wait));
      }
    }
    run = run.with(inbox).pausedBecause(paused);
    run = goal != null && run.goal() == null ? Applier.unwinding(run.with(goal)) : run;
    return begun(run.with(Branches.none()), run, created);
  }

  /// A branch that waits in a node.
  ///
  /// @param branch the branch
  /// @param visit the visit
  /// @param until when it goes on
  public record Waiting(String branch, int visit, Instant until) {}

  /// A branch that has a wait. One that waits for signals as well need not ask anew how long.
  private Branch waiting(Branch branch, Waiting wait) {
    if (isInNode(branch, wait)) {
      return branch.in(Phase.WAITING, wait.until());
    }
    boolean listens =
        plan.isTimed(branch.node()) && branch.phase() == Phase.READY && branch.task() == Task.WORK;
    return listens ? branch.waiting(known(branch), wait.until()) : branch;
  }

  private static Listening known(Branch branch) {
    return branch.listening() == null ? Listening.ANY : branch.listening();
  }

  /// Whether a wait is that of a branch in its node, and not the wait for a retry, which the
  /// history knows.
  private boolean isInNode(Branch branch, Waiting wait) {
    return plan.kind(branch.node()) == Plan.Kind.DELAY
        && branch.task() == Task.WORK
        && !wait.until().equals(branch.due());
  }

  /// The place of the newest fact by which the root left a node; the facts before it decide
  /// nothing.
  private static int newestOfRoot(List<Fact> facts) {
    for (int i = facts.size() - 1; i > 0; i--) {
      var kind = facts.get(i).kind();
      if (facts.get(i).branch().isEmpty() && (kind == Fact.Kind.LEFT || kind == Fact.Kind.MERGED)) {
        return i;
      }
    }
    return 0;
  }

  /// The branch whose wait a signal would end if it came now.
  public Optional<Branch> receiver(RunState run, Event.Arrived arrived) {
    return delivery.receiver(run, message(run, arrived));
  }

  /// The branch that refuses a signal if it comes now. Whoever brings the signal asks first; a
  /// signal that comes all the same is dropped.
  public Optional<Branch> refusing(RunState run, Event.Arrived arrived) {
    return strays.refusing(run, arrived.signal());
  }

  /// What an event does to a run. An event that comes too late, because the branch has moved on or
  /// the run is over, does nothing.
  public Transition on(RunState run, Event event) {
    if (isOver(run, event)) {
      return nothing(run);
    }
    return switch (event) {
      case Event.OfAttempt outcome -> onAttempt(run, outcome);
      case Event.Late late -> onLate(run, late);
      case Event.Drained drained -> onDrained(run, drained);
      case Event.Arrived arrived -> onArrived(run, arrived);
      case Event.Ended ended -> onEnded(run, ended);
      case Event.Pause pause ->
          run.paused() != null
              ? nothing(run)
              : recorded(run, whole(run, Fact.Kind.PAUSED, pause.reason(), pause.at()));
      case Event.Resume resume ->
          run.paused() == null
              ? nothing(run)
              : recorded(run, whole(run, Fact.Kind.RESUMED, "", resume.at()));
      case Event.Cancel cancel ->
          recorded(
              run,
              whole(
                  run,
                  cancel.undo() ? Fact.Kind.CANCELLED : Fact.Kind.ABANDONED,
                  cancel.reason(),
                  cancel.at()));
      case Event.Expired expired -> recorded(run, expiry(run, expired));
    };
  }

  /// Whether a run has no ears for an event any more: one that undoes what it has done still hears
  /// of its attempts, and can be paused.
  private static boolean isOver(RunState run, Event event) {
    if (run.goesOn()) {
      return false;
    }
    return switch (event) {
      case Event.Drained drained -> false;
      case Event.OfAttempt attempt -> !run.isUnwinding();
      case Event.Pause pause -> !run.isUnwinding();
      case Event.Resume resume -> !run.isUnwinding();
      case Event.Late late -> true;
      case Event.Arrived arrived -> true;
      case Event.Ended ended -> true;
      case Event.Cancel cancel -> true;
      case Event.Expired expired -> true;
    };
  }

  private Transition onAttempt(RunState run, Event.OfAttempt event) {
    var branch = run.branches().get(event.branch());
    if (branch == null || branch.visit() != event.visit() || branch.attempt() != event.attempt()) {
      return nothing(run);
    }
    return switch (event) {
      case Event.Begun begun ->
          run.runnable(branch) ? silent(run, branch.in(Phase.ACTIVE, null)) : nothing(run);
      case Event.Again again -> onAgain(run, branch, again);
      case Event.Due due -> due.due().equals(branch.due()) ? onDue(run, branch) : nothing(run);
      default -> branch.phase() == Phase.ACTIVE ? onOutcome(run, branch, event) : nothing(run);
    };
  }

  private Transition onDue(RunState run, Branch branch) {
    return silent(
        run,
        branch.phase() == Phase.WAITING
            ? branch.ready(Task.ELAPSED, 1)
            : branch.ready(branch.task(), branch.attempt()));
  }

  private Transition onOutcome(RunState run, Branch branch, Event.OfAttempt event) {
    return switch (event) {
      case Event.Left left -> onLeft(run, branch, left);
      case Event.Opened opened -> onOpened(run, branch, opened);
      case Event.Merged merged -> onMerged(run, branch, merged);
      case Event.Delayed delayed -> silent(run, branch.in(Phase.WAITING, delayed.until()));
      case Event.Listens listens -> onListens(run, branch, listens);
      case Event.Stayed stayed -> onStayed(run, branch, stayed);
      case Event.Retry retry -> onRetry(run, branch, retry);
      case Event.Undone undone -> onUndone(run, branch, undone);
      case Event.GaveUp gaveUp when branch.task() == Task.UNDO -> onStuck(run, branch, gaveUp);
      case Event.GaveUp gaveUp ->
          recorded(
              run,
              fact(run, branch, Fact.Kind.GAVE_UP, gaveUp.at())
                  .failure(gaveUp.failure())
                  .took(gaveUp.took())
                  .make());
      case Event.Begun begun -> nothing(run);
      case Event.Again again -> nothing(run);
      case Event.Due due -> nothing(run);
    };
  }

  private Transition onRetry(RunState run, Branch branch, Event.Retry retry) {
    var facts = new ArrayList<Fact>(2);
    var received = branch.row() == 0 ? run : received(run, branch, facts, retry.at());
    var fact =
        fact(received, branch, Fact.Kind.RETRY, retry.at())
            .port(Applier.port(branch))
            .failure(retry.failure())
            .due(retry.due())
            .took(retry.took())
            .make();
    facts.add(fact);
    return delivered(run, applier.apply(received, fact), facts, retry.at());
  }

  /// Records what a branch handles: the next attempt may be in another process.
  private RunState received(RunState run, Branch branch, List<Fact> facts, Instant at) {
    var listening = Objects.requireNonNull(branch.listening());
    var fact =
        fact(run, branch, Fact.Kind.RECEIVED, at)
            .port(Objects.requireNonNull(listening.signal()))
            .state(listening.payload())
            .make();
    facts.add(fact);
    return applier.apply(run, fact);
  }

  private Transition onUndone(RunState run, Branch branch, Event.Undone undone) {
    var undo = branch.undo();
    return undo == null
        ? nothing(run)
        : recorded(
            run,
            fact(run, branch, Fact.Kind.UNDONE, undone.at())
                .port(Long.toString(undo.seq()))
                .took(undone.took())
                .make());
  }

  /// A compensation gave up: somebody has to look after it.
  private Transition onStuck(RunState run, Branch branch, Event.GaveUp gaveUp) {
    var reason =
        "the compensation of " + plan.name(branch.node()) + " gave up: " + gaveUp.failure().error();
    return recorded(
        run,
        fact(run, branch, Fact.Kind.PAUSED, gaveUp.at())
            .port(reason)
            .failure(gaveUp.failure())
            .took(gaveUp.took())
            .make());
  }

  private Transition onListens(RunState run, Branch branch, Event.Listens listens) {
    var waiting = branch.waiting(known(branch).to(listens.correlations()), listens.until());
    return delivered(run, run.with(waiting), new ArrayList<>(), listens.at());
  }

  private Transition onStayed(RunState run, Branch branch, Event.Stayed stayed) {
    if (run.steps() >= limits.steps()) {
      return spent(run, branch, "steps " + limits.steps(), stayed.at());
    }
    var listening = branch.listening();
    var signal = listening == null ? null : listening.signal();
    return recorded(
        run,
        fact(run, branch, Fact.Kind.STAYED, stayed.at())
            .port(signal == null ? Work.Await.ENTERED : signal)
            .state(stayed.state())
            .took(stayed.took())
            .steps(1)
            .make());
  }

  private Transition onArrived(RunState run, Event.Arrived arrived) {
    var message = message(run, arrived);
    var transition =
        delivered(run, run.with(run.inbox().with(message)), new ArrayList<>(), arrived.at());
    return new Transition(
        run, transition.after(), transition.facts(), transition.effects(), Optional.of(message));
  }

  /// A branch that waits takes the end of its child from the outbox, where it stays until the
  /// branch goes on: this spares a row. One that does not wait yet, or is paused, takes it as a
  /// message.
  private Transition onEnded(RunState run, Event.Ended ended) {
    var branch = run.branches().get(ended.branch());
    return branch != null && branch.phase() == Phase.WAITING && run.paused() == null
        ? silent(
            run, branch.receiving(ended.message().signal(), ended.message().payload(), ended.row()))
        : onArrived(run, ended.message());
  }

  private static Message message(RunState run, Event.Arrived arrived) {
    return new Message(
        run.inbox().accepted() + 1,
        arrived.signal(),
        arrived.correlation(),
        arrived.id(),
        arrived.payload(),
        arrived.at());
  }

  private Transition onLeft(RunState run, Branch branch, Event.Left left) {
    boolean counts = !applier.isOfItem(run, branch);
    if ((counts ? run.steps() : branch.visit() - 1) >= limits.steps()) {
      return spent(run, branch, "steps " + limits.steps(), left.at());
    }
    var next = next(branch.node(), left.port());
    int opens = opens(run, branch, next);
    if (opens > limits.branches() - run.started()) {
      return tooMany(run, branch, left.at());
    }
    return recorded(
        run,
        fact(run, branch, Fact.Kind.LEFT, left.at())
            .port(left.port() < 0 ? "" : plan.label(branch.node(), left.port()))
            .next(next)
            .state(left.state())
            .failure(left.failure())
            .took(left.took())
            .steps(counts ? 1 : 0)
            .branches(opens)
            .make());
  }

  private Transition onOpened(RunState run, Branch branch, Event.Opened opened) {
    int total = opened.children();
    long opens = total == 0 ? 0 : total * (1L + plan.opens(plan.first(branch.node(), 0)));
    return opens > limits.branches() - run.started()
        ? tooMany(run, branch, opened.at())
        : recorded(
            run,
            fact(run, branch, Fact.Kind.OPENED, opened.at())
                .port(Integer.toString(total))
                .state(opened.state())
                .branches((int) opens)
                .make());
  }

  private Transition onMerged(RunState run, Branch branch, Event.Merged merged) {
    int opens = plan.opens(branch.node());
    return opens > limits.branches() - run.started()
        ? tooMany(run, branch, merged.at())
        : recorded(
            run,
            fact(run, branch, Fact.Kind.MERGED, merged.at())
                .state(merged.state())
                .branches(opens)
                .make());
  }

  private Transition tooMany(RunState run, Branch branch, Instant at) {
    return spent(run, branch, "branches " + limits.branches(), at);
  }

  /// How many branches start when a branch goes on to `next`. A parallel node where branches join
  /// opens later, when their states have been merged.
  private int opens(RunState run, Branch branch, List<Integer> next) {
    if (next.size() == 1) {
      int node = next.getFirst();
      return Applier.isJoin(run, branch, node) ? 0 : plan.opens(node);
    }
    int opens = next.size() - 1;
    for (int first : next.subList(1, next.size())) {
      opens += plan.opens(first);
    }
    return opens;
  }

  private List<Integer> next(int node, int port) {
    if (port >= 0) {
      return List.of(plan.target(node, port));
    }
    var fork = plan.fork(node);
    if (fork.isEmpty()) {
      return List.of(node);
    }
    var next = new ArrayList<>(fork);
    next.addFirst(plan.join(node));
    return next;
  }

  private Transition onAgain(RunState run, Branch branch, Event.Again again) {
    if (!run.runnable(branch)) {
      return nothing(run);
    }
    if (limits.poisonAfter() > 0 && branch.marks() + 1 >= limits.poisonAfter()) {
      var reason =
          "poison: the process died "
              + limits.poisonAfter()
              + " times during attempts at "
              + plan.name(branch.node());
      return recorded(run, whole(run, Fact.Kind.PAUSED, reason, again.at()));
    }
    var fact = fact(run, branch, Fact.Kind.AGAIN, again.at()).port(Applier.port(branch)).make();
    var after = applier.apply(run, fact);
    var begun = after.branches().get(branch.id());
    return begun == null
        ? nothing(run)
        : transition(run, after.with(begun.in(Phase.ACTIVE, null)), List.of(fact));
  }

  private Transition onLate(RunState run, Event.Late late) {
    var branch = run.branches().get(late.branch());
    if (branch == null || branch.visit() != late.visit() || !branch.mayBeLate()) {
      return nothing(run);
    }
    var alone = Applier.cancelBelow(run, branch, false);
    return transition(run, alone.with(branch.ready(Task.LATE, branch.attempt())), List.of());
  }

  private Transition onDrained(RunState run, Event.Drained drained) {
    var branch = run.branches().get(drained.branch());
    if (branch == null || branch.phase() != Phase.DRAINING) {
      return nothing(run);
    }
    var rest =
        branch.isRoot()
            ? Applier.unwinding(run.with(branch.stopped()))
            : run.with(run.branches().without(branch));
    var left = drained.left().filter(any -> plan.compensates(branch.node()));
    if (left.isEmpty() || branch.task() == Task.UNDO) {
      return transition(run, rest, List.of());
    }
    var fact =
        fact(run, branch, Fact.Kind.FINISHED, left.get().at())
            .state(left.get().state())
            .took(left.get().took())
            .make();
    return transition(run, applier.apply(rest, fact), List.of(fact));
  }

  private Transition spent(RunState run, Branch branch, String limit, Instant at) {
    var failure =
        new Failure(
            plan.name(branch.node()),
            branch.attempt(),
            "the run has spent its limit of " + limit,
            Optional.empty());
    return recorded(
        run, fact(run, branch, Fact.Kind.SPENT, at).port(limit).failure(failure).make());
  }

  private Transition recorded(RunState run, Fact fact) {
    var facts = new ArrayList<Fact>(1);
    facts.add(fact);
    return delivered(run, applier.apply(run, fact), facts, fact.at());
  }

  /// A transition after which messages have met waits, or were dropped.
  private Transition delivered(RunState before, RunState after, List<Fact> facts, Instant at) {
    if (after.inbox().unused().isEmpty()) {
      return transition(before, after, facts);
    }
    var met = delivery.deliver(before, after, facts, at);
    return transition(before, strays.drop(met, facts, at), facts);
  }

  private Transition silent(RunState run, Branch branch) {
    return transition(run, run.with(branch), List.of());
  }

  private Transition transition(RunState before, RunState after, List<Fact> facts) {
    StatusTable.check(before.status(), after.status());
    return new Transition(
        before, after, facts, Effects.between(plan, before, after), Optional.empty());
  }

  private static Transition nothing(RunState run) {
    return new Transition(run, run, List.of(), List.of(), Optional.empty());
  }

  private static Fact whole(RunState run, Fact.Kind kind, String reason, Instant at) {
    return whole(run, kind, reason, null, at);
  }

  private static Fact expiry(RunState run, Event.Expired expired) {
    return whole(run, Fact.Kind.EXPIRED, "", expired.failure(), expired.at());
  }

  private static Fact whole(
      RunState run, Fact.Kind kind, String reason, @Nullable Failure failure, Instant at) {
    return new Fact(
        run.seq() + 1,
        kind,
        "",
        0,
        -1,
        0,
        reason,
        List.of(),
        null,
        failure,
        null,
        at,
        Duration.ZERO,
        run.steps(),
        run.started(),
        Optional.empty());
  }

  private static FactDraft fact(RunState run, Branch branch, Fact.Kind kind, Instant at) {
    return new FactDraft(run, branch, kind, at);
  }
}
