package dev.pawl.testkit.simulation;

import dev.pawl.engine.turns.Turns;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;

/// Turns with a fault: every so often a ring is lost, or the clock is an hour ahead.
final class WrongTurns implements Turns {
  private final Turns turns;
  private final int lostRing;
  private final int wrongTime;
  private int rings;
  private int readings;

  private WrongTurns(Turns turns, int lostRing, int wrongTime) {
    this.turns = turns;
    this.lostRing = lostRing;
    this.wrongTime = wrongTime;
  }

  /// Loses every `nth` ring.
  static Turns losingRings(Turns turns, int nth) {
    return new WrongTurns(turns, nth, Integer.MAX_VALUE);
  }

  /// Is an hour ahead at every `nth` reading.
  static Turns aheadAtTimes(Turns turns, int nth) {
    return new WrongTurns(turns, Integer.MAX_VALUE, nth);
  }

  @Override
  public Instant now() {
    var now = turns.now();
    return ++readings % wrongTime == 0 ? now.plus(Duration.ofHours(1)) : now;
  }

  @Override
  public long nanoTime() {
    return turns.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return turns.random();
  }

  @Override
  public Thread start(String name, Runnable body) {
    return turns.start(name, body);
  }

  @Override
  public Thread startPlatform(String name, Runnable body) {
    return turns.startPlatform(name, body);
  }

  @Override
  public Lock lock() {
    return turns.lock();
  }

  @Override
  public void interrupt(Thread thread) {
    turns.interrupt(thread);
  }

  @Override
  public Bell bell() {
    var bell = turns.bell();
    return new Bell() {
      @Override
      public void await() {
        bell.await();
      }

      @Override
      public void awaitInterruptibly() throws InterruptedException {
        bell.awaitInterruptibly();
      }

      @Override
      public boolean awaitUntil(long nanos) {
        return bell.awaitUntil(nanos);
      }

      @Override
      public boolean awaitUntilInterruptibly(long nanos) throws InterruptedException {
        return bell.awaitUntilInterruptibly(nanos);
      }

      @Override
      public void ring() {
        if (++rings % lostRing != 0) {
          bell.ring();
        }
      }
    };
  }
}
