package dev.pawl.examples.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParcelTest {
  final Workflow<Parcel> parcels = Parcel.workflow((key, cents) -> "p-" + cents);

  @Test
  void shipsWhatIsDispatched() {
    try (var engine = TestEngine.of(parcels)) {
      var run = engine.start(parcels, "1", new Parcel.Created("1", 500));
      engine.settle();
      run.signal(Parcel.NOTE, "fragile");
      engine.settle();
      assertThat(run.state()).isEqualTo(new Parcel.Paid("1", "p-500", "fragile"));

      run.signal(Parcel.DISPATCHED, new Parcel.Dispatch("post"));
      engine.settle();

      assertThat(run.state()).isEqualTo(new Parcel.Shipped("1", "post"));
    }
  }

  @Test
  void cancelsWhatIsNotDispatchedInThreeDaysHoweverManyNotesAreMade() {
    try (var engine = TestEngine.of(parcels)) {
      var run = engine.start(parcels, "1", new Parcel.Created("1", 500));
      for (int day = 0; day < 3; day++) {
        run.signal(Parcel.NOTE, "day " + day);
        engine.advance(Duration.ofDays(1));
      }

      assertThat(run.state()).isEqualTo(new Parcel.Cancelled("1", "late"));
    }
  }
}
