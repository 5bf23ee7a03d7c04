package dev.pawl.testkit.turns;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread that runs only while it has the turn. All fields but `turn` belong to whoever has it.
final class Strand implements Runnable {
  private final Scheduler scheduler;
  private final @Nullable Runnable body;
  final @Nullable VirtualProcess process;
  final String name;
  final long id;
  final Thread thread;
  private volatile boolean turn;
  private boolean started;

  /// Where it waits; null when it does not.
  @Nullable Object waitsFor;

  /// Whether an interrupt ends its wait.
  boolean interruptible;

  /// Whether it was interrupted while another had the turn.
  boolean interrupted;

  /// Counts its sleeps, so that an alarm for an earlier one is known.
  long sleep;

  boolean ended;

  /// A thread of a process.
  Strand(Scheduler scheduler, VirtualProcess process, String name, long id, Runnable body) {
    this.scheduler = scheduler;
    this.process = process;
    this.name = name;
    this.id = id;
    this.body = body;
    this.thread = Thread.ofVirtual().name(name).unstarted(this);
  }

  /// The thread that has made the scheduler, which has the turn.
  Strand(Scheduler scheduler, Thread driver) {
    this.scheduler = scheduler;
    this.process = null;
    this.name = "driver";
    this.id = 0;
    this.body = null;
    this.thread = driver;
    this.started = true;
  }

  boolean isStarted() {
    return started;
  }

  /// Gives it the turn. From here on the caller touches nothing that is shared.
  void give() {
    if (started) {
      turn = true;
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
  }

  /// Waits for the turn; an interrupt of the thread itself is kept.
  void awaitTurn() {
    boolean wasInterrupted = false;
    if (process == null) {
      scheduler.driverWaits();
    }
    while (!turn) {
      if (process == null) {
        LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
        scheduler.checkAlive();
      } else {
        LockSupport.park(this);
      }
      wasInterrupted |= Thread.interrupted();
    }
    turn = false;
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// As [#awaitTurn()], but for a limited real time.
  ///
  /// @return whether it has the turn
  boolean awaitTurn(Duration limit) {
    long until = System.nanoTime() + limit.toNanos();
    boolean wasInterrupted = false;
    while (!turn && until - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, until - System.nanoTime());
      wasInterrupted |= Thread.interrupted();
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    boolean given = turn;
    turn = false;
    return given;
  }

  @Override
  public void run() {
    scheduler.run(this, body == null ? () -> {} : body);
  }

  @Override
  public String toString() {
    return process == null ? name : process.name() + "/" + thread.getName() + "-" + id;
  }
}
