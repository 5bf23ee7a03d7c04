package dev.pawl.jdbc;

import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/// What SQLite's errors mean.
final class Errors {
  private Errors() {}

  static StoreException of(Path file, SQLException error) {
    return switch (primary(error)) {
      case SQLITE_FULL ->
          new StoreException(Kind.FULL, file + " has no room left; make room on its disk", error);
      case SQLITE_READONLY, SQLITE_PERM ->
          new StoreException(
              Kind.READ_ONLY, file + " cannot be written; check its permissions", error);
      case SQLITE_CANTOPEN ->
          new StoreException(
              Kind.READ_ONLY,
              file + " cannot be opened; check that its folder exists and can be written",
              error);
      case SQLITE_NOTADB -> Schema.foreign(file);
      default ->
          new StoreException(
              Kind.UNAVAILABLE, file + " cannot be used: " + error.getMessage(), error);
    };
  }

  /// Whether a row was refused, while the transaction goes on.
  static boolean isRefusal(SQLException error) {
    var code = primary(error);
    return code == SQLiteErrorCode.SQLITE_CONSTRAINT || code == SQLiteErrorCode.SQLITE_TOOBIG;
  }

  static SQLiteErrorCode primary(SQLException error) {
    return SQLiteErrorCode.getErrorCode(error.getErrorCode() & 0xff);
  }
}
