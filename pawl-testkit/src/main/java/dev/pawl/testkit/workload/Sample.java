package dev.pawl.testkit.workload;

import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Reducer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The state of random workflows: a component for each way to merge.
///
/// @param count steps so far; merged by sum
/// @param peak merged by maximum
/// @param text merged by the last branch, or not at all
/// @param trail nodes so far; merged by append
/// @param seen merged by union
/// @param laps of each loop that is being run; merged by a reducer of our own
record Sample(
    int count,
    int peak,
    String text,
    List<String> trail,
    Set<String> seen,
    Map<String, Integer> laps) {
  static final Sample EMPTY = new Sample(0, 0, "", List.of(), Set.of(), Map.of());
  static final Field<Sample, Integer> COUNT = Field.of(Sample::count);
  static final Field<Sample, Integer> PEAK = Field.of(Sample::peak);
  static final Field<Sample, String> TEXT = Field.of(Sample::text);
  static final Field<Sample, List<String>> TRAIL = Field.of(Sample::trail);
  static final Field<Sample, Set<String>> SEEN = Field.of(Sample::seen);
  static final Field<Sample, Map<String, Integer>> LAPS = Field.of(Sample::laps);

  /// The base with all entries that the branches put or removed.
  static final Reducer<Map<String, Integer>> ENTRIES =
      (base, changes) -> {
        var all = new HashMap<>(base);
        for (var change : changes) {
          all.keySet()
              .removeIf(key -> change.start().containsKey(key) && !change.end().containsKey(key));
          change
              .end()
              .forEach((key, value) -> {
                if (!value.equals(change.start().get(key))) {
                  all.put(key, value);
                }
              });
        }
        return Map.copyOf(all);
      };

  Sample {
    trail = List.copyOf(trail);
    seen = Set.copyOf(seen);
    laps = Map.copyOf(laps);
  }

  /// One step further.
  Sample after(String node) {
    var longer = new ArrayList<>(trail);
    longer.add(node);
    return new Sample(count + 1, peak, text, longer, seen, laps);
  }

  Sample peak(int value) {
    return new Sample(count, Math.max(peak, value), text, trail, seen, laps);
  }

  Sample text(String value) {
    return new Sample(count, peak, value, trail, seen, laps);
  }

  Sample see(String value) {
    var more = new HashSet<>(seen);
    more.add(value);
    return new Sample(count, peak, text, trail, more, laps);
  }

  /// One lap more of a loop; after `most`, the loop is over.
  Sample lap(String loop, int most) {
    var now = new HashMap<>(laps);
    if (now.merge(loop, 1, Integer::sum) >= most) {
      now.remove(loop);
    }
    return new Sample(count, peak, text, trail, seen, now);
  }
}
