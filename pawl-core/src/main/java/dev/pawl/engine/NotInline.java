package dev.pawl.engine;

import dev.pawl.workflow.PawlException;

/// A workflow was given to an inline engine, and has a node that waits.
public final class NotInline extends PawlException {
  private static final long serialVersionUID = 1;

  NotInline(String workflow, String node) {
    super(
        "workflow "
            + workflow
            + " waits at "
            + node
            + ", and an inline engine keeps nothing that could wait; run it on an engine of"
            + " Engine.builder()");
  }
}
