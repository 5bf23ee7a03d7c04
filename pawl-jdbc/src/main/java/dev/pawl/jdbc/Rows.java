package dev.pawl.jdbc;

import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.MessageRow;
import dev.pawl.store.OnceRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.WaitRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads rows, and says how values are written: ids as 16 bytes, times as microseconds, enums by
/// their place.
final class Rows {
  static final String RUN =
      "run.id, run.workflow, run.version, run.key, run.scope, run.request, run.headers, run.input,"
          + " run.created, run.parent, run.parent_branch, run.parent_waits, run.depth, run.status,"
          + " run.goal, run.reason, run.owner, run.inbox, run.changed";
  static final String HISTORY =
      "h.run, h.seq, h.kind, h.branch, h.visit, h.node, h.attempt, h.port, h.next, h.state, h.base,"
          + " h.error, h.due, h.at, h.took, h.floor, h.steps, h.branches, h.message";
  static final String OUTBOX = "number, run, kind, id, name, key, payload, headers, at, parked";

  static final String MESSAGE = "m.run, m.number, m.signal, m.correlation, m.id, m.payload, m.at";

  private static final RunRow.Unique[] SCOPES = RunRow.Unique.values();
  private static final RunStatus[] STATUSES = RunStatus.values();
  private static final HistoryRow.Kind[] KINDS = HistoryRow.Kind.values();
  private static final OutboxRow.Kind[] SENT = OutboxRow.Kind.values();

  /// The statuses of runs that are over, as a list in SQL.
  static final String FINAL =
      Arrays.stream(STATUSES)
          .filter(RunStatus::isFinal)
          .map(status -> Integer.toString(status.ordinal()))
          .collect(Collectors.joining(", "));

  private static final Instant EARLIEST = time(Long.MIN_VALUE);
  private static final Instant LATEST = time(Long.MAX_VALUE);

  private Rows() {}

  static RunRow run(ResultSet row) throws SQLException {
    return new RunRow(
        id(row.getBytes(1)),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        SCOPES[row.getInt(5)],
        Optional.ofNullable(row.getString(6)),
        headers(row.getString(7)),
        new Encoded.Bytes(row.getBytes(8)),
        time(row.getLong(9)),
        parent(row),
        new RunRow.State(
            status(row.getInt(14)),
            row.getObject(15) == null ? Optional.empty() : Optional.of(status(row.getInt(15))),
            row.getString(16),
            row.getLong(17),
            row.getLong(18),
            time(row.getLong(19))));
  }

  private static Optional<RunRow.Parent> parent(ResultSet row) throws SQLException {
    byte[] id = row.getBytes(10);
    return id == null
        ? Optional.empty()
        : Optional.of(
            new RunRow.Parent(id(id), row.getString(11), row.getInt(12) != 0, row.getInt(13)));
  }

  static HistoryRow history(ResultSet row) throws SQLException {
    return new HistoryRow(
        id(row.getBytes(1)),
        row.getLong(2),
        KINDS[row.getInt(3)],
        row.getString(4),
        row.getInt(5),
        row.getString(6),
        row.getInt(7),
        row.getString(8),
        row.getString(9),
        state(row.getBytes(10), row.getLong(11), row.wasNull()),
        Optional.ofNullable(row.getString(12)),
        row.getObject(13) == null ? Optional.empty() : Optional.of(time(row.getLong(13))),
        time(row.getLong(14)),
        Duration.ofNanos(row.getLong(15) * 1_000),
        row.getLong(16),
        row.getInt(17),
        row.getInt(18),
        Optional.ofNullable(row.getString(19)));
  }

  private static Optional<Encoded> state(byte @Nullable [] bytes, long base, boolean whole) {
    if (bytes == null) {
      return Optional.empty();
    }
    return Optional.of(whole ? new Encoded.Bytes(bytes) : new Encoded.Patch(base, bytes));
  }

  static WaitRow wait(ResultSet row) throws SQLException {
    return new WaitRow(id(row.getBytes(1)), row.getString(2), row.getInt(3), time(row.getLong(4)));
  }

  static OutboxRow outbox(ResultSet row) throws SQLException {
    return new OutboxRow(
        row.getLong(1),
        id(row.getBytes(2)),
        SENT[row.getInt(3)],
        row.getString(4),
        row.getString(5),
        row.getString(6),
        new Encoded.Bytes(row.getBytes(7)),
        headers(row.getString(8)),
        time(row.getLong(9)),
        Optional.ofNullable(row.getString(10)));
  }

  static MessageRow message(ResultSet row) throws SQLException {
    return new MessageRow(
        id(row.getBytes(1)),
        row.getLong(2),
        row.getString(3),
        Optional.ofNullable(row.getString(4)),
        Optional.ofNullable(row.getString(5)),
        new Encoded.Bytes(row.getBytes(6)),
        time(row.getLong(7)));
  }

  static OnceRow once(ResultSet row) throws SQLException {
    return new OnceRow(
        id(row.getBytes(1)),
        row.getString(2),
        row.getInt(3),
        row.getString(4),
        new Encoded.Bytes(row.getBytes(5)));
  }

  static RunId id(byte[] bytes) {
    var buffer = ByteBuffer.wrap(bytes);
    return new RunId(buffer.getLong(), buffer.getLong());
  }

  static byte[] bytes(RunId id) {
    return ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
  }

  /// The bytes that ids of a page are greater than.
  static byte[] after(Optional<RunId> id) {
    return id.map(Rows::bytes).orElse(new byte[0]);
  }

  static RunStatus status(int place) {
    return STATUSES[place];
  }

  static Instant time(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }

  /// Microseconds since 1970; times that are too far away become the farthest.
  static long micros(Instant time) {
    if (time.isAfter(LATEST)) {
      return Long.MAX_VALUE;
    }
    return time.isBefore(EARLIEST)
        ? Long.MIN_VALUE
        : time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
  }

  /// As [#micros(Instant)], but rounded up: what is due then is never early.
  static long microsUp(Instant time) {
    long micros = micros(time);
    return time(micros).isBefore(time) && micros < Long.MAX_VALUE ? micros + 1 : micros;
  }

  /// The bytes of a value that is stored whole or as a patch.
  static byte[] bytes(Encoded encoded) {
    return switch (encoded) {
      case Encoded.Bytes whole -> whole.bytes();
      case Encoded.Patch patch -> patch.delta();
      case Encoded.Reference reference ->
          throw new CodecException(
              "a reference cannot be stored in a file; give the engine a codec, such as that of"
                  + " dev.pawl:pawl-jackson");
    };
  }

  /// Headers as lines of a name, a tab and a value; null if there are none.
  static @Nullable String text(Map<String, String> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    var text = new StringBuilder();
    headers.forEach((name, value) ->
        text.append(escaped(name)).append('\t').append(escaped(value)).append('\n'));
    return text.toString();
  }

  static Map<String, String> headers(@Nullable String text) {
    if (text == null) {
      return Map.of();
    }
    var headers = new LinkedHashMap<String, String>();
    text.lines()
        .forEach(line -> {
          int tab = line.indexOf('\t');
          headers.put(unescaped(line.substring(0, tab)), unescaped(line.substring(tab + 1)));
        });
    return headers;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String unescaped(String text) {
    var plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char escape = text.charAt(++i);
      plain.append(
          switch (escape) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            default -> escape;
          });
    }
    return plain.toString();
  }
}
