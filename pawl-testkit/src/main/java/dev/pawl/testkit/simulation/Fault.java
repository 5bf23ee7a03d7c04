package dev.pawl.testkit.simulation;

import java.util.Locale;
import java.util.Optional;

/// What can go wrong in a simulation. Each seed draws its own mix.
public enum Fault {
  /// A process dies: at any time, right before a commit, or right after one and before its answer.
  CRASH,
  /// An engine is closed in good order, and another started.
  RESTART,
  /// A process stands still for a while, as in a long collection of garbage.
  STALL,
  /// A second engine takes the store over while the first lives, or stands still.
  TAKE_OVER,
  /// The wall clock of a process jumps, forward or back.
  CLOCK,
  /// Commits and reads take time.
  SLOW_STORE,
  /// Commits fail: nothing was written.
  FAILED_COMMIT,
  /// Commits succeed, and fail all the same: the answer is lost.
  LOST_ANSWER,
  /// The disk is full, until the engine is started again.
  FULL_DISK,
  /// Steps take time, where a scenario's collaborators call [Stage#lag].
  SLOW_STEPS,
  /// Steps fail, where a scenario's collaborators call [Stage#mayFail].
  FAILED_STEP,
  /// Somebody pauses runs, and resumes them later.
  PAUSE,
  /// Somebody cancels runs.
  CANCEL;

  /// Its name on the command line.
  public String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The fault with this name on the command line.
  public static Optional<Fault> of(String option) {
    for (var fault : values()) {
      if (fault.option().equals(option)) {
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }
}
