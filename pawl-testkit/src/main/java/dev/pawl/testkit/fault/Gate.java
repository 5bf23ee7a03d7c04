package dev.pawl.testkit.fault;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Where a [FaultyStore] holds batches until a test lets them go on. Thread-safe.
///
/// A batch that is held keeps the thread that writes, so an engine with a closed gate does not
/// close: use it in a `try`, which opens it.
public final class Gate implements AutoCloseable {
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  Gate() {}

  /// Waits until a batch is held here, or was.
  ///
  /// @throws AssertionError if none has come within `limit`
  public void awaitReached(Duration limit) throws InterruptedException {
    if (!reached.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("no batch has come to the gate within " + limit);
    }
  }

  /// Lets go on what is held here, and from now on whatever comes.
  public void open() {
    opened.countDown();
  }

  /// Opens it.
  @Override
  public void close() {
    open();
  }

  /// Waits until it is open. An interrupt is kept, not obeyed: a commit is not to be interrupted.
  void pass() {
    reached.countDown();
    boolean interrupted = false;
    for (boolean waiting = true; waiting; ) {
      try {
        opened.await();
        waiting = false;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
