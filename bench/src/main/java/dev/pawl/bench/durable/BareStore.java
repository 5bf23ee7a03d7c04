package dev.pawl.bench.durable;

import dev.pawl.bench.durable.RunRows.Value;
import dev.pawl.bench.measure.WrongResult;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.sqlite.SQLiteConfig;

/// What an engine writes, written without one: the tables, indexes, rows and bytes of a recorded
/// run, on a connection with the settings of the store's own, by one thread at a time.
///
/// Columns that differ between a run that starts and one that has completed are known by name.
final class BareStore implements AutoCloseable {
  private static final Map<String, Object> STARTED =
      Map.of("status", 0, "claim", 1, "reason", "", "owner", 1L);
  private final RunRows rows;
  private final Connection connection;
  private final PreparedStatement count;
  private final PreparedStatement insertRun;
  private final PreparedStatement insertHistory;
  private final PreparedStatement updateRun;
  private long batch;

  /// One of the commits of a run.
  ///
  /// @param run the id of the run
  /// @param key its key
  /// @param number which commit of the run: 0 starts it, n adds row n to its history, the last one
  ///   also completes it
  record Commit(UUID run, String key, int number) {
    private byte[] id() {
      return ByteBuffer.allocate(2 * Long.BYTES)
          .putLong(run.getMostSignificantBits())
          .putLong(run.getLeastSignificantBits())
          .array();
    }
  }

  BareStore(Path file, RunRows rows) throws SQLException {
    this.rows = rows;
    this.connection = connect(file);
    for (var sql : rows.schema()) {
      execute(sql);
    }
    execute("insert into writer (alive, batch) values (1, 0)");
    connection.setAutoCommit(false);
    count =
        connection.prepareStatement(
            "update writer set batch = ? where id = 1 and alive = 1 and batch = ? - 1");
    insertRun = connection.prepareStatement("insert into run values " + places(rows.run()));
    insertHistory =
        connection.prepareStatement(
            "insert into history values " + places(rows.history().getFirst()));
    updateRun =
        connection.prepareStatement(
            """
            update run set status = ?, goal = ?, reason = ?, owner = ?, inbox = ?, changed = ?,
              claim = ? where id = ? and owner = 1
            """);
  }

  /// As the store connects.
  private static Connection connect(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.enforceForeignKeys(true);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setCacheSize(-16_000);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setWalAutocheckpoint(4_000);
    config.setGetGeneratedKeys(false);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  private static String places(List<Value> row) {
    return "(?" + ", ?".repeat(row.size() - 1) + ")";
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Writes commits as one transaction and returns when it is durable.
  void write(List<Commit> commits) throws SQLException {
    batch++;
    count.setLong(1, batch);
    count.setLong(2, batch);
    requireOne(count.executeUpdate());
    for (var commit : commits) {
      if (commit.number() == 0) {
        insertRun(commit);
      } else {
        if (commit.number() == rows.history().size()) {
          updateRun(commit);
        }
        insertHistory(commit);
      }
    }
    connection.commit();
  }

  private void insertRun(Commit commit) throws SQLException {
    var row = rows.runWith(STARTED);
    for (int i = 0; i < row.size(); i++) {
      row.get(i).bind(insertRun, i + 1);
    }
    insertRun.setBytes(rows.columns().indexOf("id") + 1, commit.id());
    insertRun.setString(rows.columns().indexOf("key") + 1, commit.key());
    requireOne(insertRun.executeUpdate());
  }

  private void insertHistory(Commit commit) throws SQLException {
    var row = rows.history().get(commit.number() - 1);
    for (int i = 1; i < row.size(); i++) {
      row.get(i).bind(insertHistory, i + 1);
    }
    insertHistory.setBytes(1, commit.id());
    requireOne(insertHistory.executeUpdate());
  }

  private void updateRun(Commit commit) throws SQLException {
    int index = 1;
    for (var column : List.of("status", "goal", "reason", "owner", "inbox", "changed", "claim")) {
      rows.run().get(rows.columns().indexOf(column)).bind(updateRun, index++);
    }
    updateRun.setBytes(index, commit.id());
    requireOne(updateRun.executeUpdate());
  }

  private static void requireOne(int changed) {
    WrongResult.unlessEqual("rows that a statement of the baseline changed", 1, changed);
  }

  /// Checks that so many runs have completed, with all their rows.
  void checkCompleted(int runs) throws SQLException {
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "select (select count(*) from run where owner = 0), (select count(*) from"
                    + " history)")) {
      result.next();
      WrongResult.unlessEqual("runs of the baseline", (long) runs, result.getLong(1));
      WrongResult.unlessEqual(
          "rows of the baseline", (long) runs * rows.history().size(), result.getLong(2));
    }
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
