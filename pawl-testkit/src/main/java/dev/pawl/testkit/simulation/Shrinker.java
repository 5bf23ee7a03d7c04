package dev.pawl.testkit.simulation;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes a failure smaller: fewer runs, fewer faults, fewer events. Another fault less changes the
/// schedule, so each smaller setting is tried on several courses.
final class Shrinker {
  private static final int COURSES = 12;
  private static final int SHORTER = 40;
  private final Function<Settings, Outcome> play;

  Shrinker(Function<Settings, Outcome> play) {
    this.play = play;
  }

  /// The smallest outcome found that breaks the same law.
  Outcome shrink(Outcome failed) {
    var best = failed;
    for (int runs = 1; runs < 3; runs++) {
      var smaller = sameLaw(best, best.settings().runs(runs));
      if (smaller != null) {
        best = smaller;
        break;
      }
    }
    for (var fault : Fault.values()) {
      if (!best.settings().without().contains(fault)) {
        var smaller = sameLaw(best, best.settings().without(fault));
        best = smaller == null ? best : smaller;
      }
    }
    for (int course = 1; course <= SHORTER; course++) {
      var other = play.apply(best.settings().course(course));
      if (other.law().equals(failed.law()) && other.events() < best.events()) {
        best = other;
      }
    }
    return best;
  }

  private @Nullable Outcome sameLaw(Outcome failed, Settings smaller) {
    for (int course = 0; course < COURSES; course++) {
      var outcome = play.apply(smaller.course(course == 0 ? smaller.course() : course));
      if (outcome.law().equals(failed.law())) {
        return outcome;
      }
    }
    return null;
  }
}
