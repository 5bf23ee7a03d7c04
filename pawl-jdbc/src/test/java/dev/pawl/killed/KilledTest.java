package dev.pawl.killed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.HistoryRow.Kind;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.testkit.crash.Aim;
import dev.pawl.testkit.crash.CrashHarness;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills programs at places where they ask for it, starts them again on the same files, and looks
/// at what they have done.
@Timeout(180)
final class KilledTest {
  @TempDir private Path folder;
  private Path data;
  private Journal journal;

  @BeforeEach
  void empty() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
    journal = Journal.in(data);
  }

  /// Runs a program that dies at these places, one after the other, and then comes to its end.
  private void kill(Class<?> program, String... places) throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        List.of(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            data.toString());

    var report =
        CrashHarness.of(command)
            .folder(folder)
            .aims(Aim.line(line -> line.startsWith(Journal.DIES)))
            .kills(places.length)
            .patience(Duration.ofMinutes(1))
            .run();

    assertThat(report.findings()).as(Files.readString(folder.resolve("stderr.txt"))).isEmpty();
    assertThat(journal.after(Journal.DIES)).containsExactly(places);
    assertThat(report.rounds()).isEqualTo(1);
  }

  private Engine open(Workflow<?> workflow) {
    return Engine.builder().sqlite(data.resolve("pawl.db")).register(workflow).start();
  }

  private static List<HistoryRow> rows(Run<?> run, Kind kind) {
    return run.history(0, 1_000).stream().filter(row -> row.kind() == kind).toList();
  }

  @Test
  void usesEachSignalOnceAndInOrderWhereverItIsCutBetweenItsArrivalAndItsEnd() throws Exception {
    kill(Hearing.class, "busy", "with one", "with four", "last");

    var hearing = Hearing.workflow(journal, new CountDownLatch(0));
    try (var engine = open(hearing)) {
      var run = engine.find(hearing, "r").orElseThrow();
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().words()).isEqualTo(Hearing.WORDS);
      assertThat(rows(run, Kind.RECEIVED)).hasSameSizeAs(Hearing.WORDS);
    }
    assertThat(journal.after("uses "))
        .containsExactly("one", "one", "two", "three", "four", "four", "five");
  }

  @Test
  void goesOnOnceAfterATimerAndNeverBeforeItsTimeWhereverItIsCut() throws Exception {
    kill(Sleeping.class, "asleep", "risen", "given up", "late");

    var sleeping = Sleeping.workflow(journal);
    try (var engine = open(sleeping)) {
      var run = engine.find(sleeping, "r").orElseThrow();
      assertThat(run.path()).containsExactly("sleep", "rise", "ask", "late", "late end");
      var left = rows(run, Kind.LEFT);
      assertThat(left).extracting(HistoryRow::node).containsExactly("sleep", "rise", "ask", "late");
      assertThat(left.get(0).at()).isAfterOrEqualTo(run.state().due());
      assertThat(journal.after("rises "))
          .hasSize(2)
          .allSatisfy(at -> assertThat(Instant.parse(at)).isAfterOrEqualTo(run.state().due()));
      assertThat(journal.after("gives up "))
          .hasSize(2)
          .allSatisfy(at ->
              assertThat(Instant.parse(at))
                  .isAfterOrEqualTo(left.get(1).at().plus(Sleeping.PATIENCE)));
    }
    assertThat(journal.after("late ")).hasSize(2).containsOnly(journal.after("late ").getFirst());
  }

  @Test
  void undoesEachFinishedVisitTheLatestFirstWhereverItIsCut() throws Exception {
    kill(
        Undoing.class,
        "in train 1",
        "undoing car 2",
        "undoing hotel 2",
        "undoing car 1",
        "undoing hotel 1");

    var undoing = Undoing.workflow(journal);
    try (var engine = open(undoing)) {
      var run = engine.find(undoing, "r").orElseThrow();
      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      var finished =
          rows(run, Kind.LEFT).stream()
              .filter(row -> List.of("hotel", "car", "train").contains(row.node()))
              .toList();
      var undone = rows(run, Kind.UNDONE);
      assertThat(finished).hasSize(6);
      assertThat(undone)
          .extracting(HistoryRow::port)
          .containsExactlyElementsOf(
              finished.reversed().stream().map(row -> Long.toString(row.seq())).toList());
      assertThat(withoutRepeats(journal.after("undoes ")))
          .extracting(line -> line.substring(0, line.indexOf(' ')))
          .containsExactlyElementsOf(undone.stream().map(HistoryRow::node).toList());
    }
    assertThat(journal.after("undoes ")).hasSize(6 + 4);
  }

  /// The lines but for those that repeat the one before, key and all.
  private static List<String> withoutRepeats(List<String> lines) {
    var once = new ArrayList<String>();
    for (var line : lines) {
      if (once.isEmpty() || !once.getLast().equals(line)) {
        once.add(line);
      }
    }
    return once;
  }

  @Test
  void startsOneRunOrIsOneSignalForEachEventWhereverAConnectorIsCut() throws Exception {
    kill(
        Feeding.class,
        "done with order-4",
        "reading first-1",
        "behind first-2",
        "done with second-4",
        "done with second-6");

    var feeding = Feeding.workflow();
    try (var engine = open(feeding)) {
      var runs = engine.runs(Store.Filter.ALL, Optional.empty(), 100);
      assertThat(runs)
          .extracting(RunRow::key)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, Feeding.ORDERS).mapToObj(Integer::toString).toList());
      for (var row : runs) {
        var run = engine.find(feeding, row.id()).orElseThrow();
        assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(run.state().payments())
            .containsExactly("first-" + row.key(), "second-" + row.key());
        assertThat(rows(run, Kind.RECEIVED)).hasSize(2);
      }
    }
  }
}
