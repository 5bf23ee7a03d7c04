package dev.pawl.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// How far the members of a consumer have read, for each number of members that it ever had.
///
/// @param byMembers offsets by member, by the number of members
record Cursors(Map<Integer, Map<Integer, Long>> byMembers) {
  /// Reads what [#member] wrote.
  static Cursors of(Map<String, Long> stored) {
    var byMembers = new TreeMap<Integer, Map<Integer, Long>>();
    stored.forEach((name, offset) -> {
      int slash = name.indexOf('/');
      byMembers
          .computeIfAbsent(Integer.parseInt(name.substring(slash + 1)), members -> new HashMap<>())
          .put(Integer.parseInt(name.substring(0, slash)), offset);
    });
    return new Cursors(byMembers);
  }

  /// The name under which a member's cursor is kept.
  static String member(int member, int members) {
    return member + "/" + members;
  }

  /// The cursor of a member.
  OptionalLong of(int member, int members) {
    var offset = byMembers.getOrDefault(members, Map.of()).get(member);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /// What all members had read when their number was another: as far as the last of those who came
  /// furthest.
  OptionalLong before() {
    long furthest = -1;
    var last = OptionalLong.empty();
    for (var each : byMembers.entrySet()) {
      var offsets =
          each.getValue().values().stream().mapToLong(Long::longValue).summaryStatistics();
      boolean complete = offsets.getCount() == each.getKey();
      if (complete && offsets.getMax() > furthest) {
        furthest = offsets.getMax();
        last = OptionalLong.of(offsets.getMin());
      }
    }
    return last;
  }
}
