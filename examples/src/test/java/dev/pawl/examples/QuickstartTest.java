package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  @Test
  void greetsDurably(@TempDir Path folder) throws Exception {
    assertThat(Quickstart.greet(folder.resolve("greetings.db"), "Ada")).isEqualTo("Hello, Ada!");
  }

  @Test
  void isWhatTheReadmeShows() throws Exception {
    var source = Files.readString(Path.of("src/main/java/dev/pawl/examples/Quickstart.java"));
    var body =
        source.substring(
            source.indexOf("    var g = Workflow.graph"), source.indexOf("  private static"));
    var shown =
        body.substring(0, body.indexOf("  }\n\n  ///")).stripTrailing().stripIndent().strip();

    assertThat(Files.readString(Path.of("../README.md"))).contains(shown);
  }
}
