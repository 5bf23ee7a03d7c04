package dev.pawl.examples;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run.Result;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Compensation;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A saga: a trip is booked piece by piece; when a piece cannot be had, those before it are given
/// back, the last one first.
public final class Trips {
  private static final Policy CALL =
      Policy.retry(Duration.ofMillis(50), 5).never(SoldOut.class).timeout(Duration.ofSeconds(20));

  private Trips() {}

  /// A trip.
  public record Trip(String traveller, String to) {}

  /// There is none left; asking again does not help.
  public static final class SoldOut extends Exception {
    private static final long serialVersionUID = 1;

    /// @param what the piece
    public SoldOut(String what) {
      super("there is no " + what + " left");
    }
  }

  /// Books pieces of trips.
  public interface Agency {
    /// Books a piece, once for each key.
    ///
    /// @throws IOException if it cannot be asked now
    void book(String key, String piece, Trip trip) throws SoldOut, IOException;

    /// Gives a piece back, once for each key.
    ///
    /// @throws IOException if it cannot be asked now
    void giveBack(String key, String piece, Trip trip) throws IOException;
  }

  /// Books a hotel, a flight and a car.
  public static Workflow<Trip> workflow(Agency agency) {
    var g = Workflow.graph("trips", Trip.class);
    var hotel =
        g.step("hotel", book(agency, "hotel")).with(CALL).compensate(giveBack(agency, "hotel"));
    var flight =
        g.step("flight", book(agency, "flight")).with(CALL).compensate(giveBack(agency, "flight"));
    var car = g.step("car", book(agency, "car")).with(CALL).compensate(giveBack(agency, "car"));
    g.start(hotel).path(hotel, flight, car, g.end("booked"));
    return g.build();
  }

  private static Step<Trip, Trip> book(Agency agency, String piece) {
    return (trip, ctx) -> {
      agency.book(ctx.idempotencyKey(), piece, trip);
      return trip;
    };
  }

  private static Compensation<Trip> giveBack(Agency agency, String piece) {
    return (trip, ctx) -> agency.giveBack(ctx.idempotencyKey(), piece, trip);
  }

  /// An agency that says what it does, and has no cars on the moon.
  private static final class Talkative implements Agency {
    @Override
    public void book(String key, String piece, Trip trip) throws SoldOut {
      if (piece.equals("car") && trip.to().equals("the moon")) {
        throw new SoldOut(piece);
      }
      System.out.println("books a " + piece + " for " + trip.traveller());
    }

    @Override
    public void giveBack(String key, String piece, Trip trip) {
      System.out.println("gives the " + piece + " of " + trip.traveller() + " back");
    }
  }

  /// Ada goes to Rome, Bob does not get to the moon.
  ///
  /// @param args the file to keep runs in; `trips.db` without one
  public static void main(String[] args) throws InterruptedException {
    var file = Path.of(args.length > 0 ? args[0] : "trips.db");
    var trips = workflow(new Talkative());
    try (var engine = Engine.builder().sqlite(file).register(trips).start()) {
      for (var trip : new Trip[] {new Trip("Ada", "Rome"), new Trip("Bob", "the moon")}) {
        var run = engine.start(trips, trip.traveller(), trip);
        var result = run.result(Duration.ofSeconds(10));
        if (result instanceof Result.Failed<Trip> failed) {
          System.out.println(trip.traveller() + " stays: " + failed.cause().getMessage());
        } else {
          System.out.println(trip.traveller() + " goes to " + trip.to());
        }
      }
    }
  }
}
