package dev.pawl.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TallyTest {
  @Test
  void countsWhatPitReportsByPackage(@TempDir Path directory) throws Exception {
    var report = directory.resolve("mutations.xml");
    Files.writeString(
        report,
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <mutations partial="true">
        <mutation detected='true' status='KILLED'><mutatedClass>dev.pawl.run.Plan</mutatedClass></mutation>
        <mutation detected='false' status='SURVIVED'><mutatedClass>dev.pawl.run.Fact</mutatedClass></mutation>
        <mutation detected='true' status='TIMED_OUT'><mutatedClass>dev.pawl.run.Fact$A</mutatedClass></mutation>
        <mutation detected='false' status='NO_COVERAGE'><mutatedClass>dev.pawl.store.Delta</mutatedClass></mutation>
        </mutations>
        """);

    var packages = Tally.read(report);

    assertThat(packages)
        .containsExactly(
            entry("dev.pawl.run", new Tally(3, 2)), entry("dev.pawl.store", new Tally(1, 0)));
  }

  @Test
  void isNotEnoughBelowTheThreshold() {
    assertThat(new Tally(100, 79).reaches(80)).isFalse();
    assertThat(new Tally(100, 80).reaches(80)).isTrue();
    assertThat(new Tally(1_000, 799).reaches(80)).isFalse();
  }

  @Test
  void isNotEnoughWithoutMutants() {
    assertThat(Tally.NONE.reaches(0)).isFalse();
  }
}
