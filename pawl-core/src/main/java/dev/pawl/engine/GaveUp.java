package dev.pawl.engine;

/// A branch of an inline run cannot go on. Passes from the branch to whoever waits for it, so it
/// has no stack trace of its own; its cause is what the node threw last.
final class GaveUp extends Exception {
  private static final long serialVersionUID = 1;
  private final String node;
  private final int attempts;
  private final Throwable error;
  private final Reach reach;

  /// Who may still catch it.
  enum Reach {
    /// The error edges of the nodes around the branch.
    BLOCK,
    /// Nobody: the run has spent a limit.
    RUN
  }

  GaveUp(String node, int attempts, Throwable error, Reach reach) {
    super(null, error, false, false);
    this.node = node;
    this.attempts = attempts;
    this.error = error;
    this.reach = reach;
  }

  String node() {
    return node;
  }

  int attempts() {
    return attempts;
  }

  Throwable error() {
    return error;
  }

  boolean endsRun() {
    return reach == Reach.RUN;
  }
}
