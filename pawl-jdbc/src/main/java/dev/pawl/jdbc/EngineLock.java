package dev.pawl.jdbc;

import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/// The operating system's lock on the file beside a store. It goes with its process, so whoever
/// holds it knows that all who held it before are gone.
///
/// The lock is taken through SQLite and not through a `FileChannel`: POSIX drops all locks that a
/// process has on a file when the process closes any handle of it, so a second engine in the same
/// process that found the file locked would free it as it gave up. SQLite keeps such handles open.
final class EngineLock implements AutoCloseable {
  private final Connection connection;

  private EngineLock(Connection connection) {
    this.connection = connection;
  }

  /// Takes the lock of a store.
  ///
  /// @throws StoreException `LOCKED` if it is taken
  static EngineLock of(Path store) throws SQLException {
    var file = store.resolveSibling(store.getFileName() + ".lock");
    var connection = Connections.locking(file);
    try {
      Schema.execute(connection, "begin exclusive");
      return new EngineLock(connection);
    } catch (SQLException e) {
      connection.close();
      if (Errors.primary(e) == SQLiteErrorCode.SQLITE_BUSY) {
        throw new StoreException(
            Kind.LOCKED,
            store + " is in use by another engine; stop that one, or use another file",
            e);
      }
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
