package dev.pawl.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledDemoTest {
  @Test
  void losesNothingAndBooksNothingTwiceOverTwentyKills(@TempDir Path folder) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);

    var report = new CrashRig(folder, seed, 100).run(20);

    assertThat(report.findings()).isEmpty();
    assertThat(report.kills()).isEqualTo(20);
    assertThat(report.rounds()).isPositive();
    assertThat(report.phases().values().stream().mapToInt(count -> count).sum()).isEqualTo(20);
    assertThat(report.phases().get(Phase.SCHEMA.label)).isPositive();
  }
}
