package dev.pawl.workflow;

/// Something wrong with a workflow.
///
/// @param severity whether it can be built all the same
/// @param node the node's name; empty if it is about the workflow as a whole
/// @param message what is wrong
/// @param mend what to do about it
public record Problem(Severity severity, String node, String message, String mend) {
  /// How bad a problem is.
  public enum Severity {
    /// The workflow works, but probably not as meant.
    WARNING,
    /// The workflow cannot be built.
    ERROR
  }

  static Problem error(String node, String message, String mend) {
    return new Problem(Severity.ERROR, node, message, mend);
  }

  static Problem warning(String node, String message, String mend) {
    return new Problem(Severity.WARNING, node, message, mend);
  }

  /// One line.
  @Override
  public String toString() {
    return (severity == Severity.ERROR ? "error" : "warning")
        + (node.isEmpty() ? "" : " at " + node)
        + ": "
        + message
        + "; "
        + mend;
  }
}
