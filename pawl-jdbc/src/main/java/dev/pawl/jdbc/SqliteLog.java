package dev.pawl.jdbc;

import dev.pawl.store.Encoded;
import dev.pawl.store.EventLog;
import dev.pawl.store.EventRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// The log of events in a SQLite file. Written on the connection of the file's writer where this
/// process has it, and on one of its own otherwise.
final class SqliteLog implements EventLog {
  private static final String EVENT = "number, topic, id, key, payload, headers, at";
  private final ReadPool readers;
  private final Writing writing;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /// Runs work as one transaction.
  interface Writing {
    void run(Work work);
  }

  /// What is done in a transaction.
  interface Work {
    void run(Connection connection) throws SQLException;
  }

  SqliteLog(ReadPool readers, Writing writing) {
    this.readers = readers;
    this.writing = writing;
  }

  /// Tells who listens that there are more events.
  void appended() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public void append(List<EventRow> events) {
    writing.run(connection -> {
      var statements = new OutboxStatements(connection);
      try (statements) {
        for (var event : events) {
          statements.insert(event);
        }
      }
    });
    appended();
  }

  private <T> List<T> list(String sql, ReadPool.Binder binder, ReadPool.Mapper<T> mapper) {
    return readers.read(reader -> reader.list(sql, binder, mapper));
  }

  private static EventRow event(ResultSet row) throws SQLException {
    return new EventRow(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        new Encoded.Bytes(row.getBytes(5)),
        Rows.headers(row.getString(6)),
        Rows.time(row.getLong(7)));
  }

  @Override
  public List<EventRow> read(String topic, long after, int limit) {
    return list(
        "select "
            + EVENT
            + " from event where topic = ? and number > ? order by topic, number limit ?",
        statement -> {
          statement.setString(1, topic);
          statement.setLong(2, after);
          statement.setInt(3, limit);
        },
        SqliteLog::event);
  }

  @Override
  public long end() {
    return list(
            "select coalesce(max(seq), 0) from sqlite_sequence where name = 'event'",
            statement -> {},
            row -> row.getLong(1))
        .getFirst();
  }

  @Override
  public Map<String, Long> cursors(String topic, String consumer) {
    return list(
            "select member, number from cursor where topic = ? and consumer = ?",
            statement -> {
              statement.setString(1, topic);
              statement.setString(2, consumer);
            },
            row -> Map.entry(row.getString(1), row.getLong(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public void advance(String topic, String consumer, String member, long offset) {
    put(
        """
        insert into cursor (topic, consumer, member, number) values (?, ?, ?, ?)
          on conflict do update set number = max(number, excluded.number)
        """,
        topic,
        consumer,
        member,
        offset);
  }

  @Override
  public void reset(String topic, String consumer, String member, long offset) {
    put(
        "insert or replace into cursor (topic, consumer, member, number) values (?, ?, ?, ?)",
        topic,
        consumer,
        member,
        offset);
  }

  private void put(String sql, String topic, String consumer, String member, long offset) {
    writing.run(connection -> {
      try (var put = connection.prepareStatement(sql)) {
        put.setString(1, topic);
        put.setString(2, consumer);
        put.setString(3, member);
        put.setLong(4, offset);
        put.executeUpdate();
      }
    });
  }

  @Override
  public int trim(Instant before, int limit) {
    var trimmed = new int[1];
    writing.run(connection -> {
      try (var delete =
          connection.prepareStatement(
              """
              with oldest as (select number, at from event order by number limit ?1)
              delete from event where number < coalesce(
                (select min(number) from oldest where at >= ?2),
                (select max(number) + 1 from oldest))
              """)) {
        delete.setInt(1, limit);
        delete.setLong(2, Rows.micros(before));
        trimmed[0] = delete.executeUpdate();
      }
    });
    return trimmed[0];
  }

  @Override
  public AutoCloseable listen(Runnable appended) {
    listeners.add(appended);
    return () -> listeners.remove(appended);
  }
}
