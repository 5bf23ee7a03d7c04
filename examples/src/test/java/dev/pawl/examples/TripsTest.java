package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Trips.Agency;
import dev.pawl.examples.Trips.SoldOut;
import dev.pawl.examples.Trips.Trip;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TripsTest {
  @Test
  void areGivenBackPieceByPieceWhenOneCannotBeHad(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Trips::main, folder))
        .containsExactly(
            "books a hotel for Ada",
            "books a flight for Ada",
            "books a car for Ada",
            "Ada goes to Rome",
            "books a hotel for Bob",
            "books a flight for Bob",
            "gives the flight of Bob back",
            "gives the hotel of Bob back",
            "Bob stays: there is no car left");
  }

  @Test
  void waitForSomebodyWhenTheyCannotBeGivenBackAndAreThenGivenBack() {
    var agency = new Away();
    var trips = Trips.workflow(agency);
    try (var engine = TestEngine.of(trips)) {
      var run = engine.start(trips, "Bob", new Trip("Bob", "the moon"));
      engine.advance(Duration.ofHours(1));
      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(agency.booked).containsExactly("hotel", "flight");
      engine.restart();

      agency.away = false;
      run.resume();
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(agency.booked).isEmpty();
    }
  }

  /// Has no cars, and takes nothing back as long as nobody is there.
  private static final class Away implements Agency {
    final List<String> booked = new ArrayList<>();
    boolean away = true;

    @Override
    public void book(String key, String piece, Trip trip) throws SoldOut {
      if (piece.equals("car")) {
        throw new SoldOut(piece);
      }
      booked.add(piece);
    }

    @Override
    public void giveBack(String key, String piece, Trip trip) throws IOException {
      if (away) {
        throw new IOException("nobody answers");
      }
      booked.remove(piece);
    }
  }
}
