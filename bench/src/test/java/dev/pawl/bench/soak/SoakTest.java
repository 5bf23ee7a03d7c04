package dev.pawl.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class SoakTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir private Path folder;

  private static Window window(long heap, double p99) {
    return new Window(
        Duration.ofSeconds(30), 9_000, 5, p99, 90, heap * MEBIBYTE, 300, 20, MEBIBYTE, MEBIBYTE);
  }

  @Test
  void startsRunsAtTheirRateAndSeesEachOfThemEnd() throws Exception {
    var lines = new ArrayList<String>();

    var windows =
        new Soak(folder.resolve("soak.db"), 20, Duration.ofMillis(10), lines::add)
            .run(Duration.ofMillis(500), 4);

    assertThat(windows)
        .hasSize(4)
        .allSatisfy(window -> {
          assertThat(window.heap()).isPositive();
          assertThat(window.threads()).isPositive();
          assertThat(window.file()).isPositive();
          assertThat(window.p50()).isLessThanOrEqualTo(window.p99());
          assertThat(window.p99()).isLessThanOrEqualTo(window.max() * 1.01);
        });
    assertThat(windows.stream().mapToLong(Window::ended).sum() + windows.getLast().open())
        .isBetween(35L, 45L);
    assertThat(lines).hasSize(5).first().isEqualTo(Window.HEADER);
  }

  @Test
  void findsFiguresFlatThatVaryALittle() {
    var windows = IntStream.range(0, 16).mapToObj(i -> window(50 + i % 2, 30 + i % 4)).toList();

    var verdict = Flatness.of(windows);

    assertThat(verdict.flat()).isTrue();
    assertThat(verdict.lines()).hasSize(5).allMatch(line -> line.endsWith(": flat"));
  }

  @Test
  void findsAHeapThatGrowsAndNamesIt() {
    var windows = LongStream.range(0, 16).mapToObj(i -> window(50 + 5 * i, 30)).toList();

    var verdict = Flatness.of(windows);

    assertThat(verdict.flat()).isFalse();
    assertThat(verdict.lines())
        .filteredOn(line -> line.endsWith("NOT FLAT"))
        .singleElement()
        .asString()
        .startsWith("heap MB");
  }

  @Test
  void forgivesASlowStart() {
    var windows = new ArrayList<>(List.of(window(90, 900)));
    IntStream.range(0, 7).forEach(i -> windows.add(window(50, 30)));

    assertThat(Flatness.of(windows.subList(0, 4)).flat()).isTrue();
  }

  @Test
  void refusesATimeOfLessThanFourWindows() {
    var errors = new StringWriter();

    int exit =
        SoakCommand.commandLine()
            .setErr(new PrintWriter(errors))
            .execute("--for", "60s", "--every", "30s");

    assertThat(exit).isEqualTo(2);
    assertThat(errors.toString()).contains("--for: at least 4 times --every");
  }
}
