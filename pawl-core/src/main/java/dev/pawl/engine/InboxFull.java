package dev.pawl.engine;

import dev.pawl.workflow.PawlException;

/// A run takes no more messages: as many as it may have wait to be used.
public final class InboxFull extends PawlException {
  private static final long serialVersionUID = 1;

  InboxFull(String key, int limit) {
    super(
        "run "
            + key
            + " has "
            + limit
            + " messages that nothing has used yet; wait until it has used some, or raise"
            + " Limits.messages");
  }
}
