package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Limits;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Maps over many items, and over the items of a large state.
final class MapScenario implements Scenario {
  private static final int WIDTH = 64;
  private static final int FEW = 10_000;
  private static final int MANY = 100_000;
  private static final int LINEAR_STEPS = 100;
  private static final int LINEAR_RUNS = 1_000;
  private static final int ITEM_BYTES = 100;
  private static final int RESULT_BYTES = 1_000;

  @Override
  public String name() {
    return "map";
  }

  @Override
  public String about() {
    return "map over 100,000 items, 64 at once; bytes stored for items of a 1 MB state";
  }

  /// A state that counts its items, instead of holding them.
  record Batch(int items, long sum) {
    List<Integer> list() {
      return IntStream.range(0, items).boxed().toList();
    }

    Batch fold(Results<Integer, Integer> results) {
      long total = 0;
      for (var result : results.values()) {
        total += result;
      }
      return new Batch(items, total);
    }

    /// What a map that adds one to each item makes of so many.
    static Batch mapped(int items) {
      return new Batch(items, (long) items * (items + 1) / 2);
    }
  }

  /// A state that holds its items.
  record Lines(List<String> lines, int longest) {}

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    double linear = linear(settings);
    settings.say("linear: %,.0f steps/s".formatted(linear));
    double few = map(settings, FEW);
    settings.say("map over %,d: %,.0f items/s".formatted(FEW, few));
    double many = map(settings, MANY);
    settings.say("map over %,d: %,.0f items/s".formatted(MANY, many));
    double bytes = bytesPerItem(settings);
    return List.of(
        Row.of("100,000 items", many, "items/s", Bar.ratio(new Limit.AtLeast(0.5)))
            .beside(linear)
            .with("width", WIDTH, ""),
        Row.of("100,000 items beside 10,000", many, "items/s", Bar.ratio(new Limit.AtLeast(0.5)))
            .beside(few),
        Row.of("stored for an item of a 1 MB state", bytes, "B", Bar.ratio(new Limit.AtMost(2)))
            .beside(RESULT_BYTES));
  }

  /// Steps a second of linear runs, as many at once as the map runs items.
  private static double linear(Settings settings) throws Exception {
    var workflow = Counted.workflow(LINEAR_STEPS);
    try (var place = settings.workplace();
        var engine = Engine.builder().sqlite(place.file("linear.db")).register(workflow).start()) {
      var runs = new Runs<>(engine, workflow, Counted.START, Counted.after(LINEAR_STEPS));
      return settings.median(
          1,
          repetition ->
              runs.closedLoop(repetition + "-", WIDTH, LINEAR_RUNS).rate() * LINEAR_STEPS);
    }
  }

  private static double map(Settings settings, int items) throws Exception {
    var graph = Workflow.graph("map", Batch.class);
    var map =
        graph.map("items", Batch::list, Integer.class, (item, context) -> item + 1, Batch::fold);
    graph.start(map.width(WIDTH)).path(map, graph.end());
    var workflow = graph.build();
    try (var place = settings.workplace();
        var engine =
            Engine.builder()
                .sqlite(place.file("map.db"))
                .limits(Limits.DEFAULT.branches(2 * MANY))
                .register(workflow)
                .start()) {
      return settings.median(
          1,
          repetition -> {
            long start = System.nanoTime();
            var run = engine.start(workflow, "run-" + repetition, new Batch(items, 0));
            var end = run.await(Runs.LIMIT);
            double seconds = (System.nanoTime() - start) / 1e9;
            WrongResult.unlessEqual("map over " + items, Batch.mapped(items), end);
            return items / seconds;
          });
    }
  }

  /// All that the database has grown by, the state included, for each item.
  private static double bytesPerItem(Settings settings) throws Exception {
    var graph = Workflow.graph("lines", Lines.class);
    var map =
        graph.map(
            "lines",
            Lines::lines,
            String.class,
            (line, context) -> line.repeat(RESULT_BYTES / ITEM_BYTES),
            (Lines state, Results<String, String> results) ->
                new Lines(
                    state.lines(),
                    results.values().stream().mapToInt(String::length).max().orElse(0)));
    graph.start(map.width(WIDTH)).path(map, graph.end());
    var workflow = graph.build();
    var state = new Lines(randomLines(settings.seed()), 0);
    try (var place = settings.workplace()) {
      try (var engine =
          Engine.builder().sqlite(place.file("lines.db")).register(workflow).start()) {
        var end = engine.start(workflow, "lines", state).await(Runs.LIMIT);
        WrongResult.unlessEqual("map over lines", new Lines(state.lines(), RESULT_BYTES), end);
      }
      return (double) place.bytes("lines.db") / FEW;
    }
  }

  private static List<String> randomLines(long seed) {
    var random = new SplittableRandom(seed);
    var lines = new ArrayList<String>();
    for (int i = 0; i < FEW; i++) {
      lines.add(RandomText.of(random, ITEM_BYTES));
    }
    return List.copyOf(lines);
  }
}
