package dev.pawl.jdbc;

import dev.pawl.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/// The tables of a SQLite store, and how a file is recognised as one.
final class Schema {
  /// The mark of a writer that has given its right back; 1 is that of the living, 0 that of the
  /// dead.
  static final int GAVE_BACK = 2;

  /// `Pawl` in ASCII.
  static final int APPLICATION = 0x5061776c;

  static final int VERSION = 1;

  // The history has rowids, because a row of more than a quarter of a page takes a page of its own
  // in
  // a table that has none.
  private static final String TABLES =
      """
      create table run (
        id blob not null primary key,
        workflow text not null,
        version text not null,
        key text not null,
        scope integer not null,
        claim integer,
        request text,
        headers text,
        input blob not null,
        created integer not null,
        parent blob,
        parent_branch text,
        parent_waits integer,
        depth integer,
        status integer not null,
        goal integer,
        reason text not null,
        owner integer not null,
        inbox integer not null,
        changed integer not null
      ) without rowid;
      create index run_key on run (workflow, key, scope);
      create unique index run_claim on run (workflow, key) where claim = 1;
      create index run_owned on run (workflow, id) where owner <> 0;
      create unique index run_request on run (workflow, request) where request is not null;
      create index run_parent on run (parent, id) where parent is not null;
      create table history (
        run blob not null references run (id),
        seq integer not null,
        kind integer not null,
        branch text not null,
        visit integer not null,
        node text not null,
        attempt integer not null,
        port text not null,
        next text not null,
        state blob,
        base integer,
        error text,
        due integer,
        at integer not null,
        took integer not null,
        floor integer not null,
        steps integer not null,
        branches integer not null,
        message text,
        primary key (run, seq)
      );
      create table wait (
        run blob not null references run (id),
        branch text not null,
        visit integer not null,
        wake_at integer not null,
        free integer not null,
        primary key (run, branch)
      ) without rowid;
      create index wait_due on wait (wake_at) where free = 1;
      create table once (
        run blob not null references run (id),
        branch text not null,
        visit integer not null,
        name text not null,
        value blob not null,
        primary key (run, branch, visit, name)
      ) without rowid;
      create table outbox (
        number integer primary key autoincrement,
        run blob not null,
        kind integer not null,
        target text not null,
        id text not null,
        name text not null,
        key text not null,
        payload blob not null,
        headers text,
        at integer not null,
        parked text
      );
      create index outbox_waiting on outbox (target, number) where parked is null;
      create index outbox_parked on outbox (number) where parked is not null;
      create table event (
        number integer primary key autoincrement,
        topic text not null,
        id text not null,
        key text not null,
        payload blob not null,
        headers text,
        at integer not null
      );
      create index event_topic on event (topic, number);
      create table cursor (
        topic text not null,
        consumer text not null,
        member text not null,
        number integer not null,
        primary key (topic, consumer, member)
      ) without rowid;
      create table message (
        run blob not null references run (id),
        number integer not null,
        signal text not null,
        correlation text,
        id text,
        payload blob not null,
        at integer not null,
        primary key (run, number)
      );
      create table accepted (
        run blob not null references run (id),
        id text not null,
        primary key (run, id)
      ) without rowid;
      create table writer (
        id integer primary key autoincrement,
        alive integer not null,
        batch integer not null
      );
      create table definition (
        workflow text not null,
        version text not null,
        shape text not null,
        primary key (workflow, version)
      ) without rowid;
      """;

  private Schema() {}

  /// Whether a file is a store already; if not, it is empty.
  ///
  /// @throws StoreException `FOREIGN` if it is something else, `NEWER` if a newer Pawl wrote it
  private static boolean isReady(Connection connection, Path file) throws SQLException {
    long application = number(connection, "pragma application_id");
    long version = number(connection, "pragma user_version");
    if (application == APPLICATION && version > VERSION) {
      throw new StoreException(
          StoreException.Kind.NEWER,
          file
              + " was written by a newer Pawl (schema "
              + version
              + ", this one knows "
              + VERSION
              + "); use that one");
    }
    if (application == APPLICATION) {
      return true;
    }
    if (application != 0 || number(connection, "select count(*) from sqlite_schema") > 0) {
      throw Errors.foreign(file);
    }
    return false;
  }

  /// Whether a file is a store already, as of one moment, on a connection without a transaction.
  ///
  /// @throws StoreException as [#isReady(Connection, Path)] does
  static boolean look(Connection connection, Path file) throws SQLException {
    execute(connection, "begin");
    try {
      return isReady(connection, file);
    } finally {
      execute(connection, "rollback");
    }
  }

  /// Makes the tables, unless they are there: another process may be doing the same, and whoever
  /// gets the lock first makes them.
  static void make(Connection connection, Path file) throws SQLException {
    execute(connection, "begin immediate");
    if (!isReady(connection, file)) {
      for (var statement : (TABLES + SqliteSchedules.TABLE).split(";\n")) {
        execute(connection, statement);
      }
      execute(connection, "pragma application_id = " + APPLICATION);
      execute(connection, "pragma user_version = " + VERSION);
    }
    execute(connection, "commit");
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
