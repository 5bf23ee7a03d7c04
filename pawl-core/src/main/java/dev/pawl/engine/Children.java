package dev.pawl.engine;

import dev.pawl.engine.commit.Ticket;
import dev.pawl.engine.outbox.RunRelay;
import dev.pawl.engine.outbox.Settler;
import dev.pawl.engine.value.Value;
import dev.pawl.run.Branch;
import dev.pawl.run.Event;
import dev.pawl.run.Fact;
import dev.pawl.run.RunState;
import dev.pawl.run.Transition;
import dev.pawl.store.Commit;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.StoreException;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.model.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs that were started by runs: how they begin, and what parents and children tell each other.
///
/// The start of a child is a commit of its own, and its request names the visit that starts it, so
/// that an attempt after a crash finds what the one before it has started. What one run tells the
/// other is a row of the outbox, written with the transition by which it became true, and delivered
/// by a relay.
final class Children {
  private static final Logger LOG = LoggerFactory.getLogger(Children.class);
  private static final int LONGEST = 10_000; // characters of a reason
  private final DurableEngine engine;
  private final RunRelay relay;

  Children(DurableEngine engine) {
    this.engine = engine;
    this.relay =
        new RunRelay(
            engine.turns(),
            engine.store(),
            new Settler(engine.turns(), engine.committer()),
            this::hand);
  }

  /// Begins with what others have left in the outbox.
  void start() {
    relay.start("pawl-children");
  }

  void close(long until) {
    relay.close(until);
  }

  /// Hears that another workflow is known.
  void registered() {
    relay.again();
  }

  /// Hears that a run was dropped from memory, with what it had been told and not recorded.
  void evicted(OpenRun run) {
    if (run.registered.starts()) {
      relay.again();
    }
  }

  /// Hears of what is durable.
  void committed(Commit commit) {
    for (var row : commit.outbox()) {
      if (row.kind() == OutboxRow.Kind.RUN) {
        relay.added();
        return;
      }
    }
  }

  /// Starts the run of a visit, unless that has started it before. Returns when it is durable.
  ///
  /// @param state what it starts with
  /// @return what the parent hears of it by
  /// @throws IllegalStateException if too many runs are above it, or the attempt is over
  String start(Attempt attempt, Work.Child<?, ?> child, Object state) {
    var parent = attempt.run();
    var definition = child.workflow();
    var request = request(parent, attempt.branch());
    if (parent.isBrought() && engine.store().requested(definition.name(), request).isPresent()) {
      return request;
    }
    var registered = engine.registered(definition);
    var input = engine.values().of(state, definition.state(), null);
    var options =
        StartOptions.DEFAULT.unique(RunRow.Unique.NONE).request(request).headers(attempt.headers());
    var now = engine.turns().now();
    var transition = registered.transitions().start(input, now);
    var row = engine.row(registered, key(attempt), input, options, parent(attempt, child), now);
    var run = new OpenRun(engine, row, registered, input, transition.after());
    engine.runs().put(run);
    var ticket = parent.start(attempt, run);
    if (ticket == null) {
      engine.runs().remove(run);
      throw new IllegalStateException("the attempt is over; it starts no run");
    }
    if (isCommitted(run, ticket)) {
      engine.runner().perform(run, transition.effects());
    }
    return request;
  }

  /// Whether a run was started by this attempt, and not by one before it.
  private boolean isCommitted(OpenRun run, Ticket ticket) {
    Commit.@Nullable Reason refusal;
    try {
      refusal = engine.committer().awaitOthers(ticket);
    } catch (StoreException e) {
      engine.runs().remove(run);
      throw e;
    }
    if (refusal != null && refusal != Commit.Reason.KEY_TAKEN) {
      throw new IllegalStateException("run " + run.row.key() + " could not be started: " + refusal);
    }
    return refusal == null;
  }

  /// What names the visit that starts a run.
  private static String request(OpenRun run, Branch branch) {
    return run.id
        + ":"
        + branch.id()
        + ":"
        + run.registered.plan().name(branch.node())
        + ":"
        + branch.visit();
  }

  private String key(Attempt attempt) {
    return attempt.key()
        + "/"
        + attempt.nodeName()
        + engine.userCode().keyed(attempt.run(), attempt.branch());
  }

  private Optional<RunRow.Parent> parent(Attempt attempt, Work.Child<?, ?> child) {
    var row = attempt.run().row;
    int depth = row.parent().map(RunRow.Parent::depth).orElse(0) + 1;
    int most = engine.limits().nesting();
    if (depth > most) {
      throw new IllegalStateException(
          attempt.nodeName()
              + " would start a run below "
              + depth
              + " others, more than the limit of "
              + most
              + "; raise Limits.nesting, or call the workflow within this run");
    }
    return Optional.of(
        new RunRow.Parent(row.id(), attempt.branch().id(), child.out().isPresent(), depth));
  }

  /// What a transition makes a run tell others.
  ///
  /// @param update the changing part of its row after it, if that changes
  /// @param end the state of the root after it
  List<OutboxRow> tells(
      OpenRun run, Transition transition, Optional<RunRow.State> update, Value end) {
    var notices = new ArrayList<Notice>();
    if (run.registered.starts()) {
      dropped(run, transition, notices);
    }
    var over = update.filter(state -> state.status().isFinal());
    if (over.isPresent() && run.row.parent().filter(RunRow.Parent::waits).isPresent()) {
      notices.add(ended(run, run.row.parent().get(), over.get(), end));
    }
    if (notices.isEmpty()) {
      return List.of();
    }
    var now = engine.turns().now();
    return notices.stream().map(notice -> notice.row(run.id, now)).toList();
  }

  private Notice ended(OpenRun run, RunRow.Parent parent, RunRow.State over, Value end) {
    var definition = run.registered.plan().definition();
    boolean completed = over.status() == RunStatus.COMPLETED;
    var payload =
        completed
            ? end.whole()
            : engine.values().codec().encode(failure(run.row, over), String.class);
    return new Notice.Ended(
        parent.run(),
        parent.branch(),
        run.row.request().orElseThrow(),
        completed ? Work.Child.completed(definition) : Work.Child.failed(definition),
        payload);
  }

  private static String failure(RunRow child, RunRow.State over) {
    var reason = over.reason();
    return child.id()
        + "\n"
        + over.status()
        + "\n"
        + child.key().length()
        + "\n"
        + child.key()
        + reason.substring(0, Math.min(reason.length(), LONGEST));
  }

  /// The error that a node sees whose child has told this.
  static ChildFailed failure(String told) {
    var parts = told.split("\n", 4);
    int key = Integer.parseInt(parts[2]);
    return new ChildFailed(
        RunId.parse(parts[0]),
        parts[3].substring(0, key),
        RunStatus.valueOf(parts[1]),
        parts[3].substring(key));
  }

  private static void dropped(OpenRun run, Transition transition, List<Notice> notices) {
    boolean undo =
        transition.facts().stream().noneMatch(fact -> fact.kind() == Fact.Kind.ABANDONED);
    for (var branch : transition.dropped()) {
      run.registered
          .plan()
          .child(branch.node())
          .filter(child -> !child.outlives())
          .map(child -> new Notice.Dropped(child.workflow().name(), request(run, branch), undo))
          .ifPresent(notices::add);
    }
  }

  /// A row on its way to the run that it is for.
  ///
  /// @param run null if there is nobody to tell
  /// @param settled what the run made of it; null if it cannot be told now, or the run removes the
  ///   row itself
  /// @param kept whether it cannot be told now
  private record Told(
      OutboxRow row, @Nullable OpenRun run, OpenRun.@Nullable Settled settled, boolean kept) {
    static Told later(OutboxRow row) {
      return new Told(row, null, null, true);
    }

    static Told byRun(OutboxRow row) {
      return new Told(row, null, null, false);
    }

    static Told nobody(OutboxRow row) {
      return new Told(row, null, OpenRun.NOTHING, false);
    }
  }

  private RunRelay.Handed hand(List<OutboxRow> rows) {
    var told = rows.stream().map(this::tell).toList();
    engine.committer().wake();
    return () -> {
      var gone = told.stream().filter(this::hasArrived).map(Told::row).toList();
      return new RunRelay.Outcome(gone, told.stream().anyMatch(Told::kept));
    };
  }

  private boolean hasArrived(Told told) {
    return told.settled != null
        && (told.run == null || engine.runner().seen(told.run, told.settled) != null);
  }

  /// A row that cannot be told, for whatever reason, keeps no other from being told.
  private Told tell(OutboxRow row) {
    try {
      return tryToTell(row);
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("row {} of the outbox cannot be told to its run", row.number(), e);
      return Told.later(row);
    }
  }

  private Told tryToTell(OutboxRow row) {
    engine.committer().awaitRoom();
    return switch (Notice.of(row)) {
      case Notice.Ended ended -> {
        engine.runs().told(ended.parent(), row.run());
        yield tell(row, ended.parent(), run -> hear(run, row, ended));
      }
      case Notice.Dropped dropped ->
          engine
              .store()
              .requested(dropped.workflow(), dropped.request())
              .map(child -> tell(row, child.id(), run -> cancel(run, row, dropped)))
              .orElseGet(() -> Told.nobody(row));
    };
  }

  /// @param telling null if the run is leaving memory
  private Told tell(OutboxRow row, RunId id, Function<OpenRun, @Nullable Told> telling) {
    for (; ; ) {
      var run = engine.runs().bring(id);
      if (run == null) {
        boolean over =
            engine.store().run(id).filter(known -> !known.state().status().isFinal()).isEmpty();
        return over ? Told.nobody(row) : Told.later(row);
      }
      var told = telling.apply(run);
      if (told != null) {
        return told;
      }
    }
  }

  private @Nullable Told hear(OpenRun run, OutboxRow row, Notice.Ended ended) {
    var signal = run.registered.plan().message(ended.signal());
    if (signal.isEmpty()) {
      return Told.nobody(row);
    }
    var payload = Value.whole(engine.values().codec(), signal.get().type(), ended.payload(), 0);
    var message =
        new Event.Arrived(
            ended.signal(),
            Optional.of(ended.request()),
            Optional.empty(),
            payload,
            engine.turns().now());
    var event = new Event.Ended(ended.branch(), row.number(), message);
    var heard = run.hear(event, state -> isAwaited(run, state, ended));
    if (heard == null) {
      return null;
    }
    if (!heard.handled()) {
      return new Told(row, run, heard.settled(), false);
    }
    engine.runner().perform(run, heard.settled().effects());
    return Told.byRun(row);
  }

  private @Nullable Told cancel(OpenRun run, OutboxRow row, Notice.Dropped dropped) {
    var settled =
        run.happen(
            new Event.Cancel(
                "its parent goes on without it", dropped.undo(), engine.turns().now()));
    return settled == null ? null : new Told(row, run, settled, false);
  }

  /// Whether a visit waits for the end of a child, or is about to, and has not been told of it.
  private static boolean isAwaited(OpenRun run, RunState state, Notice.Ended ended) {
    var branch = state.branches().get(ended.branch());
    return branch != null
        && branch.task() == Branch.Task.WORK
        && request(run, branch).equals(ended.request())
        && state.inbox().unused().stream()
            .noneMatch(message -> message.correlation().equals(Optional.of(ended.request())));
  }
}
