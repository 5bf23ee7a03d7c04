package dev.pawl.engine;

import java.util.Optional;

/// How a signal is sent. A value; begin with [#DEFAULT].
///
/// @param id the sender's id for the signal: the run accepts one with it, however often it is sent
/// @param correlation which of several waits for the signal it is meant for; those that have a
///   correlation take only signals with the same
public record SignalOptions(Optional<String> id, Optional<String> correlation) {
  /// Refuses empty texts.
  ///
  /// @throws IllegalArgumentException if the id or the correlation is empty
  public SignalOptions {
    if (id.filter(String::isEmpty).isPresent() || correlation.filter(String::isEmpty).isPresent()) {
      throw new IllegalArgumentException(
          "the id or the correlation of a signal is empty; give one, or leave it out");
    }
  }

  /// Without an id, for any wait that has no correlation.
  public static final SignalOptions DEFAULT = new SignalOptions(Optional.empty(), Optional.empty());

  /// With an id.
  public SignalOptions id(String id) {
    return new SignalOptions(Optional.of(id), correlation);
  }

  /// With a correlation.
  public SignalOptions correlation(String correlation) {
    return new SignalOptions(id, Optional.of(correlation));
  }
}
