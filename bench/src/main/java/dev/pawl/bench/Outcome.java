package dev.pawl.bench;

import dev.pawl.bench.measure.Row;
import java.util.List;

/// What became of a scenario.
sealed interface Outcome {
  /// The name of the scenario.
  String scenario();

  /// Whether every bar was kept.
  boolean passes();

  /// It was measured.
  record Measured(String scenario, List<Row> rows) implements Outcome {
    public Measured {
      rows = List.copyOf(rows);
    }

    @Override
    public boolean passes() {
      return rows.stream().allMatch(Row::passes);
    }
  }

  /// It could not be measured, or its results were wrong.
  ///
  /// @param reason why
  record Broken(String scenario, String reason) implements Outcome {
    @Override
    public boolean passes() {
      return false;
    }
  }
}
