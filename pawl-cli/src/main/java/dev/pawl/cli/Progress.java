package dev.pawl.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Says how far the runs are, on stderr: a bar that redraws itself on a terminal, else a line from
/// time to time.
final class Progress implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final String OVER_THE_BAR = "\r\033[K";

  // Long enough to be steady, short enough to forget runs that an earlier start had finished.
  private static final long WINDOW = Duration.ofSeconds(5).toNanos();

  private final PrintWriter err;
  private final Form form;
  private final Tally tally;
  private final CountDownLatch over = new CountDownLatch(1);
  private final long began = System.nanoTime();
  private final ArrayDeque<Sample> samples = new ArrayDeque<>(); // by one thread at a time
  private final Thread thread;

  /// How it is shown.
  enum Form {
    /// A bar that redraws itself, for a terminal.
    BAR,
    /// A line a second.
    LINES
  }

  private record Sample(long nanos, long done) {}

  Progress(PrintWriter err, Form form, Tally tally) {
    this.err = err;
    this.form = form;
    this.tally = tally;
    samples.add(new Sample(began, 0));
    this.thread = Thread.ofVirtual().name("pawl-progress").start(this::serve);
  }

  private void serve() {
    try {
      while (!over.await(form == Form.BAR ? 100 : 1_000, TimeUnit.MILLISECONDS)) {
        show(form == Form.BAR ? "" : System.lineSeparator());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Prints a line of its own, above the bar.
  void say(String line) {
    print(line + System.lineSeparator());
  }

  private void show(String end) {
    long now = System.nanoTime();
    long done = tally.done();
    samples.add(new Sample(now, done));
    while (samples.size() > 2 && now - samples.getFirst().nanos() > WINDOW) {
      samples.removeFirst();
    }
    var oldest = samples.getFirst();
    print(text(done, rate(done - oldest.done(), now - oldest.nanos())) + end);
  }

  private static double rate(long runs, long nanos) {
    return runs / Math.max(1e-3, nanos / 1e9);
  }

  private String text(long done, double rate) {
    long expected = tally.expected().orElse(-1);
    var text =
        String.format(
            Locale.ROOT,
            "%d/%s runs, %d open, %d completed, %d failed, %.0f runs/s",
            done,
            expected < 0 ? "?" : Long.toString(expected),
            tally.started.get() - done,
            tally.completed.get(),
            tally.failed.get(),
            rate);
    if (expected < 0) {
      return text;
    }
    long left = expected - done;
    var time = left > 0 && rate == 0 ? "?" : Long.toString(left == 0 ? 0 : Math.round(left / rate));
    return bar(done, expected) + text + ", " + time + " s left";
  }

  private String bar(long done, long expected) {
    if (form == Form.LINES) {
      return "";
    }
    int filled = expected == 0 ? WIDTH : (int) (WIDTH * done / expected);
    return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] ";
  }

  private void print(String text) {
    err.print(form == Form.BAR ? OVER_THE_BAR + text : text);
    err.flush();
  }

  /// Shows how far the runs came, with their rate over the whole time.
  void finish() {
    close();
    long done = tally.done();
    say(text(done, rate(done, System.nanoTime() - began)));
  }

  /// Shows nothing any more; a bar that is there is left to be written over.
  @Override
  public void close() {
    over.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (form == Form.BAR) {
      print("");
    }
  }
}
