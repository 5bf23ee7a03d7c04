package dev.pawl.testkit.turns;

/// Unwinds a thread whose simulated process was killed. Nobody should catch it: the thread does
/// nothing more that anybody could see.
public final class Killed extends Error {
  private static final long serialVersionUID = 1;

  Killed(String process) {
    super(process + " was killed", null, false, false);
  }
}
