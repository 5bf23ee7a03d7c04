package dev.pawl.engine;

import dev.pawl.workflow.PawlException;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;

/// A run that a node started and waited for has failed, or was cancelled. The error edges of the
/// node see this; its policy allows no other attempt, because the child is over.
public final class ChildFailed extends PawlException {
  private static final long serialVersionUID = 1;
  private final RunId child;
  private final String key;
  private final RunStatus status;
  private final String error;

  /// What an engine throws, and what a test of a fold may make.
  ///
  /// @param child the run
  /// @param key its key
  /// @param status FAILED or CANCELLED
  /// @param error type and message of the error, or the reason for which it was cancelled
  public ChildFailed(RunId child, String key, RunStatus status, String error) {
    super(key + " is " + status + ": " + error);
    this.child = child;
    this.key = key;
    this.status = status;
    this.error = error;
  }

  /// The run.
  public RunId child() {
    return child;
  }

  /// Its key.
  public String key() {
    return key;
  }

  /// FAILED or CANCELLED.
  public RunStatus status() {
    return status;
  }

  /// Type and message of the error, or the reason for which it was cancelled.
  public String error() {
    return error;
  }
}
