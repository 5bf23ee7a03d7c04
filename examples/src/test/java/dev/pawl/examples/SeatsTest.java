package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Seats.Flight;
import dev.pawl.testkit.TestEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Seats of a flight.
class SeatsTest {
  @Test
  void areBookedUntilNoneIsLeft() throws InterruptedException {
    var flights = Seats.workflow();

    try (var engine = TestEngine.of(flights)) {
      var run = engine.start(flights, "PW 7", new Flight.Open(2, List.of()));
      assertThat(Seats.book(run, "Ada")).isEqualTo("Ada has seat 1");
      assertThat(Seats.book(run, "Grace")).isEqualTo("Grace has seat 2");
      assertThat(Seats.book(run, "Edsger")).startsWith("sorry: ").endsWith("all 2 seats are taken");
      run.signal(Seats.DEPART, "B 12");
      engine.settle();

      assertThat(run.state()).isEqualTo(new Flight.Departed(List.of("Ada", "Grace"), "B 12"));
    }
  }
}
