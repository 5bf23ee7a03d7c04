package dev.pawl.testkit.simulation;

import dev.pawl.store.OutboxRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What runs have sent, in the order of its commits, and what of it has arrived. The law: all of it
/// arrives, maybe more than once, and for the first time in the order of its key.
final class Post {
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, Lane> byId = new HashMap<>();

  /// What has to stay in order.
  private static final class Lane {
    final String name;
    final List<String> sent = new ArrayList<>();
    int arrived; // how many of them, from the first on

    Lane(String name) {
      this.name = name;
    }
  }

  /// Hears what a commit sends.
  void sent(OutboxRow row) {
    var name = row.kind() + " " + row.name() + " " + row.key();
    var lane = lanes.computeIfAbsent(name, Lane::new);
    lane.sent.add(row.id());
    if (byId.put(row.id(), lane) != null) {
      throw new Violation("outbox", "two rows have the id " + row.id());
    }
  }

  /// Hears what has arrived.
  void arrived(String id) {
    var lane = byId.get(id);
    if (lane == null) {
      throw new Violation("committed before observed", id + " arrived, but was never sent");
    }
    int place = lane.sent.indexOf(id);
    if (place > lane.arrived) {
      throw new Violation(
          "outbox",
          id + " arrived before " + lane.sent.get(lane.arrived) + ", both of " + lane.name);
    }
    if (place == lane.arrived) {
      lane.arrived++;
    }
  }

  /// What has not arrived yet.
  List<String> missing() {
    return lanes.values().stream()
        .flatMap(lane -> lane.sent.subList(lane.arrived, lane.sent.size()).stream())
        .toList();
  }
}
