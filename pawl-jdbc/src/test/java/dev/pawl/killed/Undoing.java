package dev.pawl.killed;

import dev.pawl.engine.Engine;
import dev.pawl.engine.StartOptions;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Compensation;
import java.nio.file.Path;
import java.time.Duration;

/// A trip of two rounds, with a hotel, then a car and a train side by side in each, that cannot be
/// paid in the end, so that all of it is undone.
final class Undoing {
  private Undoing() {}

  record Trip(int round) {}

  static Workflow<Trip> workflow(Journal journal) {
    var g = Workflow.graph("undoing", Trip.class);
    var hotel =
        g.step("hotel", trip -> new Trip(trip.round() + 1)).compensate(undo("hotel", journal));
    var both = g.step("both", trip -> trip);
    var car = g.step("car", trip -> trip).compensate(undo("car", journal));
    var train =
        g.step(
                "train",
                trip -> {
                  if (trip.round() == 1) {
                    journal.dieAt("in train 1");
                  }
                  return trip;
                })
            .compensate(undo("train", journal));
    var booked = g.step("booked", trip -> trip);
    var pay =
        g.step(
            "pay",
            trip -> {
              throw new IllegalStateException("no money");
            });
    g.start(hotel).path(hotel, both).path(car, booked).path(train, booked).path(pay, g.end());
    both.fork(car, train);
    booked.when("on", trip -> trip.round() < 2, hotel).otherwise(pay);
    return g.build();
  }

  /// Undoes, and dies between what it does and its commit.
  private static Compensation<Trip> undo(String what, Journal journal) {
    return (trip, ctx) -> {
      journal.note("undoes " + what + " " + trip.round() + " " + ctx.idempotencyKey());
      if (!what.equals("train")) {
        journal.dieAt("undoing " + what + " " + trip.round());
      }
    };
  }

  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    var undoing = workflow(Journal.in(folder));
    try (var engine =
        Engine.builder().sqlite(folder.resolve("pawl.db")).register(undoing).start()) {
      var once = StartOptions.DEFAULT.request("r");
      var run = engine.start(undoing, "r", new Trip(0), once);
      run.result(Duration.ofMinutes(1));
    }
  }
}
