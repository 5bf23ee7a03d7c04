package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  @Test
  void greetsDurably(@TempDir Path folder) throws Exception {
    assertThat(Quickstart.greet(folder.resolve("greetings.db"), "Ada")).isEqualTo("Hello, Ada!");
  }
}
