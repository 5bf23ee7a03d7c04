package dev.pawl.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
final class CrashHarnessTest {
  private static final int LAST = 2_000;

  @TempDir private Path folder;

  private Path data() throws IOException {
    return Files.createDirectories(folder.resolve("data")).resolve("numbers.txt");
  }

  private CrashHarness counting(String how) throws IOException {
    var data = data();
    return CrashHarness.java(Counting.class, data.toString(), Integer.toString(LAST), how)
        .folder(folder)
        .files(data.getParent())
        .aims(
            Aim.line(line -> line.endsWith("5")).within(Duration.ofMillis(2)),
            Aim.changes(data, 1, 20))
        .audit(moment -> lost(data, moment));
  }

  /// What was acknowledged, and is not in the file.
  private static List<String> lost(Path data, Moment moment) throws IOException {
    var kept = Counting.read(data);
    var acknowledged =
        Files.readAllLines(moment.output()).stream()
            .filter(line -> line.startsWith("acknowledged "))
            .map(line -> line.substring("acknowledged ".length()))
            .toList();
    var lost = new ArrayList<String>();
    for (var number : acknowledged) {
      if (!number.isEmpty() && !kept.contains(Integer.valueOf(number))) {
        lost.add("lost " + number);
      }
    }
    if (!moment.killed() && kept.size() != LAST) {
      lost.add("ended with " + kept.size());
    }
    return lost;
  }

  @Test
  void findsNothingInAProgramThatKeepsWhatItAcknowledges() throws Exception {
    var report = counting("kept").kills(6).killsARound(3).seed(1).run();

    assertThat(report.findings()).isEmpty();
    assertThat(report.kills()).isEqualTo(6);
    assertThat(report.rounds()).isGreaterThanOrEqualTo(2);
    assertThat(report.phases()).isEqualTo(Map.of("killed", 6));
    assertThat(Counting.read(data())).hasSize(LAST);
    assertThat(folder.resolve("stderr.txt")).isEmptyFile();
  }

  @Test
  void findsAProgramThatLosesWhatItAcknowledges() throws Exception {
    var report = counting("lost").kills(6).seed(1).run();

    assertThat(report.findings()).isNotEmpty().allMatch(line -> line.contains("lost "));
  }

  @Test
  void runsAProgramOnceUndisturbedWithoutKills() throws Exception {
    var report = counting("lost").kills(0).run();

    assertThat(report.findings()).isEmpty();
    assertThat(report.rounds()).isEqualTo(1);
  }

  @Test
  void stopsAtAnExitCodeThatShouldNotBe() throws Exception {
    var moments = new ArrayList<Moment>();

    var report =
        CrashHarness.of("sh", "-c", "echo out; exit 3")
            .folder(folder)
            .kills(0)
            .audit(moment -> {
              moments.add(moment);
              return List.of();
            })
            .run();

    assertThat(report.findings()).containsExactly("after kill 0: the process ended with 3");
    assertThat(report.rounds()).isZero();
    assertThat(moments).containsExactly(new Moment(1, 0, false, 3, folder.resolve("stdout.txt")));
    assertThat(folder.resolve("stdout.txt")).hasContent("out");
  }

  @Test
  void acceptsTheExitCodesThatItIsTold() throws Exception {
    var report = CrashHarness.of("sh", "-c", "exit 3").folder(folder).kills(0).exits(0, 3).run();

    assertThat(report.findings()).isEmpty();
    assertThat(report.rounds()).isEqualTo(1);
  }

  @Test
  void stopsAtAProcessThatDoesNotEndAndKillsWhatItStarted() throws Exception {
    var report =
        CrashHarness.of("sh", "-c", "sleep 1000 & echo $!; wait")
            .folder(folder)
            .kills(0)
            .patience(Duration.ofMillis(300))
            .run();

    assertThat(report.findings())
        .containsExactly("after kill 0: the process did not end within PT0.3S");
    var child = Files.readString(folder.resolve("stdout.txt")).strip();
    assertThat(state(child))
        .satisfiesAnyOf(
            state -> assertThat(state).isEmpty(), state -> assertThat(state).startsWith("Z"));
  }

  /// What `ps` says of a process: nothing of none, `Z` of one that is dead and not reaped.
  private static String state(String process) throws IOException {
    var ps = new ProcessBuilder("ps", "-o", "stat=", "-p", process).start();
    return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void givesUpWhenNoAimIsMet() {
    var harness =
        CrashHarness.of("true").folder(folder).aims(Aim.line(line -> line.equals("never")));

    assertThatThrownBy(harness::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("100 times in a row");
  }

  @Test
  void killsAtARandomTimeAfterTheStart() throws Exception {
    var report =
        CrashHarness.of("sh", "-c", "sleep 1000")
            .folder(folder)
            .aims(Aim.start().within(Duration.ofMillis(20)))
            .kills(3)
            .killsARound(4)
            .patience(Duration.ofMillis(100))
            .audit(new Named())
            .run();

    assertThat(report.kills()).isEqualTo(3);
    assertThat(report.phases()).containsExactly(Map.entry("never", 0), Map.entry("asleep", 3));
    assertThat(report.json())
        .startsWith("{\"kills\":3,\"rounds\":0,\"seed\":0,\"findings\":1,\"seconds\":")
        .contains("\"phases\":{\"never\":0,\"asleep\":3},\"lines\":[\"after kill 3: ");
    assertThat(report.table().lines())
        .contains("kills                3", "  asleep             3", "findings             1");
  }

  /// An audit that names its phases.
  private static final class Named implements CrashAudit {
    @Override
    public List<String> findings(Moment moment) {
      return List.of();
    }

    @Override
    public String phase(Moment moment) {
      return "asleep";
    }

    @Override
    public List<String> phases() {
      return List.of("never", "asleep");
    }
  }
}
