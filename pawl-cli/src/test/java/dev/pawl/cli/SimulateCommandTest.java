package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

final class SimulateCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(Main.class)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void playsFreshSeedsAndSaysHowMany() {
    var json = folder.resolve("figures.json");

    assertThat(run("simulate", "--seeds", "20", "--json", json.toString())).isZero();

    assertThat(out.toString()).contains("playing seeds from ", "20 seeds from", "0 failures");
    var figures = JsonMapper.shared().readTree(json.toFile());
    assertThat(figures.get("seeds").asInt()).isEqualTo(20);
    assertThat(figures.get("events").asLong()).isPositive();
    assertThat(figures.get("eventsPerSecond").asLong()).isPositive();
    assertThat(figures.get("failures").size()).isZero();
  }

  @Test
  void repeatsASeedExactly() {
    assertThat(run("simulate", "--seed", "7", "--without", "crash,stall", "--runs", "1")).isZero();
    var first = out.toString();
    out.getBuffer().setLength(0);

    assertThat(run("simulate", "--seed", "7", "--without", "crash,stall", "--runs", "1")).isZero();

    assertThat(out.toString()).isEqualTo(first).contains("host1 boots").containsPattern(hash());
  }

  private static Pattern hash() {
    return Pattern.compile("events, hash [0-9a-f]{16}");
  }

  @Test
  void playsForAWhile() {
    assertThat(run("simulate", "--for", "1s", "--from", "1")).isZero();

    assertThat(out.toString()).contains("playing seeds from 1 on");
  }

  @Test
  void refusesWhatItCannotPlay() {
    assertThat(run("simulate", "--without", "crash")).isEqualTo(2);
    assertThat(run("simulate", "--seed", "1", "--seeds", "2")).isEqualTo(2);
    assertThat(run("simulate", "--for", "soon")).isEqualTo(2);
    assertThat(run("simulate", "--seed", "1", "--without", "rain")).isEqualTo(2);
    assertThat(run("simulate", "--seeds", "0")).isEqualTo(2);

    assertThat(err.toString())
        .contains("add --seed", "leave out --seeds", "write 90s, 10m or 2h", "'rain' is none of")
        .contains("--seeds: not positive");
  }
}
