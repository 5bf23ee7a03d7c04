package dev.pawl.bench.micro;

/// The state of the measured workflows: a counter and a string. Each step makes a new one.
///
/// @param count how much the steps have added
/// @param text stays as it is
public record Tally(int count, String text) {
  static final Tally START = new Tally(0, "text");

  Tally plus(int more) {
    return new Tally(count + more, text);
  }
}
