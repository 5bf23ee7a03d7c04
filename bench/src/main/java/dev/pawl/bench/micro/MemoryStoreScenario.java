package dev.pawl.bench.micro;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/// Commits and loads in memory.
final class MemoryStoreScenario implements Scenario {
  /// Short, because every commit stays in the heap until the iteration ends.
  private static final TimeValue ITERATION = TimeValue.milliseconds(300);

  /// Room for all that an iteration makes, so that none of the few pauses falls into one by chance.
  private static final List<String> JVM = List.of("-Xmn1g");

  @Override
  public String name() {
    return "memory-store";
  }

  @Override
  public String about() {
    return "commit one visit to a memory store of 100,000 runs, and load a run's branches";
  }

  @Override
  public List<Row> measure(Settings settings) throws RunnerException {
    var once = new MemoryStores();
    once.fill();
    var written = once.commit();
    var loaded = once.load();
    WrongResult.unlessEqual("rows to go on from", 1, loaded.history().size());
    WrongResult.unlessEqual("visits so far", 2L, written.history().getFirst().seq());

    var rows = new Rows(Jmh.run(MemoryStores.class, settings, ITERATION, JVM));
    return List.of(
        rows.time("commit", "commit", Bar.value(new Limit.AtMost(400)))
            .with("allocation", rows.figure("commit").bytes(), "B"),
        rows.time("load", "load", Bar.value(new Limit.AtMost(100)))
            .with("allocation", rows.figure("load").bytes(), "B"));
  }
}
