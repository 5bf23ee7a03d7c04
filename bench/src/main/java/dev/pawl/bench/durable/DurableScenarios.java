package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Scenario;
import java.util.List;

/// The scenarios on disk.
public final class DurableScenarios {
  private DurableScenarios() {}

  /// All of them, in the order of the bars.
  public static List<Scenario> all() {
    return List.of(
        new ThroughputScenario(),
        new LatencyScenario(),
        new BurstScenario(),
        new GraphScenario(),
        new RetryScenario(),
        new PauseScenario(),
        new DelayScenario(1_000_000, 1_000),
        new RecoveryScenario(50_000),
        new TimerScenario(100_000),
        new SignalScenario(100_000),
        new MapScenario(),
        new ChildrenScenario(10_000),
        new LargeStateScenario(),
        new ConnectorScenario(1_000_000, 5));
  }
}
