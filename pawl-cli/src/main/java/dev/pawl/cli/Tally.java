package dev.pawl.cli;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/// How far the orders of a file are. Thread-safe.
final class Tally {
  /// Lines of the file that are not blank, if they could be counted before.
  final OptionalLong lines;

  /// Valid distinct orders read so far.
  final AtomicLong started = new AtomicLong();

  /// Orders whose id was read before.
  final AtomicLong repeated = new AtomicLong();

  /// Lines that are no orders.
  final AtomicLong invalid = new AtomicLong();

  final AtomicLong completed = new AtomicLong();
  final AtomicLong failed = new AtomicLong();

  Tally(OptionalLong lines) {
    this.lines = lines;
  }

  /// Runs that have ended.
  long done() {
    return completed.get() + failed.get();
  }

  /// Runs that the whole file will have come to, as far as is known.
  OptionalLong expected() {
    return lines.isEmpty()
        ? lines
        : OptionalLong.of(
            Math.max(started.get(), lines.getAsLong() - repeated.get() - invalid.get()));
  }
}
