package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class HelpTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(Main.class)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void listsTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: pawl").contains("demo");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void explainsTheOptionsOfACommand() {
    assertThat(run("demo", "orders", "--help")).isZero();
    assertThat(out.toString()).contains("--fail-rate").contains("--concurrency");
  }

  @Test
  void tellsItsVersion() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("pawl ");
  }

  @Test
  void saysOnceWhatIsWrongWithItsArguments() {
    assertThat(run("demo", "orders", "--nonsense")).isEqualTo(2);
    assertThat(err.toString()).containsOnlyOnce("--nonsense");
    assertThat(out.toString()).isEmpty();
  }
}
