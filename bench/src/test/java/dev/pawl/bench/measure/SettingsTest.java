package dev.pawl.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir private Path directory;

  @Test
  void takesTheMedianOfTheMeasuredRepetitionsAlone() throws Exception {
    var seen = new ArrayList<Integer>();
    var figures = new double[] {1_000, 2_000, 7, 5, 6};

    double median =
        settings(3)
            .median(
                2,
                repetition -> {
                  seen.add(repetition);
                  return figures[repetition];
                });

    assertThat(median).isEqualTo(6);
    assertThat(seen).isEqualTo(List.of(0, 1, 2, 3, 4));
  }

  @Test
  void wantsARepetition() {
    assertThatIllegalArgumentException().isThrownBy(() -> settings(0));
  }

  @Test
  void deletesAWorkplaceWithAllInIt() throws Exception {
    try (var place = settings(1).workplace()) {
      Files.writeString(place.file("a.db"), "1234");
      Files.writeString(place.file("a.db-wal"), "12");
      Files.writeString(place.file("b.db"), "1");

      assertThat(place.bytes("a.db")).isEqualTo(6);
    }

    assertThat(directory).isEmptyDirectory();
  }

  private Settings settings(int repetitions) {
    return new Settings(repetitions, 0, directory, what -> {});
  }
}
