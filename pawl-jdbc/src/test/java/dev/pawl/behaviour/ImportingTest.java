package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.EventRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.testkit.crash.Aim;
import dev.pawl.testkit.crash.CrashHarness;
import dev.pawl.testkit.crash.Moment;
import dev.pawl.workflow.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a connector, the outbox and a hook do is killed on the way, and goes on.
@Timeout(300)
final class ImportingTest {
  private static final int LINES = 1_000;

  @TempDir private Path folder;

  @Test
  void startsOneRunALineAndLosesNothingThatRunsSendThoughItIsKilledFiveTimes() throws Exception {
    var data = Files.createDirectories(folder.resolve("data"));
    Files.write(
        data.resolve("lines.jsonl"),
        IntStream.range(0, LINES).mapToObj(i -> "{\"id\": " + i + "}").toList());

    var report =
        CrashHarness.java(Importing.class, data.toString(), Integer.toString(LINES))
            .folder(folder)
            .aims(
                Aim.changes(data.resolve("runs.db-wal"), 1, 40),
                Aim.changes(data.resolve("events.db-wal"), 1, 10),
                Aim.changes(data.resolve("heard.txt"), 1, 150))
            .kills(5)
            .killsARound(5)
            .seed(Long.getLong("seed", 1))
            .audit(moment -> findings(data, moment))
            .run();

    assertThat(report.findings()).isEmpty();
    assertThat(report.kills()).isEqualTo(5);
  }

  private static List<String> findings(Path data, Moment moment) throws IOException {
    if (moment.killed()) {
      return List.of();
    }
    var findings = new ArrayList<String>();
    try (var runs = SqliteStore.openToRead(data.resolve("runs.db"));
        var events = SqliteStore.openToRead(data.resolve("events.db"))) {
      if (!runs.counts(Store.Filter.ALL).equals(Map.of(RunStatus.COMPLETED, (long) LINES))) {
        findings.add("runs: " + runs.counts(Store.Filter.ALL));
      }
      var keys = new HashSet<String>();
      runs.runs(Store.Filter.ALL, Optional.empty(), 2 * LINES).stream()
          .map(RunRow::key)
          .forEach(keys::add);
      var said = new HashSet<String>();
      events.log().read("said", 0, 10 * LINES).stream().map(EventRow::key).forEach(said::add);
      if (keys.size() != LINES || !said.equals(keys)) {
        findings.add(keys.size() + " lines have runs, " + said.size() + " of them were said");
      }
      if (!runs.parked(0, 1).isEmpty()) {
        findings.add("parked: " + runs.parked(0, 1));
      }
    }
    var heard = new HashMap<String, List<String>>();
    for (var line : Files.readAllLines(data.resolve("heard.txt"))) {
      var words = line.split(" ", 2);
      heard.computeIfAbsent(words[0], key -> new ArrayList<>()).add(words[1]);
    }
    if (heard.size() != LINES) {
      findings.add("of " + heard.size() + " runs was heard");
    }
    heard.forEach((key, kinds) -> {
      if (!kinds.getFirst().equals("STARTED") || !kinds.contains("COMPLETED")) {
        findings.add("of run " + key + " was heard " + kinds);
      }
    });
    return findings;
  }
}
