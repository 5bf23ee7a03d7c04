package dev.pawl.jdbc;

import dev.pawl.store.Commit;
import dev.pawl.store.Commit.Reason;
import dev.pawl.store.Commit.Rejection;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.OnceRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.StoreException;
import dev.pawl.store.WaitRow;
import dev.pawl.store.Writer;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/// Writes batches on the one connection that writes. A batch is one transaction that begins by
/// counting itself in the writer's row, so a writer that has been replaced writes nothing, and a
/// batch that is sent twice is found out.
final class SqliteWriter implements Writer {
  private static final String COUNT =
      "update writer set batch = ? where id = ? and alive = 1 and batch = ? - 1";
  private static final String INSERT_RUN =
      """
      insert into run (id, workflow, version, key, scope, claim, request, headers, input, created,
        status, goal, reason, owner, inbox, changed)
      select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16
      where ?5 = 2 or not exists (
        select 1 from run where workflow = ?2 and key = ?4 and (claim = 1 or ?5 = 1))
      """;
  private static final String INSERT_HISTORY =
      """
      insert into history (run, seq, kind, branch, visit, node, attempt, port, next, state, base,
        error, due, at, took, floor, steps, branches)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String UPDATE_RUN =
      """
      update run set status = ?, goal = ?, reason = ?, owner = ?, inbox = ?, changed = ?,
        claim = case when scope = 1 then 1 when scope = 2 then 0 else ? end
      where id = ? and owner = ?
      """;
  private static final String INSERT_WAIT =
      "insert or replace into wait (run, branch, visit, wake_at, free) values (?, ?, ?, ?, ?)";
  private static final String FREE_WAITS = "update wait set free = ? where run = ?";
  private static final String DELETE_WAIT = "delete from wait where run = ? and branch = ?";
  private static final String INSERT_ONCE =
      "insert or ignore into once (run, branch, visit, name, value) values (?, ?, ?, ?, ?)";

  private final ReentrantLock lock = new ReentrantLock();
  private final Path file;
  private final Connection connection;
  private final FileLock held;
  private final long id;
  private final PreparedStatement count;
  private final PreparedStatement insertRun;
  private final PreparedStatement insertHistory;
  private final PreparedStatement updateRun;
  private final PreparedStatement insertWait;
  private final PreparedStatement freeWaits;
  private final PreparedStatement deleteWait;
  private final PreparedStatement insertOnce;
  private boolean closed;

  SqliteWriter(Path file, Connection connection, FileLock held) throws SQLException {
    this.file = file;
    this.connection = connection;
    this.held = held;
    Schema.execute(connection, "update writer set alive = 0 where alive = 1");
    Schema.execute(connection, "insert into writer (alive, batch) values (1, 0)");
    this.id = Schema.number(connection, "select max(id) from writer");
    connection.setAutoCommit(false);
    count = connection.prepareStatement(COUNT);
    insertRun = connection.prepareStatement(INSERT_RUN);
    insertHistory = connection.prepareStatement(INSERT_HISTORY);
    updateRun = connection.prepareStatement(UPDATE_RUN);
    insertWait = connection.prepareStatement(INSERT_WAIT);
    freeWaits = connection.prepareStatement(FREE_WAITS);
    deleteWait = connection.prepareStatement(DELETE_WAIT);
    insertOnce = connection.prepareStatement(INSERT_ONCE);
  }

  /// The connection that writes.
  Connection connection() {
    return connection;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public List<Rejection> commit(long batch, List<Commit> commits) {
    lock.lock();
    try {
      checkOpen();
      var refused = new TreeMap<Integer, Reason>();
      while (true) {
        try {
          if (!counted(batch)) {
            return answerAgain(batch, commits);
          }
          int spoiled = write(commits, refused);
          if (spoiled < 0) {
            connection.commit();
            return rejections(refused);
          }
          connection.rollback();
        } catch (SQLException e) {
          rollback();
          throw Errors.of(file, e);
        } catch (RuntimeException e) {
          rollback();
          throw e;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static List<Rejection> rejections(Map<Integer, Reason> refused) {
    var rejections = new ArrayList<Rejection>(refused.size());
    refused.forEach((index, reason) -> rejections.add(new Rejection(index, reason)));
    return rejections;
  }

  private boolean counted(long batch) throws SQLException {
    count.setLong(1, batch);
    count.setLong(2, id);
    count.setLong(3, batch);
    return count.executeUpdate() == 1;
  }

  /// Writes what has not been refused. A commit that is refused by its first statement has written
  /// nothing and is left out; one that is refused later has spoiled the transaction, which the
  /// caller then begins again without it.
  ///
  /// @return the index of the commit that spoiled the transaction, or -1
  private int write(List<Commit> commits, Map<Integer, Reason> refused) throws SQLException {
    for (int i = 0; i < commits.size(); i++) {
      if (refused.containsKey(i)) {
        continue;
      }
      var commit = commits.get(i);
      var reason = head(commit);
      if (reason != null) {
        refused.put(i, reason);
        continue;
      }
      try {
        tail(commit);
      } catch (SQLException e) {
        if (!Errors.isRefusal(e)) {
          throw e;
        }
        refused.put(i, reason(e));
        return i;
      }
    }
    return -1;
  }

  private static Reason reason(SQLException refusal) {
    if (Errors.primary(refusal) == SQLiteErrorCode.SQLITE_TOOBIG) {
      return Reason.TOO_LARGE;
    }
    var code = SQLiteErrorCode.getErrorCode(refusal.getErrorCode());
    return switch (code) {
      case SQLITE_CONSTRAINT_FOREIGNKEY -> Reason.UNKNOWN_RUN;
      case SQLITE_CONSTRAINT_UNIQUE -> Reason.KEY_TAKEN;
      default -> Reason.STALE;
    };
  }

  private @Nullable Reason head(Commit commit) throws SQLException {
    try {
      if (commit.insert().isPresent()) {
        return insert(commit.insert().get()) == 1 ? null : Reason.KEY_TAKEN;
      }
      if (commit.update().isPresent()) {
        return update(commit, commit.update().get()) == 1 ? null : absent(commit);
      }
      return null;
    } catch (SQLException e) {
      if (Errors.isRefusal(e)) {
        return reason(e);
      }
      throw e;
    }
  }

  private Reason absent(Commit commit) throws SQLException {
    return exists("select 1 from run where id = ?", commit, 0) ? Reason.STALE : Reason.UNKNOWN_RUN;
  }

  private boolean exists(String sql, Commit commit, long seq) throws SQLException {
    try (var select = connection.prepareStatement(sql)) {
      select.setBytes(1, Rows.bytes(commit.run()));
      if (seq > 0) {
        select.setLong(2, seq);
      }
      try (var found = select.executeQuery()) {
        return found.next();
      }
    }
  }

  private int insert(RunRow row) throws SQLException {
    var state = row.state();
    boolean claims =
        row.unique() == RunRow.Unique.EVER
            || row.unique() == RunRow.Unique.OPEN && !state.status().isFinal();
    insertRun.setBytes(1, Rows.bytes(row.id()));
    insertRun.setString(2, row.workflow());
    insertRun.setString(3, row.version());
    insertRun.setString(4, row.key());
    insertRun.setInt(5, row.unique().ordinal());
    insertRun.setInt(6, claims ? 1 : 0);
    insertRun.setString(7, row.request().orElse(null));
    insertRun.setString(8, Rows.text(row.headers()));
    insertRun.setBytes(9, Rows.bytes(row.input()));
    insertRun.setLong(10, Rows.micros(row.created()));
    insertRun.setInt(11, state.status().ordinal());
    goal(insertRun, 12, state);
    insertRun.setString(13, state.reason());
    insertRun.setLong(14, state.owner());
    insertRun.setLong(15, state.inbox());
    insertRun.setLong(16, Rows.micros(state.changed()));
    return insertRun.executeUpdate();
  }

  private static void goal(PreparedStatement statement, int index, RunRow.State state)
      throws SQLException {
    if (state.goal().isPresent()) {
      statement.setInt(index, state.goal().get().ordinal());
    } else {
      statement.setNull(index, Types.INTEGER);
    }
  }

  private int update(Commit commit, RunRow.State state) throws SQLException {
    updateRun.setInt(1, state.status().ordinal());
    goal(updateRun, 2, state);
    updateRun.setString(3, state.reason());
    updateRun.setLong(4, state.owner());
    updateRun.setLong(5, state.inbox());
    updateRun.setLong(6, Rows.micros(state.changed()));
    updateRun.setInt(7, state.status().isFinal() ? 0 : 1);
    updateRun.setBytes(8, Rows.bytes(commit.run()));
    updateRun.setLong(9, commit.expectedOwner());
    return updateRun.executeUpdate();
  }

  private void tail(Commit commit) throws SQLException {
    for (var row : commit.history()) {
      insert(row);
    }
    for (var branch : commit.over()) {
      deleteWait.setBytes(1, Rows.bytes(commit.run()));
      deleteWait.setString(2, branch);
      deleteWait.executeUpdate();
    }
    boolean free =
        commit.update().map(state -> state.owner() == 0).orElse(false)
            || commit.insert().map(row -> row.state().owner() == 0).orElse(false);
    for (var wait : commit.waits()) {
      insert(wait, free);
    }
    if (commit.update().isPresent() && free != (commit.expectedOwner() == 0)) {
      freeWaits.setInt(1, free ? 1 : 0);
      freeWaits.setBytes(2, Rows.bytes(commit.run()));
      freeWaits.executeUpdate();
    }
    for (var row : commit.once()) {
      insert(row);
    }
  }

  private void insert(HistoryRow row) throws SQLException {
    insertHistory.setBytes(1, Rows.bytes(row.run()));
    insertHistory.setLong(2, row.seq());
    insertHistory.setInt(3, row.kind().ordinal());
    insertHistory.setString(4, row.branch());
    insertHistory.setInt(5, row.visit());
    insertHistory.setString(6, row.node());
    insertHistory.setInt(7, row.attempt());
    insertHistory.setString(8, row.port());
    insertHistory.setString(9, row.next());
    state(row.state().orElse(null));
    insertHistory.setString(12, row.error().orElse(null));
    if (row.due().isPresent()) {
      insertHistory.setLong(13, Rows.micros(row.due().get()));
    } else {
      insertHistory.setNull(13, Types.INTEGER);
    }
    insertHistory.setLong(14, Rows.micros(row.at()));
    insertHistory.setLong(15, row.took().toNanos() / 1_000);
    insertHistory.setLong(16, row.floor());
    insertHistory.setInt(17, row.steps());
    insertHistory.setInt(18, row.branches());
    insertHistory.executeUpdate();
  }

  private void state(@Nullable Encoded state) throws SQLException {
    insertHistory.setBytes(10, state == null ? null : Rows.bytes(state));
    if (state instanceof Encoded.Patch patch) {
      insertHistory.setLong(11, patch.base());
    } else {
      insertHistory.setNull(11, Types.INTEGER);
    }
  }

  private void insert(WaitRow wait, boolean free) throws SQLException {
    insertWait.setBytes(1, Rows.bytes(wait.run()));
    insertWait.setString(2, wait.branch());
    insertWait.setInt(3, wait.visit());
    insertWait.setLong(4, Rows.micros(wait.wakeAt()));
    insertWait.setInt(5, free ? 1 : 0);
    insertWait.executeUpdate();
  }

  private void insert(OnceRow row) throws SQLException {
    insertOnce.setBytes(1, Rows.bytes(row.run()));
    insertOnce.setString(2, row.branch());
    insertOnce.setInt(3, row.visit());
    insertOnce.setString(4, row.name());
    insertOnce.setBytes(5, Rows.bytes(row.value()));
    insertOnce.executeUpdate();
  }

  /// Says what became of a batch whose answer was lost.
  ///
  /// @throws StoreException `FENCED` if this writer did not write it
  private List<Rejection> answerAgain(long batch, List<Commit> commits) throws SQLException {
    connection.rollback();
    int last = Schema.number(connection, "select batch from writer where alive = 1 and id = " + id);
    if (last != batch) {
      connection.rollback();
      throw new StoreException(
          StoreException.Kind.FENCED, "writer " + id + " of " + file + " has been replaced");
    }
    var rejections = new ArrayList<Rejection>();
    for (int i = 0; i < commits.size(); i++) {
      var commit = commits.get(i);
      boolean there =
          commit.history().isEmpty()
              ? exists("select 1 from run where id = ?", commit, 0)
              : exists(
                  "select 1 from history where run = ? and seq = ?",
                  commit,
                  commit.history().getFirst().seq());
      if (!there) {
        rejections.add(
            new Rejection(i, commit.insert().isPresent() ? Reason.KEY_TAKEN : Reason.STALE));
      }
    }
    connection.rollback();
    return rejections;
  }

  @Override
  public void putShape(String workflow, String version, String fingerprint) {
    lock.lock();
    try (var put =
        connection.prepareStatement("insert or replace into definition values (?, ?, ?)")) {
      checkOpen();
      put.setString(1, workflow);
      put.setString(2, version);
      put.setString(3, fingerprint);
      put.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      rollback();
      throw Errors.of(file, e);
    } finally {
      lock.unlock();
    }
  }

  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The transaction is gone already; what made it fail is on its way to the caller.
      return;
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException(StoreException.Kind.CLOSED, "the writer of " + file + " is closed");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        connection.setAutoCommit(true);
        Schema.execute(connection, "pragma wal_checkpoint(truncate)");
        connection.close();
        held.release();
        held.channel().close();
      }
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE, "the lock of " + file + " cannot be released", e);
    } finally {
      lock.unlock();
    }
  }
}
