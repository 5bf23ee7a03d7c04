package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Reminders.Guest;
import dev.pawl.testkit.TestEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RemindersTest {
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void goToGuestsWhoDoNotAnswer(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Reminders::main, folder))
        .containsExactly(
            "dear Ada, please come",
            "Ada: answered, after 0 reminders",
            "dear Bob, please come",
            "dear Bob, do you come?",
            "dear Bob, do you come?",
            "Bob: silent, after 2 reminders");
  }

  @Test
  void comeWeekByWeekUntilTheAnswerAlsoInAnotherProcess() {
    var mail = new ArrayList<String>();
    var guests = Reminders.workflow(mail::add, WEEK);
    try (var engine = TestEngine.of(guests)) {
      var run = engine.start(guests, "Ada", new Guest("Ada", 0, ""));
      engine.advance(WEEK.minusSeconds(1));
      engine.restart();
      assertThat(mail).hasSize(1);
      engine.advance(Duration.ofSeconds(1));
      assertThat(mail).hasSize(2);

      run.signal(Reminders.ANSWER, "with pleasure");
      engine.advance(WEEK.multipliedBy(3));

      assertThat(run.state()).isEqualTo(new Guest("Ada", 1, "with pleasure"));
      assertThat(mail).hasSize(2);
    }
  }
}
