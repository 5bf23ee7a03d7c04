package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Approval.Decision;
import dev.pawl.examples.Approval.Expense;
import dev.pawl.testkit.TestEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ApprovalTest {
  private final Map<String, Integer> paid = new HashMap<>();

  @Test
  void isAskedForWhatIsNotSmall(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Approval::main, folder))
        .containsExactly(
            "pays 12",
            "lunch: paid",
            "Ann is asked for the laptop",
            "pays 900",
            "laptop: paid",
            "Ann is asked for the yacht",
            "yacht: refused");
  }

  @Test
  void comesDaysLaterAndCountsThoughTheProcessDiesWhileItPays() {
    var expenses = Approval.workflow(paid::putIfAbsent);
    try (var engine = TestEngine.of(expenses)) {
      engine.at("pay").crashesAfterEffect(1);
      var run = engine.start(expenses, "laptop", new Expense("laptop", 900, false, ""));
      engine.advance(Duration.ofDays(6));
      engine.restart();

      run.signal(Approval.DECISION, new Decision(true, "Ann"));
      engine.settle();

      assertThat(run.state()).isEqualTo(new Expense("laptop", 900, true, "by Ann"));
      assertThat(paid.values()).containsExactly(900);
      assertThat(run.attempts("pay")).isEqualTo(2);
    }
  }

  @Test
  void isTakenAsRefusedAfterAWeek() {
    var expenses = Approval.workflow(paid::putIfAbsent);
    try (var engine = TestEngine.of(expenses)) {
      var run = engine.start(expenses, "laptop", new Expense("laptop", 900, false, ""));
      engine.advance(Duration.ofDays(7));

      assertThat(run.path()).endsWith("refused");
      assertThat(run.state().note()).isEqualTo("nobody decided");
      assertThat(paid).isEmpty();
    }
  }
}
