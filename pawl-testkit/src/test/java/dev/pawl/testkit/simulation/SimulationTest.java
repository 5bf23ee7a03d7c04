package dev.pawl.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.testkit.workload.RandomRuns;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SimulationTest {
  private record Count(int value) {}

  /// An engine whose disk fails has much to say.
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
  void holdsTheLawsInFreshSeeds() {
    Simulation.of(RandomRuns::scenario).check(2_000);
  }

  @Test
  void playsASeedTheSameWayAgainAlsoInAnotherProcess() throws Exception {
    var simulation = Simulation.of(RandomRuns::scenario);
    var settings = Settings.of(11);

    var hash = simulation.play(settings).hash();

    assertThat(simulation.play(settings).hash()).isEqualTo(hash);
    assertThat(simulation.trace(settings).hash()).isEqualTo(hash);
    assertThat(simulation.play(Settings.of(12)).hash()).isNotEqualTo(hash);
    assertThat(elsewhere(11)).isEqualTo(Long.toString(hash));
  }

  private static String elsewhere(long seed) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var out = process.getInputStream()) {
      var hash = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor()).isZero();
      return hash;
    }
  }

  /// Prints the hash of a seed.
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] args) {
      var settings = Settings.of(Long.parseLong(args[0]));
      System.out.println(Simulation.of(RandomRuns::scenario).play(settings).hash());
    }
  }

  @Test
  void keepsATraceOfWhatHappened() {
    var outcome = Simulation.of(RandomRuns::scenario).trace(Settings.of(3));

    assertThat(outcome.violation()).isEmpty();
    assertThat(outcome.events()).isPositive();
    assertThat(outcome.trace())
        .anyMatch(line -> line.contains("host1 boots"))
        .anyMatch(line -> line.contains("run0 started"))
        .anyMatch(line -> line.contains("no more faults"));
  }

  @Test
  void playsAScenarioOfAUserAndItsCheck() {
    var simulation =
        Simulation.of(stage -> {
          var effects = new HashSet<String>();
          var workflow = counting(effects);
          return Scenario.of(workflow)
              .start(workflow, "one", new Count(0))
              .check(engine -> {
                var run = engine.find(workflow, "one").orElseThrow();
                assertThat(run.await(Duration.ofHours(1))).isEqualTo(new Count(2));
                assertThat(effects).hasSize(2);
              });
        });

    simulation.without(Fault.CANCEL).check(200);
  }

  @Test
  void tellsHowToRepeatWhatFailsAndHowSmallItIs() {
    var simulation =
        Simulation.of(stage -> {
          var attempts = new ArrayList<String>();
          var workflow = counting(attempts);
          return Scenario.of(workflow)
              .start(workflow, "one", new Count(0))
              .start(workflow, "two", new Count(0))
              .check(engine -> assertThat(attempts).as("attempts, each counted").hasSize(4));
        });
    simulation.without(Fault.CANCEL);

    assertThatThrownBy(() -> simulation.check(1_000))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("failed: check: ")
        .hasMessageContaining("attempts, each counted")
        .hasMessageContaining("host1 boots")
        .hasMessageContaining("repeat it with: -Dseed=");
    var failure = simulation.play(1, 1_000, Duration.ofDays(1), found -> {}).failures().getFirst();
    assertThat(failure.shrunk().without()).contains(Fault.SLOW_STEPS, Fault.CLOCK, Fault.PAUSE);
    assertThat(simulation.play(failure.shrunk()).law()).isEqualTo("check");
  }

  private static Workflow<Count> counting(Collection<String> effects) {
    var g = Workflow.graph("counting", Count.class);
    var first =
        g.step(
            "first",
            (count, ctx) -> {
              effects.add(ctx.idempotencyKey());
              return new Count(count.value() + 1);
            });
    var second =
        g.step(
            "second",
            (count, ctx) -> {
              effects.add(ctx.idempotencyKey());
              return new Count(count.value() + 1);
            });
    g.start(first).path(first, second, g.end());
    return g.build();
  }

  @Test
  void knowsFaultsByTheirNamesOnTheCommandLine() {
    assertThat(Fault.of("lost-answer")).contains(Fault.LOST_ANSWER);
    assertThat(Fault.of("rain")).isEmpty();
    assertThat(Settings.of(5).without(Fault.TAKE_OVER).without(Fault.CRASH).runs(1).options())
        .isEqualTo("--seed 5 --without crash,take-over --runs 1");
    assertThat(List.of(Fault.values())).allMatch(fault -> Fault.of(fault.option()).isPresent());
  }

  @Test
  void findsThatWhatRunsSendArrivesInOrder() {
    var report =
        Simulation.of(PublishingRuns::scenario)
            .play(Long.getLong("seed", 1), 500, Duration.ofSeconds(30), failure -> {});

    assertThat(report.failures()).isEmpty();
  }
}
