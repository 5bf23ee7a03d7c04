package dev.pawl.engine;

import dev.pawl.engine.commit.Ticket;
import dev.pawl.engine.value.Value;
import dev.pawl.run.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Starts many runs with few commits: all of them are queued before the first is waited for. Those
/// that the store refuses, because a request is known or a key is taken, are looked at one by one.
final class Starts {
  /// Runs in memory from which on no more are added: who starts many waits for some to end.
  private static final int IN_MEMORY = 10_000;

  private static final int TOGETHER = 500;

  private final DurableEngine engine;

  Starts(DurableEngine engine) {
    this.engine = engine;
  }

  /// A start that has been looked at: nothing is wrong with it by itself.
  private record Checked(Start<?> start, Registered registered, Value input) {}

  /// A run whose first commit is on its way.
  private record Queued(OpenRun run, Ticket ticket, List<Effect> effects) {}

  List<Started> all(List<? extends Start<?>> starts) {
    var checked = new ArrayList<Checked>(starts.size());
    for (var start : starts) {
      checked.add(check(start));
    }
    var started = new ArrayList<Started>(starts.size());
    for (int from = 0; from < checked.size(); from += TOGETHER) {
      started.addAll(some(checked.subList(from, Math.min(from + TOGETHER, checked.size()))));
    }
    return started;
  }

  private Checked check(Start<?> start) {
    Objects.requireNonNull(start.state(), "state");
    DurableEngine.checkKey(start.workflow(), start.key());
    return new Checked(
        start,
        engine.known(start.workflow()),
        engine.values().of(start.state(), start.workflow().definition().state(), null));
  }

  /// Starts as many as go into one commit. From the first that is queued on nothing else is waited
  /// for, so that they are written whatever others do.
  private List<Started> some(List<Checked> starts) {
    engine.runs().awaitRoom(IN_MEMORY);
    engine.committer().awaitRoom();
    var queued = starts.stream().map(this::queue).toList();
    var started = new ArrayList<Started>(starts.size());
    for (int i = 0; i < queued.size(); i++) {
      started.add(
          isCommitted(queued.get(i))
              ? new Started.Fresh(queued.get(i).run().id)
              : again(starts.get(i).start()));
    }
    return started;
  }

  private Queued queue(Checked start) {
    var now = engine.turns().now();
    var transition = start.registered().transitions().start(start.input(), now);
    var given = start.start();
    var row =
        engine.row(
            start.registered(), given.key(), start.input(), given.options(), Optional.empty(), now);
    var run = new OpenRun(engine, row, start.registered(), start.input(), transition.after());
    engine.runs().put(run);
    return new Queued(run, run.started(), transition.effects());
  }

  private boolean isCommitted(Queued queued) {
    boolean committed;
    try {
      committed = engine.committer().await(queued.ticket()) == null;
    } catch (RuntimeException e) {
      engine.runs().remove(queued.run());
      throw e;
    }
    if (committed) {
      engine.runner().perform(queued.run(), queued.effects());
    }
    return committed;
  }

  /// A start that was refused, once more by itself.
  private <S> Started again(Start<S> start) {
    var request = start.options().request();
    var known = request.flatMap(id -> engine.store().requested(start.workflow().name(), id));
    if (known.isPresent()) {
      return new Started.Known(known.get().id());
    }
    try {
      var run = engine.start(start.workflow(), start.key(), start.state(), start.options()).id();
      return start.options().taken() == StartOptions.Taken.ATTACH
          ? new Started.Known(run)
          : new Started.Fresh(run);
    } catch (KeyTaken e) {
      return new Started.Refused(e);
    }
  }
}
