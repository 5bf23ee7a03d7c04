package dev.pawl.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// One measured figure beside its baseline and its bar.
///
/// @param name what was measured; unique within its scenario
/// @param value the figure
/// @param unit the unit of value and baseline
/// @param baseline what the same work takes without Pawl, or with a peer
/// @param bar what the row has to reach
/// @param details further figures
public record Row(
    String name,
    double value,
    String unit,
    OptionalDouble baseline,
    Bar bar,
    List<Detail> details) {
  /// Copies the list.
  public Row {
    details = List.copyOf(details);
  }

  /// A row without a baseline.
  public static Row of(String name, double value, String unit, Bar bar) {
    return new Row(name, value, unit, OptionalDouble.empty(), bar, List.of());
  }

  /// With this baseline.
  public Row beside(double baseline) {
    return new Row(name, value, unit, OptionalDouble.of(baseline), bar, details);
  }

  /// With this detail after the others.
  public Row with(String name, double value, String unit) {
    return with(List.of(new Detail(name, value, unit)));
  }

  /// With these details after the others.
  public Row with(List<Detail> more) {
    var all = new ArrayList<>(details);
    all.addAll(more);
    return new Row(this.name, this.value, this.unit, baseline, bar, all);
  }

  /// Value divided by baseline; empty without a baseline.
  public OptionalDouble ratio() {
    return baseline.isPresent()
        ? OptionalDouble.of(value / baseline.getAsDouble())
        : OptionalDouble.empty();
  }

  /// Whether the row keeps its bar.
  public boolean passes() {
    return bar.holds(value, ratio());
  }
}
