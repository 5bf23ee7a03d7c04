package dev.pawl.engine.inline;

import dev.pawl.engine.turns.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The children that one visit waits for: branches of a fork or parallel, items of a map, a called
/// workflow. They run one after another on the thread that waits, or on virtual threads; what these
/// leave behind is read when all of them have ended.
final class Children {
  private final String name;
  private final int total;
  private final int needed;
  private final int tolerated;
  private final Child child;
  private final @Nullable Object[] results;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicReference<@Nullable GaveUp> lost = new AtomicReference<>();
  private volatile boolean stopped;

  /// Runs a child.
  interface Child {
    /// Runs the child with this index to its end.
    ///
    /// @param block what can stop it; null if it runs on the thread of its parent
    /// @return its state there
    Object run(int index, @Nullable Children block) throws GaveUp, InterruptedException;
  }

  /// Of `total` children `needed` have to succeed, and then the others need not end; more than
  /// `tolerated` must not fail.
  ///
  /// @param name the node that waits
  Children(String name, int total, int needed, int tolerated, Child child) {
    this.name = name;
    this.total = total;
    this.needed = needed;
    this.tolerated = tolerated;
    this.child = child;
    this.results = new Object[total];
  }

  /// Runs the children in order on this thread, until the block is settled.
  ///
  /// @throws Lost if too few can succeed
  void runHere() throws Lost, InterruptedException {
    for (int i = 0; i < total && !isSettled(); i++) {
      try {
        succeeded(i, child.run(i, null));
      } catch (GaveUp e) {
        failed(i, e);
      }
    }
    check();
  }

  /// Runs the children on virtual threads, started in order and at most `width` at once, until the
  /// block is settled. When this returns or throws, none of them runs any more.
  ///
  /// @param visit the visit that waits
  /// @throws Lost if too few can succeed
  /// @throws Visit.Late if the visit's time ends before
  void runOnThreads(Visit visit, int width) throws Lost, Visit.Late, InterruptedException {
    var bell = visit.turns().bell();
    var workers = new ArrayList<Thread>(Math.min(width, total));
    try {
      for (int i = Math.min(width, total); i > 0; i--) {
        workers.add(start(visit.turns(), bell));
      }
      while (!isSettled() && threads.get() > 0) {
        visit.await(bell);
      }
    } finally {
      stop(workers, bell);
    }
    check();
  }

  private Thread start(Turns turns, Turns.Bell bell) {
    threads.incrementAndGet();
    try {
      return turns.start(name, () -> work(bell));
    } catch (RuntimeException | Error e) {
      threads.decrementAndGet();
      throw e;
    }
  }

  private void stop(List<Thread> workers, Turns.Bell bell) {
    if (threads.get() > 0) {
      stopped = true;
      workers.forEach(Thread::interrupt);
      while (threads.get() > 0) {
        bell.await();
      }
    }
  }

  private void work(Turns.Bell bell) {
    try {
      for (int i; !stopped && !isSettled() && (i = started.getAndIncrement()) < total; ) {
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
      succeeded(index, child.run(index, this));
    } catch (GaveUp e) {
      failed(index, e);
    } catch (Throwable e) {
      boolean obeyed = stopped && e instanceof InterruptedException;
      if (!obeyed) {
        failed(index, new GaveUp(name, 1, e, GaveUp.Reach.RUN));
      }
    }
  }

  private void succeeded(int index, Object state) {
    if (done.getAndIncrement() < needed) {
      results[index] = state;
    }
  }

  private void failed(int index, GaveUp failure) {
    results[index] = failure;
    if (failed.incrementAndGet() > tolerated || failure.endsRun()) {
      lost.compareAndSet(null, failure);
    }
  }

  private boolean isSettled() {
    int successes = done.get();
    return successes >= needed || lost.get() != null || successes + failed.get() == total;
  }

  private void check() throws Lost {
    var failure = lost.get();
    if (failure != null) {
      throw new Lost(failure);
    }
  }

  /// Whether the children are to stop.
  boolean isStopped() {
    return stopped;
  }

  /// What child number `index` came to: its state, a [GaveUp], or null if it is not needed.
  @Nullable Object result(int index) {
    return results[index];
  }

  /// Too few children can succeed.
  static final class Lost extends Exception {
    private static final long serialVersionUID = 1;
    private final GaveUp child;

    private Lost(GaveUp child) {
      super(null, child, false, false);
      this.child = child;
    }

    /// What made it so.
    GaveUp child() {
      return child;
    }
  }
}
