package dev.pawl.engine;

import dev.pawl.workflow.PawlException;
import dev.pawl.workflow.RunId;

/// A start was refused because another run has its key.
public final class KeyTaken extends PawlException {
  private static final long serialVersionUID = 1;
  private final RunId holder;

  KeyTaken(String workflow, String key, RunId holder) {
    super(
        "key "
            + key
            + " of workflow "
            + workflow
            + " is taken by run "
            + holder
            + "; choose another key, or say what to do with StartOptions.taken");
    this.holder = holder;
  }

  /// The run that has the key.
  public RunId holder() {
    return holder;
  }
}
