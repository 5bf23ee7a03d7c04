package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pawl.examples.OrderGenerator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OrdersProcessTest {
  private static final int ORDERS = 2_000;
  private static final long SIGINT = 2;

  @TempDir private Path folder;

  private Process start(Demo demo, String... before) throws IOException {
    try (var out = Files.newBufferedWriter(demo.input())) {
      OrderGenerator.write(out, ORDERS, 3);
    }
    var command = new ArrayList<>(List.of(before));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.pawl.cli.Main",
            "demo",
            "orders",
            "--json",
            "--input",
            demo.input().toString(),
            "--db",
            demo.db().toString(),
            "--concurrency",
            "2"));
    return new ProcessBuilder(command).start();
  }

  private static Optional<String> next(BufferedReader lines, String part) {
    return lines.lines().filter(line -> line.contains(part)).findFirst();
  }

  /// Whether a process ignores SIGINT, as one does that was started in the background of a script;
  /// its children inherit that.
  private static boolean ignoresInterrupt() throws IOException {
    var status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .anyMatch(signals -> (signals >> SIGINT - 1 & 1) == 1);
  }

  @Test
  void closesItsFilesWhenItIsInterruptedAndGoesOnWhenStartedAgain() throws Exception {
    assumeThat(ignoresInterrupt())
        .as("SIGINT is ignored here, and children inherit that")
        .isFalse();
    var demo = new Demo(folder);
    var process = start(demo);
    try (var err = process.errorReader()) {
      assertThat(next(err, " runs, ")).isPresent();

      var kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();

      assertThat(kill.waitFor()).isZero();
      assertThat(process.waitFor()).isEqualTo(130);
      assertThat(next(err, "xception")).isEmpty();
    } finally {
      process.destroyForcibly();
    }
    assertThat(folder.resolve("pawl.db-wal")).doesNotExist();
    assertThat(folder.resolve("pawl.db.bank-wal")).doesNotExist();

    assertThat(demo.ordersOf(demo.input())).isZero();

    assertThat(demo.number("completed")).isEqualTo(ORDERS);
    assertThat(demo.text("bankTotal")).isEqualTo(demo.text("ordersTotal"));
  }

  @Test
  void saysInOneLineThatItsFileCannotGrowAndGoesOnWhenItCan() throws Exception {
    assumeThat(Path.of("/bin/sh")).exists();
    var demo = new Demo(folder);
    var process = start(demo, "/bin/sh", "-c", "ulimit -f 6000; exec \"$@\"", "sh");
    try (var err = process.errorReader()) {
      var said = err.lines().filter(line -> !line.contains(" runs, ")).toList();

      assertThat(process.waitFor()).isEqualTo(4);
      assertThat(said).singleElement().asString().startsWith(demo.db().toString());
    } finally {
      process.destroyForcibly();
    }
    assertThat(demo.bank()).isNotEmptyFile();

    assertThat(demo.ordersOf(demo.input())).isZero();
    assertThat(demo.number("completed")).isEqualTo(ORDERS);
    assertThat(demo.text("bankTotal")).isEqualTo(demo.text("ordersTotal"));
  }
}
