package dev.pawl.jdbc;

import dev.pawl.store.ScheduleRow;
import dev.pawl.store.ScheduleRow.Backfill;
import dev.pawl.store.ScheduleRow.Overlap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// Writes and reads schedules. Durations are microseconds, rounded down.
final class SqliteSchedules {
  static final String TABLE =
      """
      create table schedule (
        name text not null primary key,
        workflow text not null,
        timetable text not null,
        overlap integer not null,
        catch_up integer not null,
        jitter integer not null,
        settled integer not null,
        paused text,
        queued integer,
        backfill_after integer,
        backfill_until integer,
        run blob
      ) without rowid;
      """;
  static final String ALL =
      """
      select name, workflow, timetable, overlap, catch_up, jitter, settled, paused, queued,
        backfill_after, backfill_until, run from schedule order by name
      """;
  private static final Overlap[] OVERLAPS = Overlap.values();

  private SqliteSchedules() {}

  static ScheduleRow row(ResultSet row) throws SQLException {
    var after = time(row, 10);
    var until = time(row, 11);
    return new ScheduleRow(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        OVERLAPS[row.getInt(4)],
        Duration.ofNanos(row.getLong(5) * 1_000),
        Duration.ofNanos(row.getLong(6) * 1_000),
        new ScheduleRow.State(
            Rows.time(row.getLong(7)),
            Optional.ofNullable(row.getString(8)),
            time(row, 9),
            after.map(time -> new Backfill(time, until.orElseThrow())),
            Optional.ofNullable(row.getBytes(12)).map(Rows::id)));
  }

  private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Rows.time(micros));
  }

  /// Writes into the transaction of a connection.
  static void write(Connection connection, Collection<ScheduleRow> rows, Collection<String> removed)
      throws SQLException {
    try (var put =
        connection.prepareStatement(
            "insert or replace into schedule values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (var row : rows) {
        bind(put, row);
        put.executeUpdate();
      }
    }
    try (var remove = connection.prepareStatement("delete from schedule where name = ?")) {
      for (var name : removed) {
        remove.setString(1, name);
        remove.executeUpdate();
      }
    }
  }

  private static void bind(PreparedStatement put, ScheduleRow row) throws SQLException {
    var state = row.state();
    put.setString(1, row.name());
    put.setString(2, row.workflow());
    put.setString(3, row.timetable());
    put.setInt(4, row.overlap().ordinal());
    put.setLong(5, row.catchUp().toNanos() / 1_000);
    put.setLong(6, row.jitter().toNanos() / 1_000);
    put.setLong(7, Rows.micros(state.settled()));
    put.setString(8, state.paused().orElse(null));
    bind(put, 9, state.queued());
    bind(put, 10, state.backfill().map(Backfill::after));
    bind(put, 11, state.backfill().map(Backfill::until));
    put.setBytes(12, state.run().map(Rows::bytes).orElse(null));
  }

  private static void bind(PreparedStatement put, int place, Optional<Instant> time)
      throws SQLException {
    if (time.isPresent()) {
      put.setLong(place, Rows.micros(time.get()));
    } else {
      put.setNull(place, Types.INTEGER);
    }
  }
}
