package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a run costs in rows, and how safely they are written.
@Timeout(60)
final class SqliteWritesTest {
  private static final List<String> TABLES =
      List.of("run", "history", "wait", "once", "writer", "definition");
  @TempDir private Path folder;

  private static Workflow<Integer> linear() {
    var g = Workflow.graph("linear", Integer.class);
    var a = g.step("a", n -> n + 1);
    var b = g.step("b", n -> n + 1);
    var c = g.step("c", n -> n + 1);
    var d = g.step("d", n -> n + 1);
    g.start(a).path(a, b, c, d, g.end("done"));
    return g.build();
  }

  /// Counts, from now on, the rows that a connection inserts, updates and deletes by table.
  private static void count(Connection connection) throws SQLException {
    Schema.execute(connection, "create temp table counted (what text)");
    for (var table : TABLES) {
      for (var verb : List.of("insert", "update", "delete")) {
        Schema.execute(
            connection,
            "create temp trigger %1$s_%2$s after %2$s on main.%1$s begin insert into counted values ('%2$s %1$s'); end"
                .formatted(table, verb));
      }
    }
    connection.commit();
  }

  private static Map<String, Long> counted(Connection connection) throws SQLException {
    var counted = new TreeMap<String, Long>();
    for (var table : TABLES) {
      for (var verb : List.of("insert", "update", "delete")) {
        var what = verb + " " + table;
        long count =
            Schema.number(connection, "select count(*) from counted where what = '" + what + "'");
        if (count > 0) {
          counted.put(what, count);
        }
      }
    }
    connection.rollback();
    return counted;
  }

  @Test
  void waitsForTheDiskWithEachCommit() throws SQLException {
    try (var store = SqliteStore.open(folder.resolve("pawl.db"));
        var writer = store.writer()) {
      var connection = store.writersConnection();

      assertThat(Schema.number(connection, "pragma synchronous")).isEqualTo(2);
      try (var statement = connection.createStatement();
          var mode = statement.executeQuery("pragma journal_mode")) {
        assertThat(mode.getString(1)).isEqualTo("wal");
      }
      assertThat(writer.id()).isEqualTo(1);
    }
  }

  @Test
  void writesOneRowForEachStepOfALinearRunAndTwoForTheRun() throws Exception {
    var workflow = linear();
    try (var store = SqliteStore.open(folder.resolve("pawl.db"));
        var engine = Engine.builder().store(store).register(workflow).start()) {
      var connection = store.writersConnection();
      count(connection);

      engine.run(workflow, 0);

      assertThat(counted(connection))
          .isEqualTo(
              Map.of(
                  "insert run", 1L, "insert history", 4L, "update run", 1L, "update writer", 5L));
    }
  }
}
