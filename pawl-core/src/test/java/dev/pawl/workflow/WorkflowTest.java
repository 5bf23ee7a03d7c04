package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WorkflowTest {
  private record Count(int value) {}

  /// What an engine makes of a definition.
  private record Routes(String of) {}

  @Test
  void keepsWhatAnEngineMadeOfIt() {
    var g = Workflow.graph("kept", Count.class);
    var a = g.step("a", count -> new Count(count.value() + 1));
    g.start(a).path(a, g.end());
    var workflow = g.build();
    var made = new AtomicInteger();

    for (int i = 0; i < 3; i++) {
      var routes =
          workflow.compiled(
              Routes.class,
              definition -> {
                made.incrementAndGet();
                return new Routes(definition.name());
              });
      assertThat(routes).isEqualTo(new Routes("kept"));
    }

    assertThat(made).hasValue(1);
  }
}
