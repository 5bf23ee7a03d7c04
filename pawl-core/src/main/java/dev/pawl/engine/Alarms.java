package dev.pawl.engine;

import dev.pawl.engine.pace.Timers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The timers of a run in memory, each with what it is for. Guarded by the run's lock.
final class Alarms {
  private record Alarm(BooleanSupplier isOver, Timers.Timer timer) {}

  private final Map<String, Alarm> alarms = new HashMap<>();

  /// Sets a timer that takes the place of the one of that name, unless what it is for is over.
  void set(String name, BooleanSupplier isOver, Supplier<Timers.Timer> timer) {
    if (isOver.getAsBoolean()) {
      return;
    }
    var before = alarms.put(name, new Alarm(isOver, timer.get()));
    if (before != null) {
      before.timer.cancel();
    }
  }

  /// Cancels those for what is over.
  void sweep() {
    if (!alarms.isEmpty()) {
      alarms
          .values()
          .removeIf(alarm -> {
            boolean over = alarm.isOver.getAsBoolean();
            if (over) {
              alarm.timer.cancel();
            }
            return over;
          });
    }
  }
}
