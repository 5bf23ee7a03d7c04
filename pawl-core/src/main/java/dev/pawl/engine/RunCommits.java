package dev.pawl.engine;

import dev.pawl.engine.commit.Author;
import dev.pawl.engine.commit.Ticket;
import dev.pawl.engine.value.Rows;
import dev.pawl.engine.value.Value;
import dev.pawl.run.Fact;
import dev.pawl.run.RunState;
import dev.pawl.run.Transition;
import dev.pawl.store.Commit;
import dev.pawl.store.Mail;
import dev.pawl.store.OnceRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Settled;
import dev.pawl.store.WaitRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The way of a run in memory to the store: makes commits of its transitions and queues them, and
/// knows what of it is durable. What queues is guarded by the run's lock.
final class RunCommits {
  private final DurableEngine engine;
  private final OpenRun run;
  private final StoredRow row; // guarded by the run's lock
  private final StoredWaits waits; // guarded by the run's lock
  private final AtomicInteger queued = new AtomicInteger(); // commits without an answer
  private volatile RunState durable;
  private volatile RunRow.State durableRow;
  private volatile Value rootValue;

  RunCommits(DurableEngine engine, OpenRun run, RunState state) {
    this.engine = engine;
    this.run = run;
    this.row = new StoredRow(run.registered.plan(), run.row.state());
    this.waits = new StoredWaits(run);
    this.durable = state;
    this.durableRow = run.row.state();
    this.rootValue = Objects.requireNonNullElse(root(state, List.of()), run.input);
  }

  /// Takes over the waits that the store has.
  void restored(List<WaitRow> waits) {
    this.waits.restored(waits);
  }

  /// Queues the first commit of a run.
  ///
  /// @param release whether the run gives up its place in memory with it
  Ticket started(Transition start, boolean release) {
    var state = start.after();
    var commit =
        new Commit(
            run.id,
            Optional.of(run.row.with(row.started(state, owner(state, release), run.row.created()))),
            Rows.history(run.id, run.registered.plan(), state, start.facts()),
            Optional.empty(),
            0,
            waits.added(state, release),
            List.of(),
            List.of(),
            engine.sending().started(run.row),
            List.of(),
            Rows.mail(run.id, start));
    return enqueue(new Queued(commit, state, null, release));
  }

  /// Queues what a transition comes to.
  ///
  /// @param published the events that it sends
  /// @param release whether the run gives up its place in memory with it
  /// @return the commit to wait for; null if there is nothing to write
  @Nullable Ticket queue(Transition transition, List<OutboxRow> published, boolean release) {
    var state = transition.after();
    var mail = Rows.mail(run.id, transition);
    var root = root(state, transition.facts());
    var rows = Rows.history(run.id, run.registered.plan(), state, transition.facts());
    var over = waits.over(state);
    var added = waits.added(state, release);
    var before = row.state();
    var update = row.update(state, owner(state, release), () -> at(transition.facts()));
    var heard = engine.sending().changed(run.row, before, rows, update, state.seq());
    var outbox = joined(published, heard, tells(transition, update, root));
    var told = run.registered.starts() ? told(transition) : List.<Settled>of();
    if (rows.isEmpty()
        && added.isEmpty()
        && over.isEmpty()
        && update.isEmpty()
        && outbox.isEmpty()
        && told.isEmpty()
        && mail.isEmpty()) {
      if (queued.get() == 0) {
        durable = state;
      }
      if (release) {
        engine.runs().left(run);
      }
      return null;
    }
    var commit =
        new Commit(
            run.id,
            Optional.empty(),
            rows,
            update,
            update.isPresent() ? before.owner() : 0,
            added,
            over,
            List.of(),
            outbox,
            told,
            mail);
    boolean leaves = release || update.isPresent() && row.owner() == 0;
    return enqueue(new Queued(commit, state, root, leaves));
  }

  /// Queues a recorded result.
  Ticket record(OnceRow once, RunState state) {
    return enqueue(new Queued(unchanged(List.of(once)), state, null, false));
  }

  /// Queues a commit that writes nothing, behind all that have no answer.
  ///
  /// @return null if there are none
  @Nullable Ticket behind(RunState state) {
    return areAnswered() ? null : enqueue(new Queued(unchanged(List.of()), state, null, false));
  }

  private Commit unchanged(List<OnceRow> once) {
    return new Commit(
        run.id,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        0,
        List.of(),
        List.of(),
        once,
        List.of(),
        List.of(),
        Mail.NONE);
  }

  private static List<Settled> told(Transition transition) {
    return transition.told().stream().map(Settled::gone).toList();
  }

  private List<OutboxRow> tells(
      Transition transition, Optional<RunRow.State> update, @Nullable Value root) {
    return run.registered.starts() || run.row.parent().isPresent()
        ? engine
            .children()
            .tells(run, transition, update, Objects.requireNonNullElse(root, rootValue))
        : List.of();
  }

  private static List<OutboxRow> joined(
      List<OutboxRow> published, List<OutboxRow> heard, List<OutboxRow> tells) {
    if (heard.isEmpty() && tells.isEmpty()) {
      return published;
    }
    var all = new ArrayList<>(published);
    all.addAll(heard);
    all.addAll(tells);
    return all;
  }

  private Ticket enqueue(Queued author) {
    var ticket = new Ticket(author, author.commit, engine.turns().bell());
    queued.incrementAndGet();
    engine.committer().enqueue(ticket);
    return ticket;
  }

  private long owner(RunState state, boolean release) {
    return release || state.status().isFinal() ? 0 : engine.writer().id();
  }

  private Instant at(List<Fact> facts) {
    return facts.isEmpty() ? engine.turns().now() : facts.getLast().at();
  }

  /// Whether all that was queued has an answer.
  boolean areAnswered() {
    return queued.get() == 0;
  }

  /// The run as it is durable.
  RunState durable() {
    return durable;
  }

  /// The changing part of the run's row as it is durable.
  RunRow.State durableRow() {
    return durableRow;
  }

  /// The committed state of the root branch.
  Value rootValue() {
    return rootValue;
  }

  private static @Nullable Value root(RunState state, List<Fact> facts) {
    var root = state.branches().get("");
    if (root != null) {
      return root.state() instanceof Value value ? value : null;
    }
    return !facts.isEmpty() && facts.getLast().state() instanceof Value value ? value : null;
  }

  /// What a commit makes of the run, once it is durable.
  private final class Queued implements Author {
    private final Commit commit;
    private final RunState after;
    private final @Nullable Value root;
    private final boolean leaves;

    /// @param root the state of the root branch after it, if it changed
    /// @param leaves whether the run gives up its place in memory with it
    Queued(Commit commit, RunState after, @Nullable Value root, boolean leaves) {
      this.commit = commit;
      this.after = after;
      this.root = root;
      this.leaves = leaves;
    }

    @Override
    public boolean isEvicted() {
      return run.isEvicted();
    }

    @Override
    public void committed() {
      durable = after;
      commit.insert().ifPresent(inserted -> durableRow = inserted.state());
      commit.update().ifPresent(update -> durableRow = update);
      rootValue = Objects.requireNonNullElse(root, rootValue);
      run.committed(commit);
      queued.decrementAndGet();
      if (leaves) {
        engine.runs().left(run);
      }
      engine.watchers().committed(commit);
      engine.sending().committed(commit);
      engine.children().committed(commit);
    }

    @Override
    public void rejected() {
      run.evict();
    }
  }
}
