package dev.pawl.bench.soak;

import java.time.Duration;
import java.util.Locale;

/// What was seen in a stretch of time.
///
/// @param at its end, from the start of the load on
/// @param ended runs that ended in it
/// @param p50 median of their latencies, in milliseconds; 0 without runs
/// @param p99 99th percentile of them
/// @param max the longest
/// @param heap used bytes after a collection, at its end
/// @param open runs that were due and had not ended, at its end
/// @param threads platform threads, at its end
/// @param file bytes of the store, at its end
/// @param log bytes of its write-ahead log, at its end
record Window(
    Duration at,
    long ended,
    double p50,
    double p99,
    double max,
    long heap,
    long open,
    int threads,
    long file,
    long log) {
  private static final double MEBIBYTE = 1 << 20;

  static final String HEADER =
      "%8s %8s %9s %9s %9s %9s %7s %8s %10s %8s"
          .formatted(
              "at s",
              "runs",
              "p50 ms",
              "p99 ms",
              "max ms",
              "heap MB",
              "open",
              "threads",
              "store MB",
              "log MB");

  /// A line below [#HEADER].
  String line() {
    return String.format(
        Locale.ROOT,
        "%8.1f %8d %9.1f %9.1f %9.1f %9.1f %7d %8d %10.1f %8.1f",
        at.toMillis() / 1e3,
        ended,
        p50,
        p99,
        max,
        heap / MEBIBYTE,
        open,
        threads,
        file / MEBIBYTE,
        log / MEBIBYTE);
  }
}
