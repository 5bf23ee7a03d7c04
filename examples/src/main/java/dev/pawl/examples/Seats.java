package dev.pawl.examples;

import dev.pawl.engine.Run;
import dev.pawl.engine.SignalRefused;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The seats of a flight: a state machine that answers who books one.
public final class Seats {
  /// Somebody wants a seat; carries the name.
  public static final Signal<String> BOOK = Signal.of("book", String.class);

  /// The flight departs; carries the gate.
  public static final Signal<String> DEPART = Signal.of("depart", String.class);

  private Seats() {}

  /// A flight.
  public sealed interface Flight {
    /// Who has a seat, in the order of booking.
    List<String> guests();

    /// Seats can be booked.
    ///
    /// @param seats how many there are
    record Open(int seats, List<String> guests) implements Flight {
      Open with(String guest) {
        var more = new ArrayList<>(guests);
        more.add(guest);
        return new Open(seats, List.copyOf(more));
      }
    }

    /// It has departed.
    record Departed(List<String> guests, String gate) implements Flight {}
  }

  /// All seats are taken.
  public static final class NoSeat extends Exception {
    private static final long serialVersionUID = 1;

    NoSeat(int seats) {
      super("all " + seats + " seats are taken");
    }
  }

  /// Books seats until it departs.
  public static Workflow<Flight> workflow() {
    return Workflow.machine("flight", Flight.class)
        .update(Flight.Open.class, BOOK, Flight.Open::with)
        .check(
            Flight.Open.class,
            BOOK,
            (flight, guest) -> {
              if (flight.guests().size() == flight.seats()) {
                throw new NoSeat(flight.seats());
              }
            })
        .onSignal(
            Flight.Open.class,
            DEPART,
            Flight.Departed.class,
            (flight, gate, ctx) -> new Flight.Departed(flight.guests(), gate))
        .ends(Flight.Departed.class)
        .build();
  }

  /// Books a seat.
  ///
  /// @return what the guest is told
  public static String book(Run<Flight> run, String guest) throws InterruptedException {
    try {
      var flight = run.update(BOOK, guest, Duration.ofSeconds(10));
      return guest + " has seat " + flight.guests().size();
    } catch (SignalRefused e) {
      return "sorry: " + e.getMessage();
    }
  }
}
