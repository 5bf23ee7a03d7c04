package dev.pawl.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

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
