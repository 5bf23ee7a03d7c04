package dev.pawl.engine;

import dev.pawl.workflow.PawlException;
import dev.pawl.workflow.RunStatus;

/// A run cannot do this in the status that it has.
public final class IllegalStatus extends PawlException {
  private static final long serialVersionUID = 1;

  IllegalStatus(String run, RunStatus status, String what) {
    super("run " + run + " is " + status + " and cannot be " + what);
  }
}
