package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import java.time.Duration;
import java.util.List;

/// Runs in delays that end evenly over a day, a kill, and what a process costs that holds them.
///
/// After the kill nothing runs until enough delays have ended; then a new process has to handle
/// those, and is watched for a minute in which further ones end.
///
/// @param runs how many runs
/// @param due how many of their delays end while nothing runs
record DelayScenario(int runs, int due) implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "delays";
  }

  @Override
  public String about() {
    return "1,000,000 runs in a delay over a day, kill -9: restart, heap and idle CPU";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    try (var place = settings.workplace()) {
      var database = place.file("delays.db").toString();
      var spacing = DelayedRuns.DAY.dividedBy(runs);
      settings.say("starting %,d runs".formatted(runs));
      try (var child = Child.start(DelayedRuns.class, "start", database, Integer.toString(runs))) {
        var waiting = child.await("waiting", PATIENCE);
        settings.say("started in %d s".formatted(waiting.sinceStart().toSeconds()));
      }
      var down = spacing.multipliedBy(due).plus(Duration.ofSeconds(1));
      settings.say("down for %d s, while %,d delays end".formatted(down.toSeconds(), due));
      Thread.sleep(down);
      try (var child = Child.start(DelayedRuns.class, "wake", database, Integer.toString(due))) {
        var handled = child.await("handled", PATIENCE);
        double heap = Double.parseDouble(child.await("heap", PATIENCE).text());
        settings.say("watching the processor for a minute");
        double cpu = Double.parseDouble(child.await("cpu", PATIENCE).text());
        return List.of(
            Row.of(
                "restart until due ones are handled",
                handled.sinceStart().toMillis() / 1e3,
                "s",
                Bar.value(new Limit.LessThan(10))),
            Row.of("heap after GC", heap / MEBIBYTE, "MB", Bar.value(new Limit.LessThan(256))),
            Row.of("CPU over 60 s", 100 * cpu, "%", Bar.value(new Limit.LessThan(1))));
      }
    }
  }
}
