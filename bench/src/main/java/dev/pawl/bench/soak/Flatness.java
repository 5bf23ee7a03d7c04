package dev.pawl.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Compares the mean of the last quarter of the windows with that of the second quarter; the first
/// warms up. A figure is flat if the last mean is above the other by a quarter of it, and by its
/// slack, at most.
final class Flatness {
  static final int FEWEST = 4;
  private static final double MEBIBYTE = 1 << 20;
  private static final double SHARE = 0.25;
  private static final List<Figure> FIGURES =
      List.of(
          new Figure("heap MB", 8, window -> window.heap() / MEBIBYTE),
          new Figure("p50 ms", 2, Window::p50),
          new Figure("p99 ms", 20, Window::p99),
          new Figure("open runs", 50, Window::open),
          new Figure("threads", 5, Window::threads));

  private Flatness() {}

  private record Figure(String name, double slack, ToDoubleFunction<Window> of) {
    double mean(List<Window> windows) {
      return windows.stream().mapToDouble(of).average().orElseThrow();
    }
  }

  /// What came of it.
  ///
  /// @param lines a line for each figure
  /// @param flat whether all are flat
  record Verdict(List<String> lines, boolean flat) {}

  /// @param windows at least [#FEWEST]
  static Verdict of(List<Window> windows) {
    int quarter = windows.size() / FEWEST;
    var second = windows.subList(quarter, 2 * quarter);
    var last = windows.subList(windows.size() - quarter, windows.size());
    var lines = new ArrayList<String>();
    boolean allFlat = true;
    for (var figure : FIGURES) {
      double before = figure.mean(second);
      double after = figure.mean(last);
      boolean flat = after <= before * (1 + SHARE) + figure.slack();
      allFlat &= flat;
      lines.add(
          String.format(
              Locale.ROOT,
              "%-10s second quarter %9.1f, last quarter %9.1f: %s",
              figure.name(),
              before,
              after,
              flat ? "flat" : "NOT FLAT"));
    }
    return new Verdict(lines, allFlat);
  }
}
