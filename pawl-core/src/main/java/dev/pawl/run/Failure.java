package dev.pawl.run;

import java.util.Objects;
import java.util.Optional;

/// Why a branch, or a run, failed.
///
/// @param node the full name of the node that gave up
/// @param attempts how often it was tried
/// @param error type and message of its last error
/// @param cause the error itself, while it is in memory
public record Failure(String node, int attempts, String error, Optional<Throwable> cause) {
  /// Two failures are the same if they read the same.
  @Override
  public boolean equals(Object other) {
    return other instanceof Failure failure
        && node.equals(failure.node)
        && attempts == failure.attempts
        && error.equals(failure.error);
  }

  @Override
  public int hashCode() {
    return Objects.hash(node, attempts, error);
  }

  /// Type and message of an error.
  public static String describe(Throwable error) {
    var message = error.getMessage();
    var type = error.getClass().getName();
    return message == null ? type : type + ": " + message;
  }
}
