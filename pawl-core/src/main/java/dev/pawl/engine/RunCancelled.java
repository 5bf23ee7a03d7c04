package dev.pawl.engine;

import dev.pawl.workflow.PawlException;

/// A run was cancelled while somebody waited for it.
public final class RunCancelled extends PawlException {
  private static final long serialVersionUID = 1;

  RunCancelled(String run, String reason) {
    super("run " + run + " was cancelled: " + reason);
  }
}
