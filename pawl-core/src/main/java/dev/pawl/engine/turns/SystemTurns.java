package dev.pawl.engine.turns;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Real clocks and threads.
final class SystemTurns implements Turns {
  private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.EPOCH);

  @Override
  public Instant now() {
    var now = Instant.now().truncatedTo(ChronoUnit.MICROS); // what stores keep
    for (; ; ) {
      var last = latest.get();
      if (last.isAfter(now)) {
        return last;
      }
      if (latest.compareAndSet(last, now)) {
        return now;
      }
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return ThreadLocalRandom.current();
  }

  @Override
  public Thread start(String name, Runnable body) {
    return Thread.ofVirtual().name(name).start(body);
  }

  @Override
  public Thread startPlatform(String name, Runnable body) {
    return Thread.ofPlatform().daemon().name(name).start(body);
  }

  @Override
  public Bell bell() {
    return new ParkingBell();
  }

  @Override
  public Lock lock() {
    return new ReentrantLock();
  }

  @Override
  public void interrupt(Thread thread) {
    thread.interrupt();
  }

  /// The waiter is the state: nobody, a parked thread, or RUNG.
  private static final class ParkingBell implements Bell {
    private static final Object RUNG = new Object();
    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    @Override
    public void await() {
      boolean interrupted = false;
      while (!take()) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void awaitInterruptibly() throws InterruptedException {
      while (!take()) {
        if (Thread.interrupted()) {
          giveUp();
          throw new InterruptedException();
        }
        LockSupport.park(this);
      }
    }

    @Override
    public boolean awaitUntil(long nanos) {
      boolean interrupted = false;
      boolean rung = take();
      for (long left; !rung && (left = nanos - System.nanoTime()) > 0; rung = take()) {
        LockSupport.parkNanos(this, left);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return rung || giveUp();
    }

    @Override
    public boolean awaitUntilInterruptibly(long nanos) throws InterruptedException {
      boolean rung = take();
      for (long left; !rung && (left = nanos - System.nanoTime()) > 0; rung = take()) {
        if (Thread.interrupted()) {
          giveUp();
          throw new InterruptedException();
        }
        LockSupport.parkNanos(this, left);
      }
      return rung || giveUp();
    }

    /// Takes the ring if there is one, or else leaves the current thread as the waiter.
    private boolean take() {
      if (state.compareAndSet(RUNG, null)) {
        return true;
      }
      state.compareAndSet(null, Thread.currentThread());
      return state.compareAndSet(RUNG, null);
    }

    private boolean giveUp() {
      return !state.compareAndSet(Thread.currentThread(), null) && take();
    }

    @Override
    public void ring() {
      var waiter = state.getAndSet(RUNG);
      if (waiter instanceof Thread thread) {
        LockSupport.unpark(thread);
      }
    }
  }
}
