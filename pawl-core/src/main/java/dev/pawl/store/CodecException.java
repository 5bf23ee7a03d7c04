package dev.pawl.store;

import dev.pawl.workflow.PawlException;

/// A value cannot be encoded or decoded.
public final class CodecException extends PawlException {
  private static final long serialVersionUID = 1;

  /// Says what and where.
  public CodecException(String message) {
    super(message);
  }

  /// Says what and where, and why.
  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }
}
