package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.run.Event;
import dev.pawl.store.StoreException;
import dev.pawl.store.WaitRow;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes the runs that wait in the store, when their time has come. Sleeps until the earliest of
/// them, or until an earlier one is added.
final class Waits {
  private static final Logger LOG = LoggerFactory.getLogger(Waits.class);
  private static final int PAGE = 500;
  private static final Duration AT_MOST = Duration.ofMinutes(10);
  private final DurableEngine engine;
  private final Turns.Bell changed;
  private volatile boolean closed;

  Waits(DurableEngine engine) {
    this.engine = engine;
    this.changed = engine.turns().bell();
    engine.turns().start("pawl-waits", this::serve);
  }

  /// Looks again at what is the earliest.
  void changed() {
    changed.ring();
  }

  private void serve() {
    while (!closed) {
      try {
        int woken = wakeDue();
        if (woken < PAGE && !closed) {
          sleep();
        }
      } catch (StoreException e) {
        if (!closed) {
          LOG.error("waits could not be read; trying again", e);
          changed.awaitUntil(engine.turns().nanoTime() + Duration.ofSeconds(1).toNanos());
        }
      }
    }
  }

  private void sleep() {
    var now = engine.turns().now();
    var latest = now.plus(AT_MOST);
    var next = engine.store().nextDue().filter(due -> due.isBefore(latest)).orElse(latest);
    changed.awaitUntil(engine.nanosAt(next.isBefore(now) ? now.plusMillis(100) : next));
  }

  /// Wakes one page of what is due, and waits until all of it is awake.
  private int wakeDue() {
    var due = engine.store().due(engine.turns().now(), PAGE);
    var left = new AtomicInteger(due.size());
    var done = engine.turns().bell();
    for (var wait : due) {
      engine
          .turns()
          .start(
              "pawl-wake",
              () -> {
                try {
                  wake(wait);
                } finally {
                  if (left.decrementAndGet() == 0) {
                    done.ring();
                  }
                }
              });
    }
    if (!due.isEmpty()) {
      done.await();
    }
    return due.size();
  }

  private void wake(WaitRow wait) {
    try {
      var run = engine.inMemory(wait.run());
      if (run != null) {
        var branch = run.branch(wait.branch());
        if (branch != null && branch.visit() == wait.visit()) {
          engine
              .runner()
              .happen(
                  run, new Event.Due(branch.id(), branch.visit(), branch.attempt(), wait.wakeAt()));
        }
      }
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("run {} could not be woken", wait.run(), e);
      }
    }
  }

  void close() {
    closed = true;
    changed.ring();
  }
}
