package dev.pawl.engine.inline;

import dev.pawl.engine.turns.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The virtual threads that run the children of one visit: each takes the next child until the
/// block is settled, because enough have succeeded, too few can, or all have ended.
final class Crew {
  private final Children children;
  private final Turns turns;
  private final Turns.Bell bell;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicReference<@Nullable GaveUp> lost = new AtomicReference<>();
  private volatile boolean stopped;

  Crew(Children children, Turns turns) {
    this.children = children;
    this.turns = turns;
    this.bell = turns.bell();
  }

  /// Runs the children on so many threads. When this returns or throws, none runs any more.
  ///
  /// @param visit the visit that waits
  /// @throws Children.Lost if too few can succeed
  /// @throws Visit.Late if the visit's time ends before
  void run(Visit visit, int width) throws Children.Lost, Visit.Late, InterruptedException {
    var workers = new ArrayList<Thread>(width);
    try {
      for (int i = width; i > 0; i--) {
        workers.add(start());
      }
      while (!isSettled() && threads.get() > 0) {
        visit.await(bell);
      }
    } finally {
      stop(workers);
    }
    var failure = lost.get();
    if (failure != null) {
      throw new Children.Lost(failure);
    }
  }

  private Thread start() {
    threads.incrementAndGet();
    try {
      return turns.start(children.name(), this::work);
    } catch (RuntimeException | Error e) {
      threads.decrementAndGet();
      throw e;
    }
  }

  private void stop(List<Thread> workers) {
    if (threads.get() > 0) {
      stopped = true;
      workers.forEach(turns::interrupt);
      while (threads.get() > 0) {
        bell.await();
      }
    }
  }

  private void work() {
    try {
      for (int i;
          !stopped && !isSettled() && (i = started.getAndIncrement()) < children.total(); ) {
        run(i);
      }
    } finally {
      boolean settled = isSettled();
      if (threads.decrementAndGet() == 0 || settled) {
        bell.ring();
      }
    }
  }

  private void run(int index) {
    try {
      succeeded(index, children.run(index, this));
    } catch (GaveUp e) {
      failed(index, e);
    } catch (Throwable e) {
      boolean obeyed = stopped && e instanceof InterruptedException;
      if (!obeyed) {
        failed(index, new GaveUp(children.name(), 1, e, GaveUp.Reach.RUN));
      }
    }
  }

  private void succeeded(int index, Object state) {
    if (done.getAndIncrement() < children.needed()) {
      children.keep(index, state);
    }
  }

  private void failed(int index, GaveUp failure) {
    children.keep(index, failure);
    if (children.isLost(failed.incrementAndGet(), failure)) {
      lost.compareAndSet(null, failure);
    }
  }

  private boolean isSettled() {
    int successes = done.get();
    return successes >= children.needed()
        || lost.get() != null
        || successes + failed.get() == children.total();
  }

  /// Whether the children are to stop.
  boolean isStopped() {
    return stopped;
  }
}
