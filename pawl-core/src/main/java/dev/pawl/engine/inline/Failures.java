package dev.pawl.engine.inline;

import java.time.Duration;

/// Makes the exceptions of the engine's API that an inline run throws, or shows to its error edges.
/// The engine hands it in, so that this package need not know the engine.
public interface Failures {
  /// A workflow has a node that waits.
  RuntimeException waits(String workflow, String node);

  /// A workflow has a node that starts runs of other workflows.
  RuntimeException starts(String workflow, String node);

  /// A workflow has a node whose visits can be undone.
  RuntimeException compensates(String workflow, String node);

  /// A workflow limits how long a run may last.
  RuntimeException expires(String workflow);

  /// An attempt took longer than its policy allows.
  RuntimeException attemptTimedOut(String node, int attempt, Duration limit);

  /// A visit took longer than its policy allows.
  RuntimeException visitTimedOut(String node, Duration limit);

  /// Too few branches or items of a node succeeded.
  ///
  /// @param node the node that gave up in the last of them
  /// @param error type and message of its last error
  RuntimeException branchFailed(String node, int attempts, String error);
}
