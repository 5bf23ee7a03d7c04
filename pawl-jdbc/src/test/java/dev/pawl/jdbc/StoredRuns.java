package dev.pawl.jdbc;

import dev.pawl.store.Commit;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Mail;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Commits to put into a store.
final class StoredRuns {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private StoredRuns() {}

  static RunId id(int number) {
    return RunId.of(NOW.toEpochMilli(), number, number);
  }

  /// Starts a run whose input has so many bytes.
  static Commit start(int number, int bytes) {
    var row =
        new RunRow(
            id(number),
            "orders",
            "1",
            "key-" + number,
            RunRow.Unique.OPEN,
            Optional.empty(),
            Map.of(),
            new Encoded.Bytes(new byte[bytes]),
            NOW,
            Optional.empty(),
            new RunRow.State(RunStatus.RUNNING, Optional.empty(), "", 1, 0, NOW));
    return commit(number, Optional.of(row), List.of());
  }

  /// Adds a row whose state has so many bytes.
  static Commit row(int number, long seq, int bytes) {
    var row =
        new HistoryRow(
            id(number),
            seq,
            HistoryRow.Kind.LEFT,
            "",
            1,
            "node",
            1,
            "port",
            "next",
            Optional.of(new Encoded.Bytes(new byte[bytes])),
            Optional.empty(),
            Optional.empty(),
            NOW,
            Duration.ZERO,
            seq,
            1,
            1,
            Optional.empty());
    return commit(number, Optional.empty(), List.of(row));
  }

  private static Commit commit(int number, Optional<RunRow> insert, List<HistoryRow> history) {
    return new Commit(
        id(number),
        insert,
        history,
        Optional.empty(),
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Mail.NONE);
  }
}
