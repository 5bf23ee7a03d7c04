package dev.pawl.jdbc;

import dev.pawl.store.Store;
import dev.pawl.store.StoreProvider;
import java.nio.file.Path;

/// Lets the engine's builder find [SqliteStore].
public final class SqliteProvider implements StoreProvider {
  /// For `ServiceLoader`.
  public SqliteProvider() {}

  @Override
  public String kind() {
    return "sqlite";
  }

  @Override
  public Store open(Path file) {
    return SqliteStore.open(file);
  }
}
