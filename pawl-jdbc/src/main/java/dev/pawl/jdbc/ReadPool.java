package dev.pawl.jdbc;

import dev.pawl.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/// The connections that read a file. Opened when they are needed; a thread that finds all of them
/// in use waits.
final class ReadPool implements AutoCloseable {
  private static final int SIZE = 4;
  private final Path file;
  private final Opener opener;
  private final Semaphore permits = new Semaphore(SIZE, true);
  private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  ReadPool(Path file, Opener opener) {
    this.file = file;
    this.opener = opener;
  }

  /// Makes a connection that reads.
  interface Opener {
    Connection open(Path file) throws SQLException;
  }

  /// What is done with a connection.
  interface Query<T> {
    T run(Reader reader) throws SQLException;
  }

  /// Sets the parameters of a statement.
  interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /// Makes a value of a row.
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /// @throws StoreException `CLOSED` if the pool is closed, or what the error means
  <T> T read(Query<T> query) {
    checkOpen();
    permits.acquireUninterruptibly();
    try {
      checkOpen();
      var reader = idle.poll();
      if (reader == null) {
        reader = new Reader(opener.open(file));
      }
      boolean usable = false;
      try {
        var result = query.run(reader);
        usable = true;
        return result;
      } finally {
        if (usable) {
          idle.push(reader);
        } else {
          reader.close();
        }
      }
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } finally {
      permits.release();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw Errors.closed(file);
    }
  }

  /// Waits until nobody reads, and lets nobody read any more.
  @Override
  public void close() {
    closed = true;
    permits.acquireUninterruptibly(SIZE);
    try {
      for (Reader reader; (reader = idle.poll()) != null; ) {
        reader.close();
      }
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } finally {
      permits.release(SIZE);
    }
  }

  /// A connection with the statements that it has prepared. Used by one thread at a time.
  static final class Reader {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private Reader(Connection connection) {
      this.connection = connection;
    }

    <T> List<T> list(String sql, Binder binder, Mapper<T> mapper) throws SQLException {
      var statement = prepared.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        prepared.put(sql, statement);
      }
      binder.bind(statement);
      try (var rows = statement.executeQuery()) {
        var list = new ArrayList<T>();
        while (rows.next()) {
          list.add(mapper.map(rows));
        }
        return list;
      }
    }

    /// Runs a query of several statements that see the file as of one moment.
    <T> T atOnce(Query<T> query) throws SQLException {
      Schema.execute(connection, "begin");
      var result = query.run(this);
      Schema.execute(connection, "commit");
      return result;
    }

    private void close() throws SQLException {
      connection.close();
    }
  }
}
