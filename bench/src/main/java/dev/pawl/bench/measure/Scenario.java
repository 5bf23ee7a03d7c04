package dev.pawl.bench.measure;

import java.util.List;

/// One line of the table of bars: work to do, and what it must take at most.
public interface Scenario {
  /// What the command line calls it: lower case words with hyphens.
  String name();

  /// What it measures, in a line.
  String about();

  /// Does the work and measures it. Results are checked before any time is returned.
  ///
  /// @throws WrongResult if what was measured did not do what it should
  /// @throws Exception if the measurement could not be made
  List<Row> measure(Settings settings) throws Exception;
}
