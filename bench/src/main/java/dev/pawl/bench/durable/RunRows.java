package dev.pawl.bench.durable;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The schema of a store and the rows that one completed run left in it, value by value, so that
/// they can be written again without an engine.
///
/// @param schema the statements that made the tables and indexes
/// @param columns the names of the columns of the run's row
/// @param run the row of the run
/// @param history its rows in the history
record RunRows(
    List<String> schema, List<String> columns, List<Value> run, List<List<Value>> history) {
  /// A value of a column.
  ///
  /// @param value a `byte[]`, a `String`, an `Integer`, a `Long`, or null
  record Value(@Nullable Object value) {
    void bind(PreparedStatement statement, int index) throws SQLException {
      switch (value) {
        case byte[] bytes -> statement.setBytes(index, bytes);
        case null, default -> statement.setObject(index, value);
      }
    }
  }

  /// Reads the rows of the run with this key.
  static RunRows read(Path database, String key) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      var schema =
          rows(connection, "select sql from sqlite_schema where sql is not null order by rowid")
              .stream()
              .map(row -> String.valueOf(row.getFirst().value()))
              .filter(sql -> !sql.contains("sqlite_sequence"))
              .toList();
      return new RunRows(
          schema,
          columns(connection),
          rows(connection, "select * from run where key = ?", key).getFirst(),
          rows(
              connection,
              "select * from history where run = (select id from run where key = ?) order by seq",
              key));
    }
  }

  private static List<String> columns(Connection connection) throws SQLException {
    return rows(connection, "select name from pragma_table_info('run') order by cid").stream()
        .map(row -> String.valueOf(row.getFirst().value()))
        .toList();
  }

  private static List<List<Value>> rows(Connection connection, String sql, String... parameters)
      throws SQLException {
    var rows = new ArrayList<List<Value>>();
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (var result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          var row = new Value[columns];
          for (int i = 0; i < columns; i++) {
            row[i] = new Value(result.getObject(i + 1));
          }
          rows.add(Arrays.asList(row));
        }
      }
    }
    return rows;
  }

  /// The row of the run with other values in some columns.
  List<Value> runWith(Map<String, ?> changes) {
    var row = new ArrayList<>(run);
    changes.forEach((column, value) -> row.set(columns.indexOf(column), new Value(value)));
    return row;
  }

  /// How many commits the run took: one when it started and one for each row of its history.
  int commits() {
    return history.size() + 1;
  }
}
