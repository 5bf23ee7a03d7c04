package dev.pawl.bench.micro;

import dev.pawl.bench.measure.Scenario;
import java.util.List;

/// The scenarios in memory.
public final class MicroScenarios {
  private MicroScenarios() {}

  /// All of them, in the order of the bars.
  public static List<Scenario> all() {
    return List.of(
        new InlineStepsScenario(),
        new InlineChainsScenario(),
        new InlineForksScenario(),
        new MemoryStoreScenario(),
        new PeersScenario());
  }
}
