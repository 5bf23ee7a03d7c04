package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Callback.Invoice;
import dev.pawl.testkit.TestEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CallbackTest {
  @Test
  void isAnsweredInAnotherProcessThanTheOneThatAsked(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Callback::main, folder))
        .containsExactly(
            "asks the provider for 1250 cents",
            "the process ends, and another begins",
            "i-1 is paid: receipt 77");
  }

  @Test
  void isNotWaitedForLongerThanTwoWeeks() {
    var asked = new ArrayList<String>();
    var invoices = Callback.workflow((reference, invoice) -> asked.add(reference));
    try (var engine = TestEngine.of(invoices)) {
      var run = engine.start(invoices, "i-1", new Invoice("i-1", 1_250, ""));
      engine.advance(Duration.ofDays(13));
      engine.restart();
      engine.advance(Duration.ofDays(1));

      assertThat(run.path()).containsExactly("collect", "overdue");
      assertThat(asked).hasSize(1);
    }
  }
}
