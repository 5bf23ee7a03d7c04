package dev.pawl.engine;

import dev.pawl.workflow.PawlException;

/// Too few branches or items of a fork, a parallel, a map or a call succeeded. Its error edges see
/// this, whatever the branch threw, so that they do the same before and after a restart.
public final class BranchFailed extends PawlException {
  private static final long serialVersionUID = 1;
  private final String node;
  private final int attempts;
  private final String error;

  /// What an engine throws, and what a test of a fold may make.
  ///
  /// @param node the node that gave up
  /// @param attempts how often it was tried
  /// @param error type and message of its last error
  public BranchFailed(String node, int attempts, String error) {
    super(node + " failed after " + attempts + " attempts: " + error);
    this.node = node;
    this.attempts = attempts;
    this.error = error;
  }

  /// The node that gave up.
  public String node() {
    return node;
  }

  /// How often it was tried.
  public int attempts() {
    return attempts;
  }

  /// Type and message of its last error.
  public String error() {
    return error;
  }
}
