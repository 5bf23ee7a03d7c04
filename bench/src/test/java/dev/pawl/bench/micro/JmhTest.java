package dev.pawl.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.bench.measure.Settings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.TimeValue;

class JmhTest {
  @Test
  void measuresAllBenchmarksOfAClassInAnotherJvm() throws Exception {
    var settings = new Settings(3, 0, Path.of("."), what -> {});

    var figures = Jmh.run(InlineSteps.class, settings, TimeValue.milliseconds(10), List.of());

    assertThat(figures)
        .containsOnlyKeys("oneStep", "oneStepBare", "twoSteps", "twoStepsBare")
        .allSatisfy((name, figure) -> {
          assertThat(figure.nanos()).isPositive();
          assertThat(figure.error()).isNotNaN();
          assertThat(figure.bytes()).isPositive();
        });
  }
}
