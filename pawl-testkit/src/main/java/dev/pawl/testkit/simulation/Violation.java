package dev.pawl.testkit.simulation;

/// A law does not hold.
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;
  private final String law;

  /// @param law its short name
  Violation(String law, String message) {
    super(law + ": " + message);
    this.law = law;
  }

  String law() {
    return law;
  }
}
