package dev.pawl.testkit.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What playing many seeds came to.
///
/// @param firstSeed the first of them; they follow each other
/// @param seeds how many were played
/// @param events choices that ran code of an engine
/// @param took how long it took
/// @param failures the seeds that failed, shrunk
public record Report(
    long firstSeed, long seeds, long events, Duration took, List<Failure> failures) {
  /// Copies the list.
  public Report {
    failures = List.copyOf(failures);
  }

  /// A seed that failed.
  ///
  /// @param found what was played
  /// @param shrunk the smallest settings found that fail in the same way
  /// @param message what does not hold
  /// @param trace what happened with the smallest settings, a line each
  public record Failure(Settings found, Settings shrunk, String message, List<String> trace) {
    /// Copies the list.
    public Failure {
      trace = List.copyOf(trace);
    }

    /// For people: what failed, what happened, how to repeat it.
    ///
    /// @param repeat what plays the seed again
    public String text(String repeat) {
      return "seed "
          + found.seed()
          + " failed: "
          + message
          + "\n"
          + String.join("\n", trace)
          + "\nrepeat it with: "
          + repeat;
    }
  }

  /// Events for each second.
  public double eventsPerSecond() {
    return events / Math.max(1e-9, took.toNanos() / 1e9);
  }

  /// A line for people.
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%,d seeds from %d on, %,d failures, %,d events, %,.0f events/s, %.1f s",
        seeds,
        firstSeed,
        failures.size(),
        events,
        eventsPerSecond(),
        took.toNanos() / 1e9);
  }
}
