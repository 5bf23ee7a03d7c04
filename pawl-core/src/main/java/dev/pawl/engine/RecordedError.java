package dev.pawl.engine;

import dev.pawl.workflow.PawlException;

/// An error that a step threw before a restart, as the history has it: its type and message.
public final class RecordedError extends PawlException {
  private static final long serialVersionUID = 1;

  RecordedError(String text) {
    super(text);
  }
}
