package dev.pawl.testkit.compat;

import dev.pawl.testkit.compat.Found.Source;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Counts findings: those that are alike are one, with the first run as their example.
final class Tally {
  /// How many different findings are listed.
  static final int MOST = 1_000;

  private final Source source;
  private final Map<Group, Count> counts = new LinkedHashMap<>();
  private long runs;
  private long unlisted;

  Tally(Source source) {
    this.source = source;
  }

  private record Group(String workflow, String version, Finding finding) {}

  private record Count(long runs, String example) {
    Count oneMore() {
      return new Count(runs + 1, example);
    }
  }

  /// Counts a run and all that was found in it.
  void add(String workflow, String version, String example, Set<Finding> findings) {
    runs++;
    for (var finding : findings) {
      var group = new Group(workflow, version, finding);
      var count = counts.get(group);
      if (count != null) {
        counts.put(group, count.oneMore());
      } else if (counts.size() < MOST) {
        counts.put(group, new Count(1, example));
      } else {
        unlisted++;
      }
    }
  }

  Report report() {
    var findings =
        counts.entrySet().stream()
            .map(entry -> found(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparingLong(Found::runs).reversed())
            .toList();
    return new Report(runs, findings, unlisted);
  }

  private Found found(Group group, Count count) {
    return new Found(
        group.finding(), source, group.workflow(), group.version(), count.runs(), count.example());
  }
}
