package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ExampleCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(Main.class)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void runsAnExampleOnAFile(@TempDir Path folder) {
    var db = folder.resolve("trips.db");

    assertThat(run("example", "trips", "--db", db.toString())).isZero();

    assertThat(db).exists();
  }

  @Test
  void namesTheExamplesThereAre() throws Exception {
    assertThat(run("example", "nonsense")).isEqualTo(2);
    assertThat(run("example", "--help")).isZero();

    assertThat(err.toString()).contains("there is no example nonsense; there are agent, approval");
    assertThat(out.toString()).contains("agent, approval, callback, import");
  }

  @Test
  void runsTheExamplesThatTheirPageLists() throws Exception {
    var page = Files.readString(Path.of("../docs/examples.md"));
    run("example", "--help");

    for (var name : out.toString().split("One of: ", 2)[1].split("\\.", 2)[0].split(",")) {
      assertThat(page).contains("| `" + name.strip() + "` |");
    }
  }
}
