package dev.pawl.testkit.simulation;

import java.util.List;
import java.util.Optional;

/// How one course went.
///
/// @param settings what repeats it
/// @param violation the law that did not hold, and how, if there is one
/// @param events choices that ran code of an engine
/// @param hash stands for the course: the same settings on the same build give the same
/// @param trace what happened, a line each, if it was asked for
public record Outcome(
    Settings settings,
    Optional<AssertionError> violation,
    long events,
    long hash,
    List<String> trace) {
  /// Copies the list.
  public Outcome {
    trace = List.copyOf(trace);
  }

  /// What two failures have in common that are taken for the same.
  String law() {
    return violation.map(v -> v instanceof Violation found ? found.law() : "").orElse("");
  }
}
