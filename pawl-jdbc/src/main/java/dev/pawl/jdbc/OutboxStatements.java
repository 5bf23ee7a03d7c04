package dev.pawl.jdbc;

import dev.pawl.store.EventRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.Settled;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The statements that write the outbox and the log of events, prepared once for a connection.
final class OutboxStatements implements AutoCloseable {
  private final PreparedStatement insertRow;
  private final PreparedStatement deleteRows;
  private final PreparedStatement parkRow;
  private final PreparedStatement insertEvent;

  OutboxStatements(Connection connection) throws SQLException {
    insertRow =
        connection.prepareStatement(
            """
            insert into outbox (run, kind, target, id, name, key, payload, headers, at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
    deleteRows = connection.prepareStatement("delete from outbox where number between ? and ?");
    parkRow = connection.prepareStatement("update outbox set parked = ? where number = ?");
    insertEvent =
        connection.prepareStatement(
            """
            insert into event (topic, id, key, payload, headers, at) values (?, ?, ?, ?, ?, ?)
            """);
  }

  /// What the rows of a kind are found by: those of a hook by its name too.
  static String target(OutboxRow.Kind kind, String name) {
    return switch (kind) {
      case HOOK -> "hook " + name;
      case RUN -> "run";
      case EVENT, LOGGED -> "event";
    };
  }

  /// Adds rows.
  ///
  /// @return whether there are events for the log of this store among them
  boolean insert(List<OutboxRow> rows) throws SQLException {
    boolean logged = false;
    for (var row : rows) {
      if (row.kind() == OutboxRow.Kind.LOGGED) {
        insert(
            new EventRow(
                0, row.name(), row.id(), row.key(), row.payload(), row.headers(), row.at()));
        logged = true;
      } else {
        insert(row);
      }
    }
    return logged;
  }

  private void insert(OutboxRow row) throws SQLException {
    insertRow.setBytes(1, Rows.bytes(row.run()));
    insertRow.setInt(2, row.kind().ordinal());
    insertRow.setString(3, target(row.kind(), row.name()));
    insertRow.setString(4, row.id());
    insertRow.setString(5, row.name());
    insertRow.setString(6, row.key());
    insertRow.setBytes(7, Rows.bytes(row.payload()));
    insertRow.setString(8, Rows.text(row.headers()));
    insertRow.setLong(9, Rows.micros(row.at()));
    insertRow.executeUpdate();
  }

  void insert(EventRow event) throws SQLException {
    insertEvent.setString(1, event.topic());
    insertEvent.setString(2, event.id());
    insertEvent.setString(3, event.key());
    insertEvent.setBytes(4, Rows.bytes(event.payload()));
    insertEvent.setString(5, Rows.text(event.headers()));
    insertEvent.setLong(6, Rows.micros(event.at()));
    insertEvent.executeUpdate();
  }

  void settle(List<Settled> settled) throws SQLException {
    long first = 0; // of consecutive rows that go
    long last = -1;
    for (var each : settled) {
      switch (each.outcome()) {
        case GONE -> {
          if (each.number() != last + 1) {
            delete(first, last);
            first = each.number();
          }
          last = each.number();
        }
        case PARKED -> park(each.number(), each.reason());
        case WAITING -> park(each.number(), null);
      }
    }
    delete(first, last);
  }

  private void delete(long first, long last) throws SQLException {
    if (first <= last) {
      deleteRows.setLong(1, first);
      deleteRows.setLong(2, last);
      deleteRows.executeUpdate();
    }
  }

  private void park(long number, @Nullable String reason) throws SQLException {
    parkRow.setString(1, reason);
    parkRow.setLong(2, number);
    parkRow.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    insertRow.close();
    deleteRows.close();
    parkRow.close();
    insertEvent.close();
  }
}
