package dev.pawl.engine.inline;

/// A branch of an inline run cannot go on. Passes from the branch to whoever waits for it, so it
/// has no stack trace of its own; its cause is what the node threw last.
public final class GaveUp extends Exception {
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

  /// The node that gave up.
  public String node() {
    return node;
  }

  /// How often it was tried.
  public int attempts() {
    return attempts;
  }

  /// What it threw last.
  public Throwable error() {
    return error;
  }

  /// Whether no error edge may catch it.
  boolean endsRun() {
    return reach == Reach.RUN;
  }
}
