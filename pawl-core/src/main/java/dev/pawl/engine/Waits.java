package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.run.Effect;
import dev.pawl.run.Event;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.WaitRow;
import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes the runs that wait in the store, when their time has come. Sleeps until the earliest of
/// them, or until an earlier one is added.
///
/// Runs are brought into memory a little before their time, many at once, unless there are many in
/// memory already: reading them is most of the work, and then it is done when they are due. There,
/// timers wake them.
///
/// A wait that has been given is not looked at again for a while, whatever came of it: those of
/// workflows that this engine does not know, or of runs that cannot be read, do not keep others
/// from their turn.
final class Waits {
  private static final Logger LOG = LoggerFactory.getLogger(Waits.class);
  private static final int PAGE = 500;
  private static final Duration AT_MOST = Duration.ofMinutes(10);
  private static final Duration AHEAD = Duration.ofSeconds(1);
  private static final int CROWD = 5_000; // runs in memory
  private final DurableEngine engine;
  private final Turns.Bell changed;
  private final Turns.Bell room;
  private final AtomicInteger waking = new AtomicInteger(); // runs that are being woken
  private volatile boolean anew;
  private volatile boolean closed;
  private volatile Instant looked = Instant.MIN; // the newest time that it has looked, or looks, at
  private Optional<WaitRow> last = Optional.empty(); // by the serving thread
  private Duration pause = DurableEngine.CLOCK_STANDS; // by the serving thread
  private Instant until = Instant.MIN; // by the serving thread: when it begins anew

  Waits(DurableEngine engine) {
    this.engine = engine;
    this.changed = engine.turns().bell();
    this.room = engine.turns().bell();
    engine.turns().start("pawl-waits", this::serve);
  }

  /// Hears that the store has a wait for `due` more.
  void added(Instant due) {
    if (!due.isAfter(looked)) {
      anew = true;
    }
    changed.ring();
  }

  /// Hears that another workflow is known: its runs may be due.
  void registered() {
    anew = true;
    changed.ring();
  }

  private void serve() {
    while (!closed) {
      try {
        var now = engine.turns().now();
        if (anew || !now.isBefore(until)) {
          anew = false;
          last = Optional.empty();
          until = now.plus(AT_MOST);
        }
        var ahead = ahead();
        if (wakeDue(now, now.plus(ahead).plus(ahead)) < PAGE && !closed) {
          sleep(ahead);
        }
      } catch (StoreException e) {
        if (!closed) {
          LOG.error("waits could not be read; trying again", e);
          changed.awaitUntil(engine.turns().nanoTime() + Duration.ofSeconds(1).toNanos());
        }
      }
    }
  }

  /// How long before their time runs are brought. One that waits for longer than this may have been
  /// let out of memory a moment ago.
  private Duration ahead() {
    var release = engine.limits().release();
    return engine.runs().count() >= CROWD
        ? Duration.ZERO
        : release.compareTo(AHEAD) < 0 ? release : AHEAD;
  }

  private void sleep(Duration ahead) {
    var next = engine.store().due(last, until, 1);
    var time = next.isEmpty() ? until : next.getFirst().wakeAt().minus(ahead);
    boolean rung = changed.awaitUntil(engine.nanosAt(time));
    if (rung || !engine.turns().now().isBefore(time)) {
      pause = DurableEngine.CLOCK_STANDS;
    } else {
      changed.awaitUntil(engine.turns().nanoTime() + pause.toNanos());
      pause = DurableEngine.longer(pause);
    }
  }

  /// Wakes one page of what is due, brings what is going to be, and waits until there is room for
  /// another page.
  ///
  /// @param horizon until when a run may wait to be brought
  private int wakeDue(Instant now, Instant horizon) {
    looked = horizon;
    var due = engine.store().due(last, horizon, PAGE);
    var read = new HashMap<RunId, Store.Loaded>();
    for (var run : engine.runs().reserve(due.stream().map(WaitRow::run).toList())) {
      read.put(run.run().id(), run);
    }
    waking.addAndGet(due.size());
    for (var wait : due) {
      var run = read.remove(wait.run());
      engine
          .turns()
          .start(
              "pawl-wake",
              () -> {
                try {
                  wake(wait, run, now);
                } finally {
                  if (waking.decrementAndGet() == PAGE) {
                    room.ring();
                  }
                }
              });
    }
    if (!due.isEmpty()) {
      last = Optional.of(due.getLast());
    }
    while (waking.get() > PAGE) {
      room.await();
    }
    return due.size();
  }

  /// Wakes a run; one whose time is over ends by itself when it is in memory.
  ///
  /// @param read the run, if its place is reserved
  private void wake(WaitRow wait, Store.@Nullable Loaded read, Instant now) {
    try {
      boolean isDue = !wait.wakeAt().isAfter(now);
      if (read != null) {
        engine.runs().arrive(read, isDue ? effect -> !isFor(effect, wait) : effect -> true);
      }
      var run = isDue ? engine.runs().bring(wait.run()) : null;
      if (run != null) {
        var branch = run.branch(wait.branch());
        if (branch != null && branch.visit() == wait.visit()) {
          engine
              .runner()
              .wake(
                  run, new Event.Due(branch.id(), branch.visit(), branch.attempt(), wait.wakeAt()));
        }
      }
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("run {} could not be woken", wait.run(), e);
      }
    }
  }

  /// Whether an effect is the timer of a wait.
  private static boolean isFor(Effect effect, WaitRow wait) {
    return effect instanceof Effect.Wake wake
        && wake.branch().equals(wait.branch())
        && wake.visit() == wait.visit();
  }

  void close() {
    closed = true;
    changed.ring();
  }
}
