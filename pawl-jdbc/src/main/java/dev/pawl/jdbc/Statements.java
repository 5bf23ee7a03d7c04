package dev.pawl.jdbc;

import dev.pawl.store.Commit;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.MessageRow;
import dev.pawl.store.OnceRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.WaitRow;
import dev.pawl.workflow.RunId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;

/// The statements that write rows, prepared once for a connection. Each method runs one statement
/// and says how many rows it changed.
final class Statements {
  private static final String COUNT_BATCH =
      "update writer set batch = ?1 where id = ?2 and alive = 1 and batch = ?1 - 1";
  // A run that has the key in a scope that this one must not meet leaves no value for its own
  // scope, which the table refuses. A second open claim is refused by the index of claims; a run
  // that starts and ends at once claims nothing, so it has to look.
  private static final String INSERT_RUN =
      """
      insert into run (id, workflow, version, key, scope, claim, request, headers, input, created,
        status, goal, reason, owner, inbox, changed, parent, parent_branch, parent_waits, depth)
      values (?1, ?2, ?3, ?4,
        iif(exists (select 1 from run
            where workflow = ?2 and key = ?4 and scope between ?17 and ?18)
          or ?5 = 0 and ?6 is null and exists (select 1 from run
            where workflow = ?2 and key = ?4 and claim = 1), null, ?5),
        ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?19, ?20, ?21, ?22)
      """;
  private static final String UPDATE_RUN =
      """
      update run set status = ?, goal = ?, reason = ?, owner = ?, inbox = ?, changed = ?,
        claim = iif(scope = 0, ?, null)
      where id = ? and owner = ?
      """;
  private static final String INSERT_HISTORY =
      """
      insert into history (run, seq, kind, branch, visit, node, attempt, port, next, state, base,
        error, due, at, took, floor, steps, branches, message)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String INSERT_WAIT =
      """
      insert or replace into wait (run, branch, visit, wake_at, free)
      values (?1, ?2, ?3, ?4,
        coalesce((select owner = 0 and status not in (%s) from run where id = ?1), 0))
      """
          .formatted(Rows.FINAL);
  private static final String FREE_WAITS = "update wait set free = ? where run = ?";
  private static final String DELETE_WAIT = "delete from wait where run = ? and branch = ?";
  private static final String INSERT_ONCE =
      "insert or ignore into once (run, branch, visit, name, value) values (?, ?, ?, ?, ?)";
  private static final String INSERT_MESSAGE =
      """
      insert into message (run, number, signal, correlation, id, payload, at)
      values (?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String DELETE_MESSAGE = "delete from message where run = ? and number = ?";
  private static final String INSERT_ACCEPTED = "insert into accepted (run, id) values (?, ?)";

  private final PreparedStatement countBatch;
  private final PreparedStatement insertRun;
  private final PreparedStatement updateRun;
  private final PreparedStatement insertHistory;
  private final PreparedStatement insertWait;
  private final PreparedStatement freeWaits;
  private final PreparedStatement deleteWait;
  private final PreparedStatement insertOnce;
  private final PreparedStatement insertMessage;
  private final PreparedStatement deleteMessage;
  private final PreparedStatement insertAccepted;

  Statements(Connection connection) throws SQLException {
    countBatch = connection.prepareStatement(COUNT_BATCH);
    insertRun = connection.prepareStatement(INSERT_RUN);
    updateRun = connection.prepareStatement(UPDATE_RUN);
    insertHistory = connection.prepareStatement(INSERT_HISTORY);
    insertWait = connection.prepareStatement(INSERT_WAIT);
    freeWaits = connection.prepareStatement(FREE_WAITS);
    deleteWait = connection.prepareStatement(DELETE_WAIT);
    insertOnce = connection.prepareStatement(INSERT_ONCE);
    insertMessage = connection.prepareStatement(INSERT_MESSAGE);
    deleteMessage = connection.prepareStatement(DELETE_MESSAGE);
    insertAccepted = connection.prepareStatement(INSERT_ACCEPTED);
  }

  /// Counts a batch in the writer's row, if the writer is alive and has not counted it.
  int countBatch(long writer, long batch) throws SQLException {
    countBatch.setLong(1, batch);
    countBatch.setLong(2, writer);
    return countBatch.executeUpdate();
  }

  int insert(RunRow row) throws SQLException {
    var state = row.state();
    insertRun.setBytes(1, Rows.bytes(row.id()));
    insertRun.setString(2, row.workflow());
    insertRun.setString(3, row.version());
    insertRun.setString(4, row.key());
    insertRun.setInt(5, row.unique().ordinal());
    claim(insertRun, 6, row.unique() == RunRow.Unique.OPEN && !state.status().isFinal());
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
    insertRun.setInt(17, bars(row.unique(), true));
    insertRun.setInt(18, bars(row.unique(), false));
    parent(row.parent());
    return insertRun.executeUpdate();
  }

  private void parent(Optional<RunRow.Parent> parent) throws SQLException {
    insertRun.setBytes(19, parent.map(RunRow.Parent::run).map(Rows::bytes).orElse(null));
    insertRun.setString(20, parent.map(RunRow.Parent::branch).orElse(null));
    insertRun.setObject(21, parent.map(run -> run.waits() ? 1 : 0).orElse(null));
    insertRun.setObject(22, parent.map(RunRow.Parent::depth).orElse(null));
  }

  /// The scopes in which another run must not have had the key: the first, or the last.
  private static int bars(RunRow.Unique unique, boolean first) {
    return switch (unique) {
      case OPEN -> RunRow.Unique.EVER.ordinal();
      case EVER -> first ? RunRow.Unique.OPEN.ordinal() : RunRow.Unique.NONE.ordinal();
      case NONE -> Integer.MAX_VALUE;
    };
  }

  private static void claim(PreparedStatement statement, int index, boolean claims)
      throws SQLException {
    if (claims) {
      statement.setInt(index, 1);
    } else {
      statement.setNull(index, Types.INTEGER);
    }
  }

  private static void goal(PreparedStatement statement, int index, RunRow.State state)
      throws SQLException {
    if (state.goal().isPresent()) {
      statement.setInt(index, state.goal().get().ordinal());
    } else {
      statement.setNull(index, Types.INTEGER);
    }
  }

  int update(Commit commit, RunRow.State state) throws SQLException {
    updateRun.setInt(1, state.status().ordinal());
    goal(updateRun, 2, state);
    updateRun.setString(3, state.reason());
    updateRun.setLong(4, state.owner());
    updateRun.setLong(5, state.inbox());
    updateRun.setLong(6, Rows.micros(state.changed()));
    claim(updateRun, 7, !state.status().isFinal());
    updateRun.setBytes(8, Rows.bytes(commit.run()));
    updateRun.setLong(9, commit.expectedOwner());
    return updateRun.executeUpdate();
  }

  int insert(HistoryRow row) throws SQLException {
    insertHistory.setBytes(1, Rows.bytes(row.run()));
    insertHistory.setLong(2, row.seq());
    insertHistory.setInt(3, row.kind().ordinal());
    insertHistory.setString(4, row.branch());
    insertHistory.setInt(5, row.visit());
    insertHistory.setString(6, row.node());
    insertHistory.setInt(7, row.attempt());
    insertHistory.setString(8, row.port());
    insertHistory.setString(9, row.next());
    state(row.state());
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
    insertHistory.setString(19, row.message().orElse(null));
    return insertHistory.executeUpdate();
  }

  private void state(Optional<Encoded> state) throws SQLException {
    insertHistory.setBytes(10, state.map(Rows::bytes).orElse(null));
    if (state.isPresent() && state.get() instanceof Encoded.Patch patch) {
      insertHistory.setLong(11, patch.base());
    } else {
      insertHistory.setNull(11, Types.INTEGER);
    }
  }

  int insert(WaitRow wait) throws SQLException {
    insertWait.setBytes(1, Rows.bytes(wait.run()));
    insertWait.setString(2, wait.branch());
    insertWait.setInt(3, wait.visit());
    insertWait.setLong(4, Rows.microsUp(wait.wakeAt()));
    return insertWait.executeUpdate();
  }

  /// Says of all waits of a run whether somebody has to look after them.
  int freeWaits(RunId run, int free) throws SQLException {
    freeWaits.setInt(1, free);
    freeWaits.setBytes(2, Rows.bytes(run));
    return freeWaits.executeUpdate();
  }

  int deleteWait(RunId run, String branch) throws SQLException {
    deleteWait.setBytes(1, Rows.bytes(run));
    deleteWait.setString(2, branch);
    return deleteWait.executeUpdate();
  }

  int insert(OnceRow row) throws SQLException {
    insertOnce.setBytes(1, Rows.bytes(row.run()));
    insertOnce.setString(2, row.branch());
    insertOnce.setInt(3, row.visit());
    insertOnce.setString(4, row.name());
    insertOnce.setBytes(5, Rows.bytes(row.value()));
    return insertOnce.executeUpdate();
  }

  int insert(MessageRow message) throws SQLException {
    insertMessage.setBytes(1, Rows.bytes(message.run()));
    insertMessage.setLong(2, message.number());
    insertMessage.setString(3, message.signal());
    insertMessage.setString(4, message.correlation().orElse(null));
    insertMessage.setString(5, message.id().orElse(null));
    insertMessage.setBytes(6, Rows.bytes(message.payload()));
    insertMessage.setLong(7, Rows.micros(message.at()));
    return insertMessage.executeUpdate();
  }

  int deleteMessage(RunId run, long number) throws SQLException {
    deleteMessage.setBytes(1, Rows.bytes(run));
    deleteMessage.setLong(2, number);
    return deleteMessage.executeUpdate();
  }

  /// Remembers the id of a message.
  int accept(RunId run, String message) throws SQLException {
    insertAccepted.setBytes(1, Rows.bytes(run));
    insertAccepted.setString(2, message);
    return insertAccepted.executeUpdate();
  }
}
