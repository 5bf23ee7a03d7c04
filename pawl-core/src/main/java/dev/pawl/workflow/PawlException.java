package dev.pawl.workflow;

/// The root of what Pawl throws of its own accord. Each message says what failed, which one, and
/// what to do.
public abstract class PawlException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// With a message.
  protected PawlException(String message) {
    super(message);
  }

  /// With a message and a cause.
  protected PawlException(String message, Throwable cause) {
    super(message, cause);
  }
}
