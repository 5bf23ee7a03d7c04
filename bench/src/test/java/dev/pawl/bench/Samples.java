package dev.pawl.bench;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import java.util.List;

/// A report with one row that passes, one that fails, and a scenario that is broken.
final class Samples {
  static final Machine MACHINE = new Machine(2, "Some CPU", 24L << 30, "Linux 6", "Vendor 25");

  private Samples() {}

  static Report report() {
    var fast =
        Row.of("one step", 27, "ns", Bar.value(new Limit.AtMost(30)))
            .beside(9)
            .with("error", 0.5, "ns");
    var slow =
        Row.of(
                "64",
                12_000,
                "runs/s",
                Bar.value(new Limit.AtLeast(8_000)).andRatio(new Limit.AtLeast(0.4)))
            .beside(40_000)
            .with("p50", 5.2, "ms")
            .with("p99", 12, "ms");
    return new Report(
        MACHINE,
        5,
        7,
        List.of(
            new Outcome.Measured("fast", List.of(fast)),
            new Outcome.Measured("slow", List.of(slow)),
            new Outcome.Broken("odd", "no \"disk\"")));
  }
}
