package dev.pawl.engine;

import dev.pawl.workflow.PawlException;

/// A workflow was given to an inline engine, and needs what only an engine with a store has.
public final class NotInline extends PawlException {
  private static final long serialVersionUID = 1;

  private NotInline(String message) {
    super(message + "; run it on an engine of Engine.builder()");
  }

  static NotInline waits(String workflow, String node) {
    return new NotInline(
        "workflow "
            + workflow
            + " waits at "
            + node
            + ", and an inline engine keeps nothing that could wait");
  }

  static NotInline starts(String workflow, String node) {
    return new NotInline(
        "workflow " + workflow + " starts runs at " + node + ", and an inline engine keeps none");
  }

  static NotInline expires(String workflow) {
    return new NotInline(
        "workflow "
            + workflow
            + " limits how long a run may last, which an inline engine does not");
  }

  static NotInline compensates(String workflow, String node) {
    return new NotInline(
        "workflow "
            + workflow
            + " compensates "
            + node
            + ", and an inline engine keeps nothing that could be paused when that fails");
  }
}
