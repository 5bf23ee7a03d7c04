package dev.pawl.jdbc;

import dev.pawl.engine.turns.Turns;
import dev.pawl.stream.EventStream;
import dev.pawl.testkit.conformance.DurableStreamConformance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// The stream over the log of a SQLite file passes the suite.
final class SqliteStreamTest extends DurableStreamConformance {
  @TempDir private Path folder;
  private final List<SqliteStore> opened = new ArrayList<>();

  @Override
  protected EventStream open() {
    var store = SqliteStore.open(folder.resolve("events.db"));
    opened.add(store);
    return EventStream.over(store.log(), Turns.system());
  }

  @AfterEach
  void closeStores() {
    opened.forEach(SqliteStore::close);
  }
}
