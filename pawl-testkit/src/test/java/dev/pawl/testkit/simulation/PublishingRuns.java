package dev.pawl.testkit.simulation;

import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.time.Duration;

/// Runs that go round and publish: events of their own key, and of one that they share.
final class PublishingRuns {
  private PublishingRuns() {}

  /// How many rounds a run has made.
  private record Count(int value) {}

  static Scenario scenario(Stage stage) {
    var random = stage.random();
    int rounds = random.nextInt(1, 6);
    var g = Workflow.graph("publishing", Count.class);
    var say =
        g.step(
                "say",
                (state, ctx) -> {
                  ctx.publish("own", state.value() + "");
                  stage.lag();
                  ctx.publish("shared", "everybody", ctx.key());
                  stage.mayFail("a step of " + ctx.key());
                  return new Count(state.value() + 1);
                })
            .with(Policy.DEFAULT.retry(Retry.exponential(Duration.ofMillis(50), 1_000)));
    g.start(say);
    say.when("more", state -> state.value() < rounds, say).otherwise(g.end());
    var workflow = g.build();
    var scenario = Scenario.of(workflow).listening();
    int runs = random.nextInt(1, 4);
    for (int i = 0; i < runs; i++) {
      scenario.start(workflow, "run" + i, new Count(0));
    }
    return scenario;
  }
}
