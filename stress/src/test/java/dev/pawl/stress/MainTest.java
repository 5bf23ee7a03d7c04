package dev.pawl.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
  /// One way to compile each test, for a moment.
  private static final List<String> SHORT =
      List.of("-f 1 -fsm 0 -sc false -af NONE -iters 1 -time 30 -jvmArgs -Xmx256m".split(" "));

  @TempDir private Path reports;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void findsNothingForbiddenInAMoment() throws Exception {
    int code = run(SHORT);

    assertThat(code).as("%s", printed).isZero();
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("9 tests, 0 problems");
  }

  @Test
  void failsWhenNoTestRan() throws Exception {
    var options = new ArrayList<>(SHORT);
    options.addAll(List.of("-t", "NoSuchTest"));

    int code = run(options);

    assertThat(code).isEqualTo(1);
  }

  private int run(List<String> options) throws Exception {
    return Main.run(options, reports, new PrintStream(printed, true, StandardCharsets.UTF_8));
  }
}
