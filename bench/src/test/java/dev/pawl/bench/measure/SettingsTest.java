package dev.pawl.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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
  void warmsUpUntilTheCompilerRests() throws Exception {
    var rounds = new ArrayList<Integer>();
    var compiled = new AtomicReference<>(Duration.ZERO);

    settings(1)
        .warmUp(
            compiled::get,
            round -> {
              rounds.add(round);
              compiled.updateAndGet(time -> round < 7 ? time.plusHours(1) : time);
            });

    assertThat(rounds).isEqualTo(List.of(0, 1, 2, 3, 4, 5, 6, 7));
  }

  @Test
  void warmsUpForAtLeastFiveAndAtMostThirtyRounds() throws Exception {
    var few = new ArrayList<Integer>();
    var many = new ArrayList<Integer>();
    var compiled = new AtomicReference<>(Duration.ZERO);

    settings(1).warmUp(() -> Duration.ZERO, few::add);
    settings(1).warmUp(() -> compiled.updateAndGet(time -> time.plusHours(1)), many::add);

    assertThat(few).hasSize(5);
    assertThat(many).hasSize(30);
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
