package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Seats.Flight;
import dev.pawl.testkit.TestEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Seats, and the snippets of `docs/guide.md` on signals.
class SeatsTest {
  @Test
  void areBookedUntilNoneIsLeft() throws InterruptedException {
    var flights = Seats.workflow();

    try (var engine = TestEngine.of(flights)) {
      var run = engine.start(flights, "PW 7", new Flight.Open(2, List.of()));
      assertThat(Seats.book(run, "Ada")).isEqualTo("Ada has seat 1");
      assertThat(Seats.book(run, "Grace")).isEqualTo("Grace has seat 2");
      assertThat(Seats.book(run, "Edsger")).startsWith("sorry: ").endsWith("all 2 seats are taken");
      run.signal(Seats.DEPART, "B 12");
      engine.settle();

      assertThat(run.state()).isEqualTo(new Flight.Departed(List.of("Ada", "Grace"), "B 12"));
    }
  }

  @Test
  void areWhatTheGuideShows() throws IOException {
    assertThat(guide()).isNotEmpty().allSatisfy(snippet -> assertThat(source()).contains(snippet));
  }

  private static List<String> guide() throws IOException {
    var guide = Files.readString(Path.of("../docs/guide.md"));
    var section = guide.substring(guide.indexOf("## Signals"), guide.indexOf("## Sagas"));
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(section)
        .results()
        .map(result -> result.group(1).replaceAll("\\s+", " ").strip())
        .toList();
  }

  private static String source() throws IOException {
    return Files.readString(Path.of("src/main/java/dev/pawl/examples/Seats.java"))
        .replaceAll("\\s+", " ");
  }
}
