package dev.pawl.bench.measure;

import java.util.Arrays;
import java.util.Locale;

/// Writes figures, and draws one from many.
public final class Figures {
  private Figures() {}

  /// A figure as people read it: whole above 1,000, with a comma for thousands; else three
  /// significant digits, without zeros at the end.
  public static String format(double figure) {
    double size = Math.abs(figure);
    if (!Double.isFinite(figure) || size >= 1_000 || figure == Math.rint(figure)) {
      return String.format(Locale.ROOT, "%,.0f", figure);
    }
    int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
    var text = String.format(Locale.ROOT, "%." + digits + "f", figure);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  /// The median; of an even number of figures, the mean of the middle two.
  ///
  /// @throws IllegalArgumentException if there are none
  public static double median(double... figures) {
    if (figures.length == 0) {
      throw new IllegalArgumentException("there is no median of nothing");
    }
    var sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
