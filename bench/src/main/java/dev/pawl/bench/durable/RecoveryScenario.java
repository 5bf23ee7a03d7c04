package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import java.time.Duration;
import java.util.List;

/// Many running runs, a kill, and how long until all of them run again.
///
/// @param runs how many
record RecoveryScenario(int runs) implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public String about() {
    return "50,000 running runs, kill -9: how long until all run again";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var bar = Bar.value(new Limit.LessThan(5));
    double seconds = settings.median(0, repetition -> seconds(settings));
    return List.of(Row.of("all running again", seconds, "s", bar).with("runs", runs, ""));
  }

  private double seconds(Settings settings) throws Exception {
    try (var place = settings.workplace()) {
      var database = place.file("recovery.db").toString();
      var count = Integer.toString(runs);
      try (var child = Child.start(RunningRuns.class, "start", database, count)) {
        child.await("running", PATIENCE);
      }
      try (var child = Child.start(RunningRuns.class, "recover", database, count)) {
        var running = child.await("running", PATIENCE).sinceStart();
        settings.say("all running again after %d ms".formatted(running.toMillis()));
        return running.toMillis() / 1e3;
      }
    }
  }
}
