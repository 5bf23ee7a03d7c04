package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// 500 runs paused at once in flight, resumed, and finished.
final class PauseScenario implements Scenario {
  private static final int RUNS = 500;
  private static final int STEPS = 100;
  private static final int UNMEASURED = 2;
  private static final Bar BAR = Bar.value(new Limit.LessThan(100));

  @Override
  public String name() {
    return "pause";
  }

  @Override
  public String about() {
    return "500 runs paused at once in flight, resumed, finished: how long until a pause is"
        + " durable";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var workflow = Counted.waiting(STEPS);
    var all = Load.histogram();
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("pause.db")).register(workflow).start()) {
      var unpaused = engine.start(workflow, "unpaused", Counted.START);
      WrongResult.unlessEqual("unpaused run", Counted.after(STEPS), unpaused.await(Runs.LIMIT));
      var path = unpaused.path();
      double longest =
          settings.median(
              UNMEASURED,
              repetition -> {
                var pauses = repetition(engine, workflow, repetition + "-", path);
                settings.say("every pause < %.1f ms".formatted(pauses.longest()));
                if (repetition >= UNMEASURED) {
                  all.add(pauses.latencies());
                }
                return pauses.longest();
              });
      return List.of(Row.of("every pause", longest, "ms", BAR).with(Load.percentiles(all)));
    }
  }

  /// @param path the nodes that a run visits that is not paused
  private static Load repetition(
      Engine engine, Workflow<Counted> workflow, String keys, List<String> path) throws Exception {
    List<Run<Counted>> runs = new CopyOnWriteArrayList<>();
    Load.together(RUNS, index -> runs.add(engine.start(workflow, keys + index, Counted.START)));
    var pauses = Load.together(RUNS, index -> runs.get(index).pause("bench"));
    for (var run : runs) {
      WrongResult.unlessEqual("status of " + run.key(), RunStatus.PAUSED, run.status());
    }
    for (var run : runs) {
      run.resume();
    }
    for (var run : runs) {
      WrongResult.unlessEqual(
          "result of " + run.key(), Counted.after(STEPS), run.await(Runs.LIMIT));
      WrongResult.unlessEqual("visits of " + run.key(), path, run.path());
    }
    return pauses;
  }
}
