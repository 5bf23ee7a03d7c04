package dev.pawl.jdbc;

import dev.pawl.store.Store;
import dev.pawl.testkit.conformance.DurableStoreConformance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTest extends DurableStoreConformance {
  @TempDir private Path folder;

  @Override
  protected Store open() {
    return SqliteStore.open(folder.resolve("pawl.db"));
  }
}
