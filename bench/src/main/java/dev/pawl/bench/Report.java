package dev.pawl.bench;

import java.util.List;

/// All that was measured.
///
/// @param machine where
/// @param repetitions how many repetitions a figure is the median of
/// @param seed where random work began
/// @param outcomes the scenarios, in order
record Report(Machine machine, int repetitions, long seed, List<Outcome> outcomes) {
  Report {
    outcomes = List.copyOf(outcomes);
  }

  boolean passes() {
    return outcomes.stream().allMatch(Outcome::passes);
  }
}
