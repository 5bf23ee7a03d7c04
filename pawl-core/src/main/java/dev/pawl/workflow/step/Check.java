package dev.pawl.workflow.step;

/// Says whether a wait takes what an update brings. Should be pure: it runs on the thread of the
/// sender, before the run accepts anything, and again when the run changes meanwhile.
@FunctionalInterface
public interface Check<S, T> {
  /// Throws what speaks against the payload; otherwise it is taken.
  void check(S state, T payload) throws Exception;
}
