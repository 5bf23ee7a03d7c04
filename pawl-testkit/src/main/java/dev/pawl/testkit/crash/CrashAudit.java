package dev.pawl.testkit.crash;

import java.util.List;

/// Looks at what a program left behind. Called by the thread that runs the harness, while no
/// process of the program lives.
@FunctionalInterface
public interface CrashAudit {
  /// What is wrong, a line each; nothing if all is well. Called after each kill, and when a round
  /// is over.
  ///
  /// @throws Exception if it cannot be told; ends the harness
  List<String> findings(Moment moment) throws Exception;

  /// What the process was doing when it was killed, in a word for the report. Called after
  /// [#findings] of the same moment.
  default String phase(Moment moment) {
    return "killed";
  }

  /// The phases that the report lists also when no kill met them, in their order.
  default List<String> phases() {
    return List.of();
  }
}
