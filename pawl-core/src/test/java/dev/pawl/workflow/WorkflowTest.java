package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.StepContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WorkflowTest {
  private record Count(int value) {}

  /// What an engine makes of a definition.
  private record Routes(String of) {}

  @Test
  void takesOtherCodeButNoOtherShape() throws InterruptedException {
    var workflow = counting("count", (count, context) -> new Count(count.value() + 1));
    var other = counting("count", (count, context) -> new Count(count.value() + 10));
    var renamed = counting("other", (count, context) -> count);

    var instrumented = workflow.with(other.definition());

    assertThat(Engine.inline().run(instrumented, new Count(1))).isEqualTo(new Count(11));
    assertThatThrownBy(() -> workflow.with(renamed.definition()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("workflow count has another name, version or shape");
  }

  private static Workflow<Count> counting(String name, Step<Count, Count> step) {
    var g = Workflow.graph(name, Count.class);
    var a = g.step("a", (Count count, StepContext context) -> step.run(count, context));
    g.start(a).path(a, g.end());
    return g.build();
  }

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
