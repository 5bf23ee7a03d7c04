package dev.pawl.bench.measure;

/// A figure that explains a row: a percentile, an error bar, a seed.
///
/// @param name what it is
/// @param value the figure
/// @param unit its unit; empty for a count
public record Detail(String name, double value, String unit) {
  /// Name, figure and unit, as the table shows them.
  public String text() {
    return name + " " + Figures.format(value) + (unit.isEmpty() ? "" : " " + unit);
  }
}
