package dev.pawl.bench.measure;

import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a row has to reach: a limit on its value, one on its ratio to the baseline, or both. A row
/// without limits is there for comparison and always passes.
///
/// @param value the limit on the value
/// @param ratio the limit on value divided by baseline
public record Bar(Optional<Limit> value, Optional<Limit> ratio) {
  /// No limit.
  public static final Bar NONE = new Bar(Optional.empty(), Optional.empty());

  /// A limit on the value.
  public static Bar value(Limit limit) {
    return new Bar(Optional.of(limit), Optional.empty());
  }

  /// A limit on the ratio.
  public static Bar ratio(Limit limit) {
    return new Bar(Optional.empty(), Optional.of(limit));
  }

  /// With this limit on the ratio as well.
  public Bar andRatio(Limit limit) {
    return new Bar(value, Optional.of(limit));
  }

  /// Whether both limits hold. A limit on the ratio does not hold where there is no baseline.
  boolean holds(double value, OptionalDouble ratio) {
    return this.value.map(limit -> limit.holds(value)).orElse(true)
        && this.ratio.map(limit -> limit.holds(ratio.orElse(Double.NaN))).orElse(true);
  }

  /// The limits in a few words; empty if there are none.
  public String text() {
    var parts = new ArrayList<String>();
    value.ifPresent(limit -> parts.add(limit.text()));
    ratio.ifPresent(limit -> parts.add("ratio " + limit.text()));
    return String.join(", ", parts);
  }
}
