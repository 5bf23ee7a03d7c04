package dev.pawl.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.testkit.workload.RandomRuns;
import java.util.function.LongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A simulation that finds nothing may be blind: it has to find faults that are put in.
final class SeededFaultsTest {
  private static final int MOST = 10_000;
  private final Logger engines = Logger.getLogger("dev.pawl.engine");

  @BeforeEach
  void silence() {
    engines.setLevel(Level.OFF);
  }

  @AfterEach
  void speak() {
    engines.setLevel(null);
  }

  @Test
  void findsACommitThatIsAppliedThoughItsWriterWasReplaced() {
    var simulation = Simulation.of(RandomRuns::scenario).over(UnfencedStore::thatNeverAsks);

    assertThat(firstLawBroken(simulation)).isEqualTo("fencing");
  }

  @Test
  void findsALeaseThatIsCheckedOnlyAtTheStart() {
    var simulation = Simulation.of(RandomRuns::scenario).over(UnfencedStore::thatAsksAtTheStart);

    assertThat(firstLawBroken(simulation)).isEqualTo("fencing");
  }

  @Test
  void findsAWakeUpThatIsLost() {
    var simulation =
        Simulation.of(RandomRuns::scenario).turns(turns -> WrongTurns.losingRings(turns, 97));

    assertThat(firstLawBroken(simulation)).isIn("liveness", "stuck", "close");
  }

  @Test
  void findsATimerThatFiresEarlyBecauseAClockIsAhead() {
    var simulation =
        Simulation.of(RandomRuns::scenario).turns(turns -> WrongTurns.aheadAtTimes(turns, 37));

    assertThat(firstLawBroken(simulation)).isEqualTo("timer");
  }

  @Test
  void findsASignalThatIsUsedTwice() {
    var simulation = Simulation.of(RandomRuns::scenario).over(ChangedStore::thatKeepsUsedMessages);

    assertThat(firstLawBroken(simulation)).isEqualTo("inbox");
  }

  @Test
  void findsACountOfMessagesThatIsLost() {
    var simulation = Simulation.of(RandomRuns::scenario).over(ChangedStore::thatLosesTheCount);

    assertThat(firstLawBroken(simulation)).isIn("inbox", "loss");
  }

  @Test
  void findsATimerThatIsKeptAfterItsVisit() {
    var simulation = Simulation.of(RandomRuns::scenario).over(ChangedStore::thatKeepsTimers);

    assertThat(firstLawBroken(simulation)).isEqualTo("timer");
  }

  @Test
  void findsAnEndThatNobodyIsToldOf() {
    var simulation = Simulation.of(RandomRuns::scenario).over(ChangedStore::thatLosesWhatRunsTell);

    assertThat(firstLawBroken(simulation)).isEqualTo("liveness");
  }

  @Test
  void findsAChildThatIsStartedTwice() {
    var simulation = Simulation.of(RandomRuns::scenario).over(ChangedStore::thatForgetsRequests);

    assertThat(firstLawBroken(simulation)).isIn("child", "liveness");
  }

  @Test
  void findsAJoinThatCountsTwice() throws Exception {
    assertThat(firstLawBroken(AlteredEngine.thatJoinsTooEarly())).isIn("check", "visits");
  }

  @Test
  void findsACompensationOutOfOrder() throws Exception {
    assertThat(firstLawBroken(AlteredEngine.thatUndoesTheOldestFirst())).isEqualTo("compensation");
  }

  @Test
  void findsAnUpdateThatIsTakenThoughItIsRefused() throws Exception {
    assertThat(firstLawBroken(AlteredEngine.thatTakesAllUpdates())).isEqualTo("refused");
  }

  @Test
  void findsARowOfTheOutboxThatIsDeletedBeforeItIsDelivered() {
    var simulation = Simulation.of(PublishingRuns::scenario).over(HastyStore::make);

    assertThat(firstLawBroken(simulation)).isEqualTo("outbox");
  }

  private static String firstLawBroken(Simulation simulation) {
    return firstLawBroken(seed -> simulation.play(Settings.of(seed)).law());
  }

  private static String firstLawBroken(LongFunction<String> seeds) {
    long first = Long.getLong("seed", System.nanoTime());
    for (long seed = first; seed < first + MOST; seed++) {
      var law = seeds.apply(seed);
      if (!law.isEmpty()) {
        System.out.println(law + " broken after " + (seed - first + 1) + " seeds: -Dseed=" + first);
        return law;
      }
    }
    return "none in " + MOST + " seeds from " + first + " on";
  }
}
