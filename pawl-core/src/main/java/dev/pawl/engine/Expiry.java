package dev.pawl.engine;

import dev.pawl.run.Event;
import dev.pawl.run.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Ends runs that last longer than their workflow allows. While a run is in memory a timer looks at
/// the clock, at least every ten minutes, because the clock may jump; while it is not, a wait in
/// the store brings it back when its time is over.
final class Expiry {
  private static final Duration LOOK = Duration.ofMinutes(10);
  private final DurableEngine engine;

  Expiry(DurableEngine engine) {
    this.engine = engine;
  }

  /// Ends a run at a time, if it is in memory then and goes on.
  void watch(OpenRun run, Instant end) {
    arm(run, end, end, DurableEngine.CLOCK_STANDS);
  }

  /// @param time when to look
  /// @param pause how long to wait if the clock stands still then
  private void arm(OpenRun run, Instant end, Instant time, Duration pause) {
    var soon = engine.turns().now().plus(LOOK);
    boolean far = time.isAfter(soon);
    run.armExpiry(() ->
        engine
            .timers()
            .at(
                engine.nanosAt(far ? soon : time),
                () ->
                    engine.untilHalted(
                        () -> look(run, end, far ? DurableEngine.CLOCK_STANDS : pause))));
  }

  private void look(OpenRun run, Instant end, Duration pause) {
    var now = engine.turns().now();
    if (now.isBefore(end)) {
      var soon = now.plus(pause);
      arm(run, end, end.isBefore(soon) ? soon : end, DurableEngine.longer(pause));
      return;
    }
    var error = new TimedOut(run.registered.workflow(), Duration.between(run.row.created(), end));
    engine
        .runner()
        .happen(
            run,
            new Event.Expired(
                new Failure("", 0, Failure.describe(error), Optional.of(error)), now));
  }
}
