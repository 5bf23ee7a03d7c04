package dev.pawl.bench.measure;

/// What a figure must not exceed, or must reach.
public sealed interface Limit {
  /// Whether `figure` keeps the limit. Not-a-number keeps none.
  boolean holds(double figure);

  /// The limit in a few characters, such as `≤ 30`.
  String text();

  /// At most `limit`.
  record AtMost(double limit) implements Limit {
    @Override
    public boolean holds(double figure) {
      return figure <= limit;
    }

    @Override
    public String text() {
      return "≤ " + Figures.format(limit);
    }
  }

  /// Less than `limit`.
  record LessThan(double limit) implements Limit {
    @Override
    public boolean holds(double figure) {
      return figure < limit;
    }

    @Override
    public String text() {
      return "< " + Figures.format(limit);
    }
  }

  /// At least `limit`.
  record AtLeast(double limit) implements Limit {
    @Override
    public boolean holds(double figure) {
      return figure >= limit;
    }

    @Override
    public String text() {
      return "≥ " + Figures.format(limit);
    }
  }

  /// No further than `tolerance` from `center`.
  record Within(double center, double tolerance) implements Limit {
    @Override
    public boolean holds(double figure) {
      return Math.abs(figure - center) <= tolerance;
    }

    @Override
    public String text() {
      return Figures.format(center) + " ± " + Figures.format(tolerance);
    }
  }
}
