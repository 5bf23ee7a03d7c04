package dev.pawl.engine;

import dev.pawl.workflow.PawlException;

/// A run failed: a node gave up, and no error edge took it, or the run lasted too long.
public final class RunFailed extends PawlException {
  private static final long serialVersionUID = 1;
  private final String run;
  private final String node;
  private final int attempts;

  RunFailed(String run, String node, int attempts, Throwable cause) {
    super("run " + run + " failed" + place(node, attempts) + ": " + cause, cause);
    this.run = run;
    this.node = node;
    this.attempts = attempts;
  }

  private static String place(String node, int attempts) {
    return node.isEmpty() ? "" : " at " + node + " after " + attempts + " attempts";
  }

  /// The run: its key, or its workflow's name for an inline run.
  public String run() {
    return run;
  }

  /// The node that gave up; empty if the run lasted too long.
  public String node() {
    return node;
  }

  /// How often it was tried.
  public int attempts() {
    return attempts;
  }
}
