package dev.pawl.jdbc;

import dev.pawl.store.Commit;
import dev.pawl.store.Commit.Reason;
import dev.pawl.store.Commit.Rejection;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import dev.pawl.store.Writer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes batches on the one connection that writes.
///
/// A batch is one transaction that begins by counting itself in the writer's row. So a writer that
/// has been replaced writes nothing, and a batch that is sent again is found out: its answer was
/// kept before the transaction was committed. A commit that is refused before it has changed
/// anything is left out; one that is refused later makes the transaction begin again without it.
///
/// After an error nothing is assumed of the connection, for SQLite may have ended the transaction
/// itself and the driver the statement: it is closed, and the next batch opens another.
final class SqliteWriter implements Writer {
  private final ReentrantLock lock = new ReentrantLock(); // guards all that is not final
  private final Path file;
  private final EngineLock held;
  private final long id;
  private @Nullable Session session;
  private long sent;
  private List<Rejection> answer = List.of();
  private boolean dirty; // the commit in hand has changed something
  private boolean closed;
  private boolean logged; // the batch in hand has events for the log
  private final Runnable onLogged;

  private record Session(Connection connection, Statements statements, OutboxStatements outbox) {
    static Session open(Path file) throws SQLException {
      var connection = Connections.writing(file);
      try {
        connection.setAutoCommit(false);
        return new Session(
            connection, new Statements(connection), new OutboxStatements(connection));
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }
  }

  /// Takes the store over: all earlier writers are marked as dead.
  ///
  /// @param onLogged hears of batches with events for the log of the store
  SqliteWriter(Path file, EngineLock held, Runnable onLogged) throws SQLException {
    this.file = file;
    this.held = held;
    this.onLogged = onLogged;
    boolean done = false;
    try {
      var connection = session().connection();
      Schema.execute(connection, "update writer set alive = 0 where alive = 1");
      Schema.execute(connection, "insert into writer (alive, batch) values (1, 0)");
      this.id = Schema.number(connection, "select max(id) from writer");
      connection.commit();
      done = true;
    } finally {
      if (!done) {
        endSession();
      }
    }
  }

  private Session session() throws SQLException {
    var current = session;
    if (current == null) {
      current = Session.open(file);
      session = current;
    }
    return current;
  }

  private void endSession() {
    var current = session;
    session = null;
    try {
      if (current != null) {
        current.connection().close();
      }
    } catch (SQLException e) {
      // What led here is on its way to the caller, and the connection is not used again.
      return;
    }
  }

  /// The connection that writes now, for tests of its settings.
  Connection connection() throws SQLException {
    lock.lock();
    try {
      return session().connection();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public List<Rejection> commit(long batch, List<Commit> commits) {
    return write(() -> {
      var refused = new TreeMap<Integer, Reason>();
      logged = false;
      do {
        if (session().statements().countBatch(id, batch) == 0) {
          return answerAgain(session().connection(), batch);
        }
      } while (!written(commits, refused));
      sent = batch;
      answer =
          refused.entrySet().stream()
              .map(entry -> new Rejection(entry.getKey(), entry.getValue()))
              .toList();
      session().connection().commit();
      if (logged) {
        onLogged.run();
      }
      return answer;
    });
  }

  /// Runs other work on the connection that writes, as a transaction of its own.
  ///
  /// @return false if the writer is closed
  boolean transaction(SqliteLog.Work work) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      write(() -> {
        work.run(session().connection());
        session().connection().commit();
        return work;
      });
      return true;
    } finally {
      lock.unlock();
    }
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T write(Work<T> work) {
    lock.lock();
    try {
      if (closed) {
        throw new StoreException(Kind.CLOSED, "the writer of " + file + " is closed");
      }
      boolean done = false;
      try {
        var result = work.run();
        done = true;
        return result;
      } catch (SQLException e) {
        throw Errors.of(file, e);
      } finally {
        if (!done) {
          endSession();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Writes what has not been refused.
  ///
  /// @return false if a commit was refused after it had changed something, and the transaction was
  ///   rolled back because of it
  private boolean written(List<Commit> commits, Map<Integer, Reason> refused) throws SQLException {
    var session = session();
    for (int i = 0; i < commits.size(); i++) {
      if (refused.containsKey(i)) {
        continue;
      }
      dirty = false;
      try {
        var reason = write(session, commits.get(i));
        if (reason != null) {
          refused.put(i, reason);
        }
      } catch (SQLException e) {
        var reason = Errors.refusal(e).orElseThrow(() -> e);
        if (reason == Reason.KEY_TAKEN && isInserted(session, commits.get(i))) {
          reason = Reason.STALE; // the key may be its own
        }
        refused.put(i, reason);
        if (reason == Reason.TOO_LARGE) {
          endSession(); // the driver has closed the statement
          return false;
        }
        if (dirty) {
          session.connection().rollback();
          return false;
        }
      }
    }
    return true;
  }

  /// @return why the commit was refused, having changed nothing
  private @Nullable Reason write(Session session, Commit commit) throws SQLException {
    var statements = session.statements();
    if (commit.insert().isPresent()) {
      statements.insert(commit.insert().get());
      dirty = true;
    }
    if (commit.update().isPresent()) {
      if (statements.update(commit, commit.update().get()) == 0) {
        return isKnown(session, commit) ? Reason.STALE : Reason.UNKNOWN_RUN;
      }
      dirty = true;
    }
    for (var row : commit.history()) {
      statements.insert(row);
      dirty = true;
    }
    writeWaits(statements, commit);
    for (var row : commit.once()) {
      statements.insert(row);
      dirty = true;
    }
    writeOutbox(session.outbox(), commit);
    writeMail(statements, commit);
    return null;
  }

  private void writeOutbox(OutboxStatements statements, Commit commit) throws SQLException {
    if (!commit.outbox().isEmpty()) {
      dirty = true;
      logged |= statements.insert(commit.outbox());
    }
    if (!commit.settled().isEmpty()) {
      dirty = true;
      statements.settle(commit.settled());
    }
  }

  private static boolean isInserted(Session session, Commit commit) throws SQLException {
    return commit.insert().isPresent() && isKnown(session, commit);
  }

  private static boolean isKnown(Session session, Commit commit) throws SQLException {
    try (var select = session.connection().prepareStatement("select 1 from run where id = ?")) {
      select.setBytes(1, Rows.bytes(commit.run()));
      try (var found = select.executeQuery()) {
        return found.next();
      }
    }
  }

  private void writeMail(Statements statements, Commit commit) throws SQLException {
    var used = new HashSet<>(commit.mail().used());
    for (var message : commit.mail().received()) {
      if (message.id().isPresent()) {
        statements.accept(commit.run(), message.id().get());
        dirty = true;
      }
      if (!used.remove(message.number())) {
        statements.insert(message);
        dirty = true;
      }
    }
    for (long number : used) {
      statements.deleteMessage(commit.run(), number);
      dirty = true;
    }
  }

  private void writeWaits(Statements statements, Commit commit) throws SQLException {
    for (var branch : commit.over()) {
      statements.deleteWait(commit.run(), branch);
      dirty = true;
    }
    if (commit.update().isPresent()) {
      var state = commit.update().get();
      boolean free = state.owner() == 0 && !state.status().isFinal();
      // The waits of a run that had an owner and has one, or is over, are nobody else's already.
      if (free || commit.expectedOwner() == 0) {
        statements.freeWaits(commit.run(), free ? 1 : 0);
      }
    }
    for (var wait : commit.waits()) {
      statements.insert(wait);
      dirty = true;
    }
  }

  private List<Rejection> answerAgain(Connection connection, long batch) throws SQLException {
    long counted =
        Schema.number(
            connection,
            "select coalesce(max(batch), -1) from writer where alive = 1 and id = " + id);
    connection.rollback();
    if (counted == batch && sent == batch) {
      return answer;
    }
    if (counted < 0) {
      throw replaced();
    }
    throw new StoreException(
        Kind.FENCED, "batch " + batch + " does not follow batch " + counted + " of writer " + id);
  }

  private StoreException replaced() {
    return new StoreException(
        Kind.FENCED, "writer " + id + " of " + file + " has been replaced by another");
  }

  @Override
  public void putShape(String workflow, String version, String fingerprint) {
    write(() -> {
      try (var put =
          session()
              .connection()
              .prepareStatement(
                  """
                  insert or replace into definition (workflow, version, shape)
                  select ?, ?, ? from writer where id = ? and alive = 1
                  """)) {
        put.setString(1, workflow);
        put.setString(2, version);
        put.setString(3, fingerprint);
        put.setLong(4, id);
        if (put.executeUpdate() == 0) {
          throw replaced();
        }
      }
      session().connection().commit();
      return fingerprint;
    });
  }

  @Override
  public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {
    write(() -> {
      var connection = session().connection();
      var alive = "update writer set batch = batch where alive = 1 and id = " + id;
      try (var statement = connection.createStatement()) {
        if (statement.executeUpdate(alive) == 0) {
          throw replaced();
        }
      }
      SqliteSchedules.write(connection, rows, removed);
      connection.commit();
      return rows;
    });
  }

  /// Leaves a sign that this writer did not die; false if it cannot be written, and a death is what
  /// it looks like.
  private boolean giveBack(Connection connection) {
    try {
      Schema.execute(
          connection,
          "update writer set alive = " + Schema.GAVE_BACK + " where alive = 1 and id = " + id);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /// Copies the log into the file, as far as readers allow, and gives the lock back.
  @Override
  public void close() {
    lock.lock();
    try (held) {
      var current = session;
      if (!closed && current != null) {
        try (var connection = current.connection()) {
          connection.setAutoCommit(true);
          if (giveBack(connection)) {
            Schema.execute(connection, "pragma wal_checkpoint(passive)");
          }
        }
      }
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } finally {
      closed = true;
      session = null;
      lock.unlock();
    }
  }
}
