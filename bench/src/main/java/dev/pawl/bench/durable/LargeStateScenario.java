package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A state of 1 MB, of which each of 1,000 steps changes 1 KB.
final class LargeStateScenario implements Scenario {
  private static final int PARTS = 1_024;
  private static final int PART_BYTES = 1_024;
  private static final int STEPS = 1_000;
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "large-state";
  }

  @Override
  public String about() {
    return "1 MB state, 1 KB change per step, 1,000 steps: bytes stored";
  }

  /// @param seed decides what changes
  /// @param step how many steps have run
  /// @param parts the text
  record Document(long seed, int step, List<String> parts) {
    static Document start(long seed) {
      var parts = new ArrayList<String>();
      var random = new SplittableRandom(seed);
      for (int i = 0; i < PARTS; i++) {
        parts.add(RandomText.of(random, PART_BYTES));
      }
      return new Document(seed, 0, List.copyOf(parts));
    }

    /// Replaces one part by a new one.
    Document edit() {
      var random = new SplittableRandom(seed + step + 1);
      var edited = new ArrayList<>(parts);
      edited.set(random.nextInt(PARTS), RandomText.of(random, PART_BYTES));
      return new Document(seed, step + 1, List.copyOf(edited));
    }

    boolean isUnfinished() {
      return step < STEPS;
    }
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    var graph = Workflow.graph("document", Document.class);
    var edit = graph.step("edit", Document::edit);
    graph.start(edit);
    edit.when("again", Document::isUnfinished, edit).otherwise(graph.end());
    var workflow = graph.build();
    var start = Document.start(settings.seed());
    var expected = start;
    while (expected.isUnfinished()) {
      expected = expected.edit();
    }
    try (var place = settings.workplace()) {
      long begin = System.nanoTime();
      try (var engine =
          Engine.builder().sqlite(place.file("document.db")).register(workflow).start()) {
        var run = engine.start(workflow, "document", start);
        WrongResult.unlessEqual("document", expected, run.await(Runs.LIMIT));
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      return List.of(
          Row.of(
                  "stored",
                  place.bytes("document.db") / MEBIBYTE,
                  "MB",
                  Bar.value(new Limit.AtMost(8)))
              .with("steps", STEPS / seconds, "steps/s"));
    }
  }
}
