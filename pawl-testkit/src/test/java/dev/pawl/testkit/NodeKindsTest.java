package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.store.Codec;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Faults and checks at each kind of node.
class NodeKindsTest {
  private record Batch(List<Integer> items, int sum, String note) {
    Batch noted(String note) {
      return new Batch(items, sum, note);
    }
  }

  private enum Size {
    SMALL,
    LARGE
  }

  private sealed interface Door {
    record Shut() implements Door {}

    record Open(int visitors) implements Door {}

    record Locked() implements Door {}
  }

  private static final Policy TWICE = Policy.DEFAULT.retry(Retry.fixed(Duration.ofSeconds(1), 2));
  private static final Batch BATCH = new Batch(List.of(1, 2, 3, 4), 0, "");

  private static Workflow<Batch> summing(Policy policy, double tolerated) {
    var g = Workflow.graph("summing", Batch.class);
    var square =
        g.map(
                "square",
                Batch::items,
                Integer.class,
                (item, ctx) -> item * item,
                (batch, results) ->
                    new Batch(
                        batch.items(),
                        results.values().stream().mapToInt(Integer::intValue).sum(),
                        results.failed() + " failed"))
            .key(String::valueOf)
            .tolerate(tolerated)
            .with(policy);
    var recover = g.step("recover", batch -> batch);
    var end = g.end("summed");
    g.start(square).path(square, end).path(recover, end);
    square.onError(Exception.class, (batch, error) -> batch.noted("too many"), recover);
    return g.build();
  }

  @Test
  void befallItemsOfMaps() {
    var summing = summing(TWICE, 0);
    try (var engine = TestEngine.of(summing)) {
      engine.at("square/each").fails(2, () -> new IOException("no")).crashesAfterEffect(1);
      var run = engine.start(summing, "s", BATCH);

      engine.settle();

      assertThat(run.state()).isEqualTo(new Batch(BATCH.items(), 30, "0 failed"));
      assertThat(run.attempts("square/each")).isGreaterThanOrEqualTo(7);
    }
  }

  @Test
  void befallSomeItemsThatAMapTolerates() {
    var summing = summing(Policy.DEFAULT, 0.5);
    try (var engine = TestEngine.of(summing)) {
      engine.at("square/each").fails(2, () -> new IOException("no"));
      var run = engine.start(summing, "s", BATCH);

      engine.settle();

      assertThat(run.state()).isEqualTo(new Batch(BATCH.items(), 25, "2 failed"));
      assertThat(engine.report()).contains("square/each [/1.0] failed: java.io.IOException: no");
    }
  }

  @Test
  void leadToErrorEdges() {
    var summing = summing(Policy.DEFAULT, 0);
    try (var engine = TestEngine.of(summing)) {
      engine.at("square/each").fails(1, () -> new IOException("no"));
      var run = engine.start(summing, "s", BATCH);

      engine.settle();

      assertThat(run.state().note()).isEqualTo("too many");
      assertThat(run.path()).endsWith("square", "recover", "summed");
    }
  }

  @Test
  void befallChoices() {
    var g = Workflow.graph("sizes", Batch.class);
    var size =
        g.choice(
                "size",
                Size.class,
                (batch, ctx) ->
                    Outcome.to(
                        batch.items().size() > 3 ? Size.LARGE : Size.SMALL, batch.noted("sized")))
            .with(TWICE);
    var large = g.end("large");
    var small = g.end("small");
    size.on(Size.LARGE, large).on(Size.SMALL, small);
    g.start(size);
    var sizes = g.build();

    try (var engine = TestEngine.of(sizes)) {
      engine.at("size").fails(1, () -> new IOException("no")).crashesAfterEffect(1);
      var run = engine.start(sizes, "s", BATCH);
      engine.settle();

      assertThat(run.path()).containsExactly("size", "large");
      assertThat(run.state().note()).isEqualTo("sized");
      assertThat(run.attempts("size")).isEqualTo(3);
    }
  }

  @Test
  void befallBranchesOfForksAndWhereTheyMeet() {
    var g = Workflow.graph("forks", Batch.class);
    var begin = g.step("begin", batch -> batch);
    var count =
        g.step("count", batch -> new Batch(batch.items(), batch.sum() + 1, batch.note()))
            .with(TWICE);
    var add =
        g.step("add", batch -> new Batch(batch.items(), batch.sum() + 10, batch.note()))
            .with(TWICE);
    var join = g.join("join", Join.ALL);
    var after = g.step("after", batch -> batch.noted("met")).with(TWICE);
    begin.fork(count, add);
    g.merge(Field.of(Batch::sum), Reducer.sum());
    g.start(begin).path(count, join).path(add, join).path(join, after, g.end("over"));
    var forks = g.build();

    try (var engine = TestEngine.of(forks)) {
      engine.at("count").takes(Duration.ofMinutes(1)).crashesAfterEffect(1);
      engine.at("add").fails(1, () -> new IOException("no"));
      engine.at("after").crashesAfterEffect(1);
      var run = engine.start(forks, "f", BATCH);
      engine.settle();

      assertThat(run.state()).isEqualTo(new Batch(BATCH.items(), 11, "met"));
      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Duration.ofMinutes(2)));
      assertThatThrownBy(() -> engine.at("join")).hasMessageContaining("runs no step of its own");
    }
  }

  @Test
  void befallStatusesOfMachines() {
    var doors =
        Workflow.machine("doors", Door.class)
            .on(Door.Shut.class, Door.Open.class, (shut, ctx) -> new Door.Open(1))
            .with(Door.Shut.class, TWICE)
            .onTimeout(
                Door.Open.class,
                Duration.ofHours(8),
                Door.Locked.class,
                (open, ctx) -> new Door.Locked())
            .ends(Door.Locked.class)
            .build();

    try (var engine = TestEngine.of(doors)) {
      engine.at("Shut").fails(1, () -> new IOException("stuck")).crashesAfterEffect(1);
      var run = engine.start(doors, "front", new Door.Shut());
      engine.settle();
      assertThat(run.state()).isEqualTo(new Door.Open(1));
      assertThat(run.waitingAt()).containsExactly("Open");

      engine.restart();
      engine.advance(Duration.ofHours(8));

      assertThat(run.state()).isEqualTo(new Door.Locked());
      assertThat(engine.report())
          .contains("    Shut -> Open\n        = Open\n        visitors = 1\n");
    }
  }

  @Test
  void leaveByTheTimeoutEdgeWhenAVisitTakesTooLong() {
    var g = Workflow.graph("reviews", Batch.class);
    var review = g.step("review", batch -> batch).with(Policy.within(Duration.ofHours(1)));
    var end = g.end("over");
    var late = g.end("late");
    g.start(review).path(review, end);
    review.onTimeout(batch -> batch.noted("late"), late);
    var reviews = g.build();

    try (var engine = TestEngine.of(reviews)) {
      engine.at("review").takes(Duration.ofHours(2));
      var run = engine.start(reviews, "r", BATCH);
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Duration.ofMinutes(5)));
    }

    var patient = Policy.within(Duration.ofHours(1)).timeout(Duration.ofDays(1));
    var h = Workflow.graph("reviews", Batch.class);
    var slow = h.step("review", batch -> batch).with(patient);
    var tooLate = h.end("late");
    h.start(slow).path(slow, h.end("over"));
    slow.onTimeout(batch -> batch.noted("late"), tooLate);
    var slowReviews = h.build();

    try (var engine = TestEngine.of(slowReviews)) {
      engine.at("review").takes(Duration.ofHours(2));
      var run = engine.start(slowReviews, "r", BATCH);
      engine.settle();

      assertThat(run.path()).containsExactly("review", "late");
      assertThat(run.state().note()).isEqualTo("late");
      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Duration.ofHours(1)));
    }
  }

  @Test
  void tellApartTheRunsThatAFoldMayBelongTo() {
    var g = Workflow.graph("spoilers", Batch.class);
    var fails =
        g.step(
            "fails",
            batch -> {
              throw new IOException("no");
            });
    g.start(fails).path(fails, g.end("over"));
    fails.onError(
        IOException.class,
        (batch, error) -> {
          batch.items().clear();
          return batch;
        },
        g.end("sorry"));
    var spoilers = g.build();

    var engine = TestEngine.builder(spoilers).codec(Codec.references()).start();
    engine.start(spoilers, "a", new Batch(new ArrayList<>(List.of(1)), 0, ""));
    assertThatThrownBy(engine::settle).hasMessageContaining("node fails, run a: the step has");

    engine.start(spoilers, "b", new Batch(new ArrayList<>(List.of(1)), 0, ""));
    engine.start(spoilers, "c", new Batch(new ArrayList<>(List.of(1)), 0, ""));
    assertThatThrownBy(engine::settle)
        .hasMessageContaining("node fails, one of the runs b, c: the step has");
    engine.close();
  }

  @Test
  void keepVersionsOfAWorkflowApart() {
    var first = versioned("1");
    var second = versioned("2");
    try (var engine = TestEngine.of(first, second)) {
      assertThatThrownBy(() -> engine.at("step"))
          .hasMessageContaining("several workflows have a node step: versioned@1, versioned@2");
      engine.at(second, "step").fails(1, () -> new IOException("no"));

      var one = engine.start(first, "1", BATCH);
      var two = engine.start(second, "2", BATCH);
      engine.settle();

      assertThat(one.attempts("step")).isEqualTo(1);
      assertThat(two.attempts("step")).isEqualTo(2);
      assertThatThrownBy(() -> engine.start(versioned("1"), "3", BATCH))
          .hasMessageContaining("made with another workflow versioned@1; build it once");
    }
    assertThatThrownBy(() -> TestEngine.of(first, versioned("1")))
        .hasMessage("workflow versioned@1 is given twice");
  }

  private static Workflow<Batch> versioned(String version) {
    var g = Workflow.graph("versioned", Batch.class).version(version);
    var step = g.step("step", batch -> batch).with(TWICE);
    g.start(step).path(step, g.end("over"));
    return g.build();
  }

  @Test
  void waitForTheirTurnWhereOnlySoManyRunAtOnce() {
    var g = Workflow.graph("narrow", Batch.class);
    var one = g.step("one", batch -> batch).with(Policy.DEFAULT.concurrency(1));
    g.start(one).path(one, g.end("over"));
    var narrow = g.build();

    try (var engine = TestEngine.of(narrow)) {
      engine.at("one").takes(Duration.ofMinutes(1));
      for (int i = 0; i < 10; i++) {
        engine.start(narrow, "n" + i, BATCH);
      }
      engine.settle();

      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Duration.ofMinutes(10)));
      assertThat(engine.report().lines().filter(line -> line.contains("COMPLETED"))).hasSize(10);
    }
  }
}
