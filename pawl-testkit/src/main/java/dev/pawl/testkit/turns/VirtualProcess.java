package dev.pawl.testkit.turns;

import dev.pawl.engine.turns.Turns;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The [Turns] of one simulated process: its threads are virtual and run when the [Scheduler] lets
/// them, its clock is virtual and may be wrong. It can be killed and frozen.
public final class VirtualProcess implements Turns {
  private final Scheduler scheduler;
  private final String name;
  private final SplittableRandom random;
  final Set<Strand> strands = new LinkedHashSet<>();
  final List<Strand> frozen = new ArrayList<>();
  int lastCalls;
  private boolean killed;
  private long frozenUntil;
  private Duration skew = Duration.ZERO;
  private Instant latest = Instant.EPOCH;

  VirtualProcess(Scheduler scheduler, String name, long seed) {
    this.scheduler = scheduler;
    this.name = name;
    this.random = new SplittableRandom(seed);
  }

  /// What it is called.
  public String name() {
    return name;
  }

  /// How many of its threads live.
  public int threads() {
    return strands.size();
  }

  /// Ends all its threads where they stand, as `kill -9` does: what they would have done next does
  /// not happen. When it is called by one of them, that one ends by [Killed]. A thread that is not
  /// its own, but waits at a bell or a lock from here, gets [Killed] too, and so does one that asks
  /// for anything afterwards.
  public void kill() {
    if (!killed) {
      killed = true;
      scheduler.unwind(this);
    }
  }

  /// Whether it was killed.
  public boolean isKilled() {
    return killed;
  }

  /// Lets none of its threads run for a while; its clock goes on.
  public void freeze(Duration time) {
    long until = scheduler.nanos() + time.toNanos();
    frozenUntil = Math.max(frozenUntil, until);
    scheduler.at(until, this::thaw);
  }

  private void thaw() {
    if (!isFrozen()) {
      scheduler.thaw(this);
    }
  }

  boolean isFrozen() {
    return frozenUntil > scheduler.nanos();
  }

  /// Sets its wall clock this far ahead of the right time; behind it, when negative. As
  /// [Turns#now()] promises, the time that it shows stands still rather than go back.
  public void skew(Duration skew) {
    this.skew = skew;
  }

  /// Lets the current thread wait while virtual time goes by.
  ///
  /// @throws InterruptedException if it is interrupted meanwhile
  public void sleep(Duration time) throws InterruptedException {
    bell().awaitUntilInterruptibly(nanoTime() + time.toNanos());
  }

  /// A point where another thread may go first.
  ///
  /// @throws Killed if the process was killed
  public void giveWay() {
    scheduler.turn();
    checkLives();
  }

  /// The names of its threads that live.
  public List<String> threadNames() {
    return strands.stream().map(strand -> strand.thread.getName()).toList();
  }

  /// Ends the current thread if its process was killed: what it does is not done any more.
  ///
  /// @throws Killed if it was
  public void checkLives() {
    if (killed) {
      throw new Killed(name);
    }
  }

  /// Something of this process that threads wait for.
  sealed interface Place {
    /// The process.
    VirtualProcess process();
  }

  @Override
  public Instant now() {
    giveWay();
    var shown = scheduler.now().plus(skew).truncatedTo(ChronoUnit.MICROS);
    latest = shown.isAfter(latest) ? shown : latest;
    return latest;
  }

  @Override
  public long nanoTime() {
    return scheduler.nanos();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Thread start(String name, Runnable body) {
    checkLives();
    var thread = scheduler.start(this, name, body).thread;
    scheduler.turn();
    return thread;
  }

  @Override
  public Thread startPlatform(String name, Runnable body) {
    return start(name, body);
  }

  @Override
  public Bell bell() {
    return new VirtualBell();
  }

  @Override
  public Lock lock() {
    return new VirtualLock();
  }

  @Override
  public void interrupt(Thread thread) {
    scheduler.interrupt(thread);
  }

  private final class VirtualBell implements Bell, Place {
    private boolean rung;
    private @Nullable Strand waiter;

    @Override
    public VirtualProcess process() {
      return VirtualProcess.this;
    }

    @Override
    public void await() {
      giveWay();
      while (!take()) {
        waiter = scheduler.current();
        scheduler.block(this, false);
        checkLives();
        waiter = null;
      }
    }

    @Override
    public void awaitInterruptibly() throws InterruptedException {
      giveWay();
      while (!take()) {
        obeyInterrupt();
        waiter = scheduler.current();
        scheduler.block(this, true);
        checkLives();
        waiter = null;
      }
    }

    @Override
    public boolean awaitUntil(long nanos) {
      giveWay();
      if (!rung && nanos - scheduler.nanos() > 0) {
        waiter = scheduler.current();
        scheduler.blockUntil(nanos, this, false);
        checkLives();
        waiter = null;
      }
      return take();
    }

    @Override
    public boolean awaitUntilInterruptibly(long nanos) throws InterruptedException {
      giveWay();
      if (rung || nanos - scheduler.nanos() <= 0) {
        return take();
      }
      obeyInterrupt();
      waiter = scheduler.current();
      scheduler.blockUntil(nanos, this, true);
      checkLives();
      waiter = null;
      if (!rung) {
        obeyInterrupt();
      }
      return take();
    }

    private void obeyInterrupt() throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }

    private boolean take() {
      boolean was = rung;
      rung = false;
      return was;
    }

    @Override
    public void ring() {
      if (killed) {
        return;
      }
      rung = true;
      if (waiter != null) {
        scheduler.wake(waiter);
      }
      scheduler.turn();
    }
  }

  private final class VirtualLock implements Lock, Place {
    private final List<Strand> waiting = new ArrayList<>();
    private @Nullable Strand owner;
    private int holds;

    @Override
    public VirtualProcess process() {
      return VirtualProcess.this;
    }

    @Override
    public void lock() {
      giveWay();
      var me = scheduler.current();
      while (owner != null && owner != me) {
        waiting.add(me);
        scheduler.block(this, false);
        checkLives();
      }
      owner = me;
      holds++;
    }

    @Override
    public void unlock() {
      if (owner != scheduler.current()) {
        throw new IllegalMonitorStateException("the lock is held by " + owner);
      }
      if (--holds == 0) {
        owner = null;
        waiting.forEach(scheduler::wake);
        waiting.clear();
        if (!killed) {
          scheduler.turn();
        }
      }
    }

    @Override
    public void lockInterruptibly() {
      throw new UnsupportedOperationException("locks of Turns are not interruptible");
    }

    @Override
    public boolean tryLock() {
      throw new UnsupportedOperationException("locks of Turns are taken by lock()");
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
      throw new UnsupportedOperationException("locks of Turns are taken by lock()");
    }

    @Override
    public Condition newCondition() {
      throw new UnsupportedOperationException("locks of Turns have no conditions");
    }
  }
}
