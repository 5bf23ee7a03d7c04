package dev.pawl.bench.micro;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Row;
import java.util.Map;

/// Makes rows of what JMH measured. A benchmark `name` stands beside `nameBare` of the same class.
///
/// @param figures the figures, by the names of the methods
record Rows(Map<String, Jmh.Figure> figures) {
  private static final String BARE = "Bare";

  Jmh.Figure figure(String benchmark) {
    var figure = figures.get(benchmark);
    if (figure == null) {
      throw new IllegalStateException(
          "JMH measured nothing called " + benchmark + ", only " + figures.keySet());
    }
    return figure;
  }

  /// The time of one operation.
  Row time(String name, String benchmark, Bar bar) {
    var figure = figure(benchmark);
    var row = Row.of(name, figure.nanos(), "ns", bar);
    return Double.isNaN(figure.error()) ? row : row.with("error", figure.error(), "ns");
  }

  /// The time of one operation, beside that of a bare loop.
  Row timeBesideBare(String name, String benchmark, Bar bar) {
    return time(name, benchmark, bar).beside(figure(benchmark + BARE).nanos());
  }

  /// What an operation allocates beyond the states that its steps make, which are what a bare loop
  /// allocates.
  Row allocationBeyondBare(String name, String benchmark, Bar bar) {
    double all = figure(benchmark).bytes();
    double states = figure(benchmark + BARE).bytes();
    return Row.of(name, all - states, "B", bar).with("states", states, "B");
  }
}
