package dev.pawl.engine;

import dev.pawl.workflow.RunId;

/// What became of a [Start].
public sealed interface Started {
  /// A run was started.
  record Fresh(RunId run) implements Started {}

  /// There was a run already: the same request had started it, or the options say to take the one
  /// that has the key.
  record Known(RunId run) implements Started {}

  /// No run was started: an open run has the key.
  record Refused(KeyTaken reason) implements Started {}
}
