package dev.pawl.engine;

import dev.pawl.engine.commit.Author;
import dev.pawl.engine.commit.Ticket;
import dev.pawl.engine.value.Rows;
import dev.pawl.engine.value.Value;
import dev.pawl.run.Effect;
import dev.pawl.run.Plan;
import dev.pawl.run.RunState;
import dev.pawl.run.Transition;
import dev.pawl.run.Transitions;
import dev.pawl.store.Commit;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Mail;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs as the store has them: makes runs in memory of them, and pauses those that it cannot read.
final class StoredRuns {
  private static final Logger LOG = LoggerFactory.getLogger(StoredRuns.class);
  private final DurableEngine engine;
  private final Map<Long, Boolean> died = new ConcurrentHashMap<>(); // earlier writers

  StoredRuns(DurableEngine engine) {
    this.engine = engine;
  }

  /// A run that has come into memory.
  ///
  /// @param effects what is to be done for it
  record Opened(OpenRun run, List<Effect> effects) {}

  /// A stored run; one that cannot be read is paused instead, and says why.
  ///
  /// @return null if it cannot be read
  @Nullable Opened open(Registered registered, Store.Loaded loaded) {
    var row = loaded.run();
    try {
      var restored = restore(registered, loaded);
      var run = new OpenRun(engine, row, registered, input(registered, row), restored.after());
      run.restored(loaded.waits(), diedRunning(row));
      run.readStates();
      return new Opened(run, restored.effects());
    } catch (RuntimeException e) {
      LOG.error("run {} cannot be read", row.id(), e);
      long seq = loaded.history().isEmpty() ? 0 : loaded.history().getLast().seq();
      park(row, "cannot be read: " + e.getMessage(), seq);
      return null;
    }
  }

  /// Whether the process that ran it died: an engine that was closed has cut no attempt.
  private boolean diedRunning(RunRow row) {
    long owner = row.state().owner();
    if (owner == 0 || owner == engine.writer().id()) {
      return false;
    }
    var known = died.get(owner);
    if (known == null) {
      known = !engine.store().gaveBack(owner);
      died.put(owner, known);
    }
    return known;
  }

  private void park(RunRow row, String reason, long seq) {
    var state = row.state();
    if (state.status() == RunStatus.PAUSED && state.owner() == 0) {
      return;
    }
    var parked =
        new RunRow.State(
            RunStatus.PAUSED, state.goal(), reason, 0, state.inbox(), engine.turns().now());
    var commit =
        new Commit(
            row.id(),
            Optional.empty(),
            List.of(),
            Optional.of(parked),
            state.owner(),
            List.of(),
            List.of(),
            List.of(),
            engine.sending().changed(row, state, List.of(), Optional.of(parked), seq),
            List.of(),
            Mail.NONE);
    var ticket = new Ticket(new Parked(commit), commit, engine.turns().bell());
    engine.committer().enqueue(ticket);
    engine.committer().await(ticket);
  }

  /// The commit that pauses a run that is not in memory.
  private final class Parked implements Author {
    private final Commit commit;

    Parked(Commit commit) {
      this.commit = commit;
    }

    @Override
    public boolean isEvicted() {
      return false;
    }

    @Override
    public void committed() {
      engine.watchers().committed(commit);
      engine.sending().committed(commit);
    }

    @Override
    public void rejected() {
      LOG.warn("run {} has changed while it was parked", commit.run());
    }
  }

  /// A stored run as it is in memory.
  Transition restore(Registered registered, Store.Loaded loaded) {
    var row = loaded.run();
    var input = input(registered, row);
    var reader = new Rows.Reader(registered.plan(), engine.values(), input);
    var state = row.state();
    return registered
        .transitions()
        .restore(
            input,
            row.created(),
            reader.facts(loaded.history()),
            loaded.waits().stream()
                .map(wait -> new Transitions.Waiting(wait.branch(), wait.visit(), wait.wakeAt()))
                .toList(),
            reader.inbox(state.inbox(), loaded.inbox()),
            reader.undos(loaded.history()),
            state.status() == RunStatus.PAUSED ? state.reason() : null,
            state.goal().map(goal -> new RunState.Goal(goal, state.reason(), null)).orElse(null));
  }

  /// What `reader` makes of a run that is not in memory; empty if its workflow, or where it stands,
  /// is not known.
  <T> Optional<T> read(RunId id, BiFunction<Plan, RunState, T> reader) {
    var loaded = engine.store().load(id);
    var row = loaded.map(Store.Loaded::run);
    var registered = row.map(engine::registered);
    try {
      return registered.map(
          known -> reader.apply(known.plan(), restore(known, loaded.get()).after()));
    } catch (Rows.UnknownPlace e) {
      return Optional.empty();
    }
  }

  private Value input(Registered registered, RunRow row) {
    return Value.whole(
        engine.values().codec(), registered.plan().definition().state(), row.input(), 0);
  }

  /// The value that a row carries.
  ///
  /// @param input what its run started with
  Object value(HistoryRow row, Value input, Type type) {
    return loaded(row, input, type).get();
  }

  private Value loaded(HistoryRow row, Value input, Type type) {
    var stored = row.state().orElseThrow();
    if (!(stored instanceof Encoded.Patch patch)) {
      return Value.whole(engine.values().codec(), type, stored, row.seq());
    }
    var base =
        patch.base() == 0
            ? input
            : loaded(engine.store().row(row.run(), patch.base()).orElseThrow(), input, type);
    return Value.patched(engine.values().codec(), type, patch, base, row.seq());
  }
}
