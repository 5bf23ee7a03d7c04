package dev.pawl.jdbc;

import dev.pawl.store.Commit.Reason;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

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
      case SQLITE_NOTADB -> foreign(file);
      default ->
          new StoreException(
              Kind.UNAVAILABLE, file + " cannot be used: " + error.getMessage(), error);
    };
  }

  static StoreException closed(Path file) {
    return new StoreException(Kind.CLOSED, file + " is closed");
  }

  static StoreException foreign(Path file) {
    return new StoreException(
        Kind.FOREIGN, file + " is not a Pawl store; give another file, or move this one away");
  }

  /// Why a commit is refused because of an error that leaves the transaction as it was before the
  /// statement; empty if the error is another.
  static Optional<Reason> refusal(SQLException error) {
    return switch (primary(error)) {
      case SQLITE_TOOBIG -> Optional.of(Reason.TOO_LARGE);
      case SQLITE_CONSTRAINT ->
          Optional.of(
              switch (extended(error)) {
                case SQLITE_CONSTRAINT_FOREIGNKEY -> Reason.UNKNOWN_RUN;
                case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_NOTNULL -> Reason.KEY_TAKEN;
                default -> Reason.STALE;
              });
      default -> Optional.empty();
    };
  }

  static SQLiteErrorCode primary(SQLException error) {
    return SQLiteErrorCode.getErrorCode(error.getErrorCode() & 0xff);
  }

  private static SQLiteErrorCode extended(SQLException error) {
    return error instanceof SQLiteException exception ? exception.getResultCode() : primary(error);
  }
}
