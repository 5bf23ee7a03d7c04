package dev.pawl.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Says how far the runs are, on stderr: a bar that redraws itself on a terminal, else a line from
/// time to time.
final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private final PrintWriter err;
  private final AtomicLong started;
  private final AtomicLong completed;
  private final AtomicLong failed;
  private final boolean terminal = Boolean.getBoolean("pawl.terminal");
  private final CountDownLatch over = new CountDownLatch(1);
  private final long began = System.nanoTime();
  private final Thread thread;

  Progress(PrintWriter err, AtomicLong started, AtomicLong completed, AtomicLong failed) {
    this.err = err;
    this.started = started;
    this.completed = completed;
    this.failed = failed;
    this.thread = Thread.ofVirtual().name("pawl-progress").start(this::serve);
  }

  private void serve() {
    try {
      while (!over.await(terminal ? 100 : 1_000, TimeUnit.MILLISECONDS)) {
        show(terminal ? "\r" : "", terminal ? "" : System.lineSeparator());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void show(String before, String after) {
    long known = started.get();
    long done = completed.get() + failed.get();
    double rate = done / Math.max(1e-3, (System.nanoTime() - began) / 1e9);
    long left = rate == 0 ? 0 : Math.round((known - done) / rate);
    int filled = known == 0 ? 0 : (int) (WIDTH * done / known);
    var bar = terminal ? "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " : "";
    err.print(
        String.format(
            Locale.ROOT,
            "%s%s%d/%d runs, %d completed, %d failed, %.0f runs/s, %d s left%s",
            before,
            bar,
            done,
            known,
            completed.get(),
            failed.get(),
            rate,
            left,
            after));
    err.flush();
  }

  @Override
  public void close() {
    over.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    show(terminal ? "\r" : "", System.lineSeparator());
  }
}
