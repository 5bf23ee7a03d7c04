package dev.pawl.engine.turns;

import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;

/// Where an engine takes time, randomness and threads from: every park, wake-up, lock and clock
/// read goes through here. Real ones in production; a simulator hands out turns instead.
public interface Turns {
  /// Real clocks and threads.
  static Turns system() {
    return new SystemTurns();
  }

  /// The wall clock; never goes back.
  Instant now();

  /// The monotonic clock, in nanoseconds.
  long nanoTime();

  /// A source of randomness.
  RandomGenerator random();

  /// Runs `body` on a new virtual thread.
  ///
  /// @param name for people who look at threads
  Thread start(String name, Runnable body);

  /// Runs `body` on a new platform thread, for what blocks in native code.
  ///
  /// @param name for people who look at threads
  Thread startPlatform(String name, Runnable body);

  /// A new bell, not rung.
  Bell bell();

  /// A new lock: reentrant, without conditions.
  Lock lock();

  /// Interrupts a thread: one that was started here, or one that waits at a bell from here.
  void interrupt(Thread thread);

  /// Something that one thread waits for and others ring.
  interface Bell {
    /// Waits until the bell has been rung since the last wait; an interrupt is kept, not obeyed.
    void await();

    /// As [#await()], but an interrupt ends it.
    void awaitInterruptibly() throws InterruptedException;

    /// As [#await()], at most until the monotonic clock reads `nanos`.
    ///
    /// @return whether it was rung
    boolean awaitUntil(long nanos);

    /// As [#awaitUntil(long)], but an interrupt ends it.
    boolean awaitUntilInterruptibly(long nanos) throws InterruptedException;

    /// Lets the waiting thread, or the next that waits, go on.
    void ring();
  }
}
