package dev.pawl.engine;

import dev.pawl.run.Event;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A signal that goes to other than one run that is there: to one that it may start, or to many.
/// Belongs to the thread of the sender.
final class Signals<T> {
  private static final int PAGE = 500;
  private static final int REFUSALS = 1_000;
  private static final List<RunStatus> OPEN =
      List.of(RunStatus.RUNNING, RunStatus.WAITING, RunStatus.PAUSED, RunStatus.COMPENSATING);
  private final DurableEngine engine;
  private final Signal<T> signal;
  private final T payload;
  private final SignalOptions options;

  Signals(DurableEngine engine, Signal<T> signal, T payload, SignalOptions options) {
    this.engine = engine;
    this.signal = signal;
    this.payload = Objects.requireNonNull(payload, "payload");
    this.options = options;
  }

  /// The options of a signal that a start comes with: its request id stands in for an id.
  static SignalOptions once(Start<?> start, SignalOptions options) {
    var request = start.options().request().filter(id -> options.id().isEmpty());
    return request.map(id -> options.id("start " + id)).orElse(options);
  }

  private Event.Arrived arrival() {
    return new Event.Arrived(
        signal.name(),
        options.correlation(),
        options.id(),
        engine.values().of(payload, signal.type(), null),
        engine.turns().now());
  }

  /// Sends it to the open run that has the key, or starts one that has accepted it.
  <S> Run<S> toStarted(Start<S> start) {
    var registered = engine.known(start.workflow());
    registered.check(signal);
    var input = engine.values().of(start.state(), start.workflow().definition().state(), null);
    for (; ; ) {
      var earlier = earlier(start);
      if (earlier.isPresent()) {
        return send(start.workflow(), earlier.get());
      }
      var started = engine.tryStart(registered, start.key(), input, start.options(), arrival());
      if (started != null) {
        return engine.handle(start.workflow(), started.row);
      }
      var holder = engine.store().find(start.workflow().name(), start.key());
      if (holder.isEmpty()) {
        continue;
      }
      try {
        return send(start.workflow(), holder.get());
      } catch (IllegalStatus e) {
        checkMayEnd(start, holder.get(), e);
      }
    }
  }

  /// The run that the same call has started or signalled before, as far as it can be told: by its
  /// request, or by the id of the signal if that run was the last to have the key.
  private Optional<RunRow> earlier(Start<?> start) {
    var workflow = start.workflow().name();
    return start
        .options()
        .request()
        .flatMap(request -> engine.store().requested(workflow, request))
        .or(() ->
            options
                .id()
                .flatMap(id ->
                    engine
                        .store()
                        .find(workflow, start.key())
                        .filter(run -> engine.store().accepted(run.id(), id))));
  }

  private <S> Run<S> send(Workflow<S> workflow, RunRow row) {
    var run = engine.handle(workflow, row);
    run.signal(signal, payload, options);
    return run;
  }

  /// Whoever had the key and has ended meanwhile gives way, unless a key is taken for ever.
  private void checkMayEnd(Start<?> start, RunRow holder, IllegalStatus error) {
    boolean isOver =
        engine.store().run(holder.id()).filter(run -> !run.state().status().isFinal()).isEmpty();
    if (!isOver) {
      throw error;
    }
    if (holder.unique() == RunRow.Unique.EVER || start.options().unique() == RunRow.Unique.EVER) {
      throw new KeyTaken(start.workflow().name(), start.key(), holder.id());
    }
  }

  /// Sends it to all open runs of a workflow, a page of them at a time.
  Signalled toAll(Workflow<?> workflow, Store.Filter filter) {
    engine.known(workflow).check(signal);
    var began = engine.turns().now();
    var chosen = open(workflow, filter);
    var tally = new Tally();
    var after = Optional.<RunId>empty();
    for (boolean more = true; more; ) {
      var page = engine.store().runs(chosen, after, PAGE);
      var old = page.stream().filter(run -> !run.created().isAfter(began)).toList();
      toPage(workflow, old, tally);
      more = page.size() == PAGE && old.size() == PAGE;
      after = page.isEmpty() ? after : Optional.of(page.getLast().id());
    }
    return new Signalled(tally.accepted, tally.refused, tally.refusals);
  }

  private static Store.Filter open(Workflow<?> workflow, Store.Filter filter) {
    var statuses =
        filter.statuses().isEmpty()
            ? OPEN
            : filter.statuses().stream().filter(OPEN::contains).toList();
    return new Store.Filter(
        Optional.of(workflow.name()), filter.version(), statuses, filter.parent());
  }

  /// How many runs have said what.
  private static final class Tally {
    private long accepted;
    private long refused;
    private final List<Signalled.Refusal> refusals = new ArrayList<>();

    private void refuse(RunRow row, RuntimeException reason) {
      refused++;
      if (refusals.size() < REFUSALS) {
        refusals.add(new Signalled.Refusal(row.id(), row.key(), reason));
      }
    }
  }

  /// A run that the signal was handed to.
  ///
  /// @param settled what came of it, not durable yet; null if the run has to be asked by itself
  private record Handed(RunRow row, @Nullable OpenRun run, OpenRun.@Nullable Settled settled) {}

  /// Hands it to all before it waits for the first, so that they share commits.
  private void toPage(Workflow<?> workflow, List<RunRow> page, Tally tally) {
    var handed = page.stream().map(this::hand).toList();
    for (var each : handed) {
      var run = each.run;
      var settled = each.settled;
      if (run != null && settled != null && engine.runner().seen(run, settled) != null) {
        tally.accepted++;
      } else {
        ask(workflow, each.row, tally);
      }
    }
  }

  private Handed hand(RunRow row) {
    engine.committer().awaitRoom();
    var run = engine.runs().bring(row.id());
    if (run == null) {
      return new Handed(row, null, null);
    }
    try {
      run.registered.check(signal);
      var settled = run.receive(arrival());
      return new Handed(row, run, settled == null || settled.isNothing() ? null : settled);
    } catch (InboxFull | IllegalArgumentException e) {
      return new Handed(row, null, null); // it will say so again
    }
  }

  private void ask(Workflow<?> workflow, RunRow row, Tally tally) {
    try {
      send(workflow, row);
      tally.accepted++;
    } catch (IllegalStatus | InboxFull | IllegalArgumentException | IllegalStateException e) {
      tally.refuse(row, e);
    }
  }
}
