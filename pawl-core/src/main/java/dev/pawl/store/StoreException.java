package dev.pawl.store;

import dev.pawl.workflow.PawlException;

/// A store cannot do what it was asked.
public final class StoreException extends PawlException {
  private static final long serialVersionUID = 1;

  /// What is wrong with the store.
  public enum Kind {
    /// Another engine holds it.
    LOCKED,
    /// It is not a Pawl store.
    FOREIGN,
    /// A newer Pawl wrote it.
    NEWER,
    /// It has no room left.
    FULL,
    /// It cannot be written.
    READ_ONLY,
    /// This writer has been replaced; nothing that it sends is written any more.
    FENCED,
    /// It was closed.
    CLOSED,
    /// It did not answer, or failed; whether a batch was written is not known.
    UNAVAILABLE
  }

  private final Kind kind;

  /// Says what is wrong.
  public StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /// Says what is wrong, and why.
  public StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// What is wrong.
  public Kind kind() {
    return kind;
  }
}
