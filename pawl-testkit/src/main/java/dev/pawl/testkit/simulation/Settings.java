package dev.pawl.testkit.simulation;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/// What repeats a course exactly, on the same build.
///
/// @param seed draws everything
/// @param course another schedule and other faults for the same scenario; 0 for the seed's own
/// @param without faults that do not happen, even if the seed has drawn them
/// @param runs how many of the scenario's runs are started at most
public record Settings(long seed, int course, Set<Fault> without, int runs) {
  /// Copies the set.
  public Settings {
    without = without.isEmpty() ? Set.of() : Set.copyOf(without);
  }

  /// All that a seed draws.
  public static Settings of(long seed) {
    return new Settings(seed, 0, Set.of(), Integer.MAX_VALUE);
  }

  Settings course(int course) {
    return new Settings(seed, course, without, runs);
  }

  Settings without(Fault fault) {
    var more = EnumSet.of(fault);
    more.addAll(without);
    return new Settings(seed, course, more, runs);
  }

  Settings runs(int runs) {
    return new Settings(seed, course, without, runs);
  }

  /// As options of the command line.
  public String options() {
    var options = new StringBuilder("--seed ").append(seed);
    if (course != 0) {
      options.append(" --course ").append(course);
    }
    if (!without.isEmpty()) {
      var names = new TreeSet<String>();
      without.forEach(fault -> names.add(fault.option()));
      options.append(" --without ").append(String.join(",", names));
    }
    if (runs != Integer.MAX_VALUE) {
      options.append(" --runs ").append(runs);
    }
    return options.toString();
  }
}
