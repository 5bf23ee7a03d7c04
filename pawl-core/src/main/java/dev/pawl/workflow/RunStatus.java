package dev.pawl.workflow;

/// Where a run is in its life. Which status may follow which is the engine's own table.
public enum RunStatus {
  /// A branch has an attempt to run.
  RUNNING,
  /// Every branch waits for a time.
  WAITING,
  /// Finished visits are being undone.
  COMPENSATING,
  /// Nothing starts until somebody resumes it.
  PAUSED,
  /// It reached an end. Final.
  COMPLETED,
  /// A node gave up, and no error edge took it.
  FAILED,
  /// Somebody cancelled it. Final.
  CANCELLED,
  /// Its data are deleted, its trail is kept. Final.
  ERASED;

  /// Whether the run is over.
  public boolean isFinal() {
    return switch (this) {
      case RUNNING, WAITING, COMPENSATING, PAUSED -> false;
      case COMPLETED, FAILED, CANCELLED, ERASED -> true;
    };
  }
}
