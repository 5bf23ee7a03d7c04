package dev.pawl.jdbc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/// How connections to a file are set up.
final class Connections {
  private static final int BUSY_MILLIS = 5_000;
  private static final int CACHE_KIBIBYTES = 16_000;

  // Of the log, before a writer copies it into the file: 16 MB. Small enough that no batch waits
  // long for it, large enough that pages which change often are copied once.
  private static final int CHECKPOINT_PAGES = 4_000;

  private Connections() {}

  /// For a look at a file that may be anything: changes nothing.
  static Connection looking(Path file) throws SQLException {
    return connect(file, plain());
  }

  /// Writes nothing, but opens the file for writing where it may: a connection that only reads
  /// could not take the log away when it is the last to close.
  static Connection reading(Path file) throws SQLException {
    var config = plain();
    config.setCacheSize(-CACHE_KIBIBYTES);
    var connection = connect(file, config);
    Schema.execute(connection, "pragma query_only = 1");
    return connection;
  }

  /// Writes nothing, not even the log into the file; may leave SQLite's files of shared memory and
  /// an empty log behind. Where these can neither be found nor made, nobody can be writing, and the
  /// file is read as it is.
  static Connection onlyReading(Path file) throws SQLException {
    var config = plain();
    config.setCacheSize(-CACHE_KIBIBYTES);
    config.setReadOnly(true);
    try {
      return probed(connect(file, config));
    } catch (SQLException e) {
      if (Errors.primary(e) != SQLiteErrorCode.SQLITE_CANTOPEN
          || !Files.isRegularFile(file)
          || Files.exists(file.resolveSibling(file.getFileName() + "-wal"))) {
        throw e;
      }
      return probed(config.createConnection("jdbc:sqlite:" + file.toUri() + "?immutable=1"));
    }
  }

  /// A file is opened when it is first read.
  private static Connection probed(Connection connection) throws SQLException {
    try {
      Schema.number(connection, "pragma schema_version");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  static Connection writing(Path file) throws SQLException {
    var config = plain();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enableFullSync(true);
    config.enforceForeignKeys(true);
    config.setCacheSize(-CACHE_KIBIBYTES);
    config.setWalAutocheckpoint(CHECKPOINT_PAGES);
    return connect(file, config);
  }

  /// For a file that is only locked.
  static Connection locking(Path file) throws SQLException {
    var config = plain();
    config.setBusyTimeout(0);
    return connect(file, config);
  }

  private static SQLiteConfig plain() {
    var config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    // The driver would match each statement against a pattern before it runs, a third of its cost.
    config.setGetGeneratedKeys(false);
    return config;
  }

  private static Connection connect(Path file, SQLiteConfig config) throws SQLException {
    return config.createConnection("jdbc:sqlite:" + file);
  }
}
