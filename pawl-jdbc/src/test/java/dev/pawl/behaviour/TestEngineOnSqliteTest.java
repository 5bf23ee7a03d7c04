package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.testkit.TestEngine;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The test engine of the test kit over a SQLite file, which each process opens anew.
@Timeout(60)
final class TestEngineOnSqliteTest {
  record Trip(int stage, List<String> receipts) {}

  @TempDir private Path directory;
  private final List<String> booked = new ArrayList<>();

  private Workflow<Trip> trips() {
    var g = Workflow.graph("trips", Trip.class);
    var book =
        g.step(
                "book",
                (trip, ctx) -> {
                  var receipt =
                      ctx.once(
                          "receipt",
                          String.class,
                          () -> {
                            booked.add(ctx.idempotencyKey());
                            return "r" + booked.size();
                          });
                  return new Trip(trip.stage() + 1, List.of(receipt));
                })
            .with(Policy.retry(Duration.ofSeconds(1), 5));
    var wait = g.delay("wait", trip -> Scheduler.START.plus(Duration.ofDays(30)));
    var travel = g.step("travel", trip -> new Trip(trip.stage() + 1, trip.receipts()));
    g.start(book).path(book, wait, travel, g.end("home"));
    return g.build();
  }

  private TestEngine engine(Workflow<Trip> trips) {
    return TestEngine.builder(trips)
        .store(() -> SqliteStore.open(directory.resolve("trips.db")))
        .start();
  }

  @Test
  void goesOnAfterCrashesAndRestartsInVirtualTime() {
    var trips = trips();
    try (var engine = engine(trips)) {
      engine.at("book").fails(1, () -> new IOException("no line")).crashesAfterEffect(2);
      var run = engine.start(trips, "t-1", new Trip(0, List.of()));
      engine.settle();

      assertThat(run.waitingAt()).containsExactly("wait");
      assertThat(run.attempts("book")).isEqualTo(4);
      assertThat(booked).hasSize(1);

      engine.restart();
      engine.advance(Duration.ofDays(30));

      assertThat(run.state()).isEqualTo(new Trip(2, List.of("r1")));
      assertThat(run.path()).containsExactly("book", "wait", "travel", "home");
    }
  }

  @Test
  void leavesAFileThatAnotherEngineGoesOnWith() throws Exception {
    var trips = trips();
    try (var engine = engine(trips)) {
      engine.start(trips, "t-1", new Trip(0, List.of()));
      engine.settle();
    }

    try (var engine = engine(trips)) {
      var run = engine.find(trips, "t-1").orElseThrow();
      assertThat(run.waitingAt()).containsExactly("wait");
      engine.advance(Duration.ofDays(30));
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }

    try (var real =
        Engine.builder().sqlite(directory.resolve("trips.db")).register(trips).start()) {
      assertThat(real.find(trips, "t-1").orElseThrow().await(Duration.ofSeconds(10)).stage())
          .isEqualTo(2);
    }
  }
}
