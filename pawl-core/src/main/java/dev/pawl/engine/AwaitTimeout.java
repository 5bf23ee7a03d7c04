package dev.pawl.engine;

import dev.pawl.workflow.PawlException;
import java.time.Duration;
import java.util.List;

/// What somebody waited for did not happen in time. The run goes on.
public final class AwaitTimeout extends PawlException {
  private static final long serialVersionUID = 1;

  private final boolean accepted;

  AwaitTimeout(String run, Duration limit, List<String> nodes) {
    this("run " + run + " is still open after " + limit + ", at " + nodes, false);
  }

  private AwaitTimeout(String message, boolean accepted) {
    super(message);
    this.accepted = accepted;
  }

  /// Nothing waited for an update.
  static AwaitTimeout unaccepted(String update, Duration limit) {
    return new AwaitTimeout(
        update + " was not accepted: nothing waited for it within " + limit, false);
  }

  /// An update has been accepted, and not handled yet.
  static AwaitTimeout unanswered(String update, Duration limit) {
    return new AwaitTimeout(
        update + " was accepted, but not handled within " + limit + "; send it again by its id",
        true);
  }

  /// Whether it is about an update that the run has accepted: that will be handled, and can be sent
  /// again by its id to hear the answer.
  public boolean isAccepted() {
    return accepted;
  }
}
