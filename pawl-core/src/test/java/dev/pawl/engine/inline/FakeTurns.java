package dev.pawl.engine.inline;

import dev.pawl.engine.turns.Turns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;

/// A clock that stands still, but for waits, which take no real time: they move it and are noted.
/// For runs on one thread.
final class FakeTurns implements Turns {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  final List<Duration> waits = new ArrayList<>();
  private final RandomGenerator random = new Random(1);
  private Duration passed = Duration.ZERO;

  /// Lets time go by.
  void pass(Duration time) {
    passed = passed.plus(time);
  }

  @Override
  public Instant now() {
    return START.plus(passed);
  }

  @Override
  public long nanoTime() {
    return passed.toNanos();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Thread start(String name, Runnable body) {
    throw new UnsupportedOperationException("no threads here");
  }

  @Override
  public Thread startPlatform(String name, Runnable body) {
    throw new UnsupportedOperationException("no threads here");
  }

  @Override
  public Bell bell() {
    return new Silence();
  }

  @Override
  public Lock lock() {
    throw new UnsupportedOperationException("nothing is locked here");
  }

  @Override
  public void interrupt(Thread thread) {
    throw new UnsupportedOperationException("no threads here");
  }

  /// A bell that nobody rings.
  private final class Silence implements Bell {
    @Override
    public void await() {
      throw new UnsupportedOperationException("nobody would ring");
    }

    @Override
    public void awaitInterruptibly() {
      throw new UnsupportedOperationException("nobody would ring");
    }

    @Override
    public boolean awaitUntil(long nanos) {
      waits.add(Duration.ofNanos(nanos).minus(passed));
      passed = Duration.ofNanos(nanos);
      return false;
    }

    @Override
    public boolean awaitUntilInterruptibly(long nanos) throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return awaitUntil(nanos);
    }

    @Override
    public void ring() {
      throw new UnsupportedOperationException("nobody waits");
    }
  }
}
