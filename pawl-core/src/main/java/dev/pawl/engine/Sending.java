package dev.pawl.engine;

import dev.pawl.engine.outbox.EventRelay;
import dev.pawl.engine.outbox.HookRelay;
import dev.pawl.engine.outbox.Settler;
import dev.pawl.store.Commit;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Settled;
import dev.pawl.stream.EventStream;
import dev.pawl.workflow.Workflow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What leaves the engine: events to a stream, and what hooks are to hear.
final class Sending {
  private final DurableEngine engine;
  private final Hooks hooks;
  private final Settler settler;
  private final EventStream events;
  private final @Nullable EventRelay relay;
  private final Map<String, HookRelay> hookRelays = new HashMap<>();

  /// @param stream where events go; null for the log of the store
  Sending(DurableEngine engine, Hooks hooks, @Nullable EventStream stream) {
    this.engine = engine;
    this.hooks = hooks;
    this.settler = new Settler(engine.turns(), engine.committer());
    this.events = EventStream.over(engine.store().log(), engine.turns());
    this.relay =
        stream == null ? null : new EventRelay(engine.turns(), engine.store(), settler, stream);
    for (var hook : hooks.all()) {
      hookRelays.put(hook.name(), relay(hook));
    }
  }

  private HookRelay relay(Hook hook) {
    return new HookRelay(
        engine.turns(),
        engine.timers(),
        engine.store(),
        settler,
        hook.name(),
        new HookRelay.Settings(hook.retry(), hook.limit(), hook.atOnce()),
        (row, attempt) -> {
          var event = HookForm.read(row);
          hook.code().hear(event, new Context(event, attempt));
        });
  }

  private final class Context implements HookContext {
    private final HookEvent event;
    private final int attempt;

    Context(HookEvent event, int attempt) {
      this.event = event;
      this.attempt = attempt;
    }

    @Override
    public int attempt() {
      return attempt;
    }

    @Override
    public <S> S state(Workflow<S> workflow) {
      return engine.state(workflow, event.run(), event.sequence());
    }
  }

  /// Begins to send, also what an engine before this one has left.
  void start() {
    if (relay != null) {
      relay.start("pawl-relay");
    }
    hookRelays.forEach((name, each) -> each.start("pawl-hooks-" + name));
  }

  /// What kind of row an event is.
  OutboxRow.Kind kind() {
    return relay == null ? OutboxRow.Kind.LOGGED : OutboxRow.Kind.EVENT;
  }

  /// What hooks are to hear of a start.
  List<OutboxRow> started(RunRow run) {
    return hooks.started(run);
  }

  /// What hooks are to hear of a change; see [Hooks#changed].
  List<OutboxRow> changed(
      RunRow run,
      RunRow.State before,
      List<HistoryRow> history,
      Optional<RunRow.State> after,
      long sequence) {
    return hooks.changed(run, before, history, after, sequence);
  }

  /// Hears of what is durable.
  void committed(Commit commit) {
    for (var row : commit.outbox()) {
      if (row.kind() == OutboxRow.Kind.EVENT && relay != null) {
        relay.added();
      } else if (row.kind() == OutboxRow.Kind.HOOK) {
        var known = hookRelays.get(row.name());
        if (known != null) {
          known.added();
        }
      }
    }
  }

  EventStream events() {
    return events;
  }

  Outbox outbox() {
    return new Rows();
  }

  /// The outbox as people see it.
  private final class Rows implements Outbox {
    @Override
    public List<OutboxRow> events(long after, int limit) {
      return engine.store().outbox(Optional.empty(), after, limit);
    }

    @Override
    public List<OutboxRow> hook(String hook, long after, int limit) {
      return engine.store().outbox(Optional.of(hook), after, limit);
    }

    @Override
    public List<OutboxRow> parked(long after, int limit) {
      return engine.store().parked(after, limit);
    }

    @Override
    public void retry(long number) {
      var row = parked(number);
      settler.settle(row.run(), List.of(Settled.waiting(row)));
      if (row.kind() == OutboxRow.Kind.HOOK) {
        var known = hookRelays.get(row.name());
        if (known != null) {
          known.restored();
        }
      } else if (relay != null) {
        relay.restored();
      }
    }

    @Override
    public void discard(long number) {
      var row = parked(number);
      settler.settle(row.run(), List.of(Settled.gone(row)));
    }

    private OutboxRow parked(long number) {
      return engine.store().parked(number - 1, 1).stream()
          .filter(row -> row.number() == number)
          .findFirst()
          .orElseThrow(
              () -> new IllegalArgumentException("no row " + number + " of the outbox is parked"));
    }
  }

  /// Sends nothing more, and waits for the calls of hooks under way.
  ///
  /// @param until when these are interrupted, by the monotonic clock
  void close(long until) {
    if (relay != null) {
      relay.close(until);
    }
    hookRelays.values().forEach(each -> each.close(until));
    events.close();
  }
}
