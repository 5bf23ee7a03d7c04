package dev.pawl.jdbc;

import static dev.pawl.jdbc.StoredRuns.id;
import static dev.pawl.jdbc.StoredRuns.row;
import static dev.pawl.jdbc.StoredRuns.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.pawl.store.Commit.Reason;
import dev.pawl.store.Commit.Rejection;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import dev.pawl.store.StoreProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

@Timeout(60)
final class SqliteFileTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("pawl.db");
  }

  private static void assertRefused(ThrowingCallable action, Kind kind, String message) {
    assertThatThrownBy(action)
        .asInstanceOf(type(StoreException.class))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
        .satisfies(e -> assertThat(e.getMessage()).contains(message).hasLineCount(1));
  }

  private void sql(String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file())) {
      for (var statement : statements) {
        Schema.execute(connection, statement);
      }
    }
  }

  @Test
  void isFoundByItsKind() {
    var provider =
        ServiceLoader.load(StoreProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.kind().equals("sqlite"))
            .findFirst()
            .orElseThrow();

    try (var store = provider.open(file())) {
      assertThat(store.runs(Store.Filter.ALL, Optional.empty(), 1)).isEmpty();
    }
  }

  @Test
  void refusesAFileThatIsNoDatabaseAndLeavesItAsItIs() throws IOException {
    Files.writeString(file(), "id,total\n1,10.00\n");

    assertRefused(() -> SqliteStore.open(file()), Kind.FOREIGN, "not a Pawl store");
    assertThat(file()).hasContent("id,total\n1,10.00\n");
  }

  @Test
  void refusesALongFileThatIsNoDatabase() throws IOException {
    Files.write(file(), new byte[100_000]);

    assertRefused(() -> SqliteStore.open(file()), Kind.FOREIGN, "not a Pawl store");
  }

  @Test
  void refusesTheDatabaseOfSomebodyElseAndLeavesItAsItIs() throws Exception {
    sql("create table customer (id integer primary key)");
    var before = Files.readAllBytes(file());

    assertRefused(() -> SqliteStore.open(file()), Kind.FOREIGN, file().toString());
    assertThat(file()).hasBinaryContent(before);
    assertThat(folder).isDirectoryNotContaining("glob:**.lock");
  }

  @Test
  void refusesADatabaseThatSaysItIsSomebodyElses() throws SQLException {
    sql("pragma application_id = 7");

    assertRefused(() -> SqliteStore.open(file()), Kind.FOREIGN, "not a Pawl store");
  }

  @Test
  void refusesAStoreOfANewerSchema() throws SQLException {
    SqliteStore.open(file()).close();
    sql("pragma user_version = " + (Schema.VERSION + 1));

    assertRefused(() -> SqliteStore.open(file()), Kind.NEWER, "schema " + (Schema.VERSION + 1));
  }

  @Test
  void saysWhichFolderIsMissing() {
    var file = folder.resolve("missing").resolve("pawl.db");

    assertRefused(() -> SqliteStore.open(file), Kind.READ_ONLY, file.toString());
  }

  @Test
  void refusesAFolder() {
    assertRefused(() -> SqliteStore.open(folder), Kind.READ_ONLY, folder.toString());
  }

  @Test
  void takesAnEmptyFile() throws IOException {
    Files.createFile(file());

    try (var store = SqliteStore.open(file())) {
      assertThat(store.writer().id()).isEqualTo(1);
    }
  }

  @Test
  void isMadeOnceWhenManyOpenItAtOnce() throws Exception {
    Callable<Long> opening =
        () -> {
          try (var store = SqliteStore.open(file())) {
            return (long) store.runs(Store.Filter.ALL, Optional.empty(), 1).size();
          }
        };

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var opened : threads.invokeAll(Collections.nCopies(8, opening))) {
        assertThat(opened.get()).isZero();
      }
    }
  }

  @Test
  void writesNothingOfABatchThatFindsNoRoomAndGoesOnWhenThereIsSome() throws SQLException {
    try (var store = SqliteStore.open(file())) {
      var writer = store.writer();
      writer.commit(1, List.of(start(1, 100)));
      Schema.number(store.writersConnection(), "pragma max_page_count = 40");
      var batch = List.of(row(1, 1, 100), start(2, 1_000_000), row(1, 2, 100));

      assertRefused(() -> writer.commit(2, batch), Kind.FULL, "no room left");
      assertThat(store.history(id(1), 0, 10)).isEmpty();
      assertThat(store.run(id(2))).isEmpty();

      assertThat(writer.commit(2, batch)).isEmpty();
      assertThat(store.history(id(1), 0, 10)).hasSize(2);
      assertThat(store.run(id(2))).isPresent();
    }
  }

  @Test
  void rejectsARowThatIsTooLargeAndWritesTheRestOfTheBatch() throws SQLException {
    try (var store = SqliteStore.open(file())) {
      var writer = store.writer();
      writer.commit(1, List.of(start(1, 100)));
      ((SQLiteConnection) store.writersConnection())
          .setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, 10_000);

      var rejections =
          writer.commit(
              2, List.of(row(1, 1, 100), start(2, 20_000), start(3, 100), row(1, 2, 9_990)));

      assertThat(rejections).contains(new Rejection(1, Reason.TOO_LARGE));
      assertThat(store.history(id(1), 0, 10)).isNotEmpty();
      assertThat(store.run(id(2))).isEmpty();
      assertThat(store.run(id(3))).isPresent();
    }
  }

  @Test
  void saysThatAFileCannotBeWritten() throws Exception {
    try (var store = SqliteStore.open(file())) {
      store.writer().commit(1, List.of(start(1, 100)));
    }
    try (var unwritable = new Unwritable(folder)) {
      assumeThat(unwritable.isSo())
          .as("the user of this test writes wherever it wants, and chattr does not work here")
          .isTrue();

      assertRefused(
          () -> {
            try (var store = SqliteStore.open(file())) {
              store.writer();
            }
          },
          Kind.READ_ONLY,
          file().getFileName().toString());
      assertRefused(() -> SqliteStore.open(folder.resolve("new.db")), Kind.READ_ONLY, "new.db");
    }
  }

  @Test
  void refusesASecondEngineInAnotherProcess() throws Exception {
    try (var store = SqliteStore.open(file());
        var second = SqliteStore.open(file())) {
      var writer = store.writer();
      // An attempt in this process must not give the lock away.
      assertRefused(second::writer, Kind.LOCKED, "in use by another engine");

      try (var other = OtherProcess.on(file())) {
        assertThat(other.says()).isEqualTo("LOCKED");
      }
      assertThat(writer.commit(1, List.of(start(1, 100)))).isEmpty();
    }
  }

  @Test
  void readsBesideAnotherProcessAndTakesOverWhenThatIsKilled() throws Exception {
    try (var store = SqliteStore.open(file())) {
      try (var other = OtherProcess.on(file())) {
        assertThat(other.says()).isEqualTo("writing");
        assertThat(store.run(id(1))).isPresent();
        assertRefused(store::writer, Kind.LOCKED, file().getFileName().toString());
      }

      var writer = store.writer();

      assertThat(writer.id()).isEqualTo(2);
      assertThat(store.owned("orders", Optional.empty(), 10)).hasSize(1);
      assertThat(writer.commit(1, List.of(row(1, 1, 100)))).isEmpty();
    }
  }

  @Test
  void refusesTheOldWriterWhenTheLockWasTakenFromIt() throws IOException {
    try (var store = SqliteStore.open(file());
        var second = SqliteStore.open(file())) {
      var old = store.writer();
      old.commit(1, List.of(start(1, 100)));
      Files.delete(folder.resolve("pawl.db.lock"));

      var successor = second.writer();

      assertRefused(() -> old.commit(2, List.of(row(1, 1, 100))), Kind.FENCED, "has been replaced");
      assertRefused(() -> old.putShape("orders", "1", "shape"), Kind.FENCED, "has been replaced");
      assertThat(successor.commit(1, List.of(row(1, 1, 100)))).isEmpty();
      assertThat(store.history(id(1), 0, 10)).hasSize(1);
    }
  }

  @Test
  void knowsAFileByAnotherName() throws IOException {
    try (var store = SqliteStore.open(file());
        var second = SqliteStore.open(Files.createSymbolicLink(folder.resolve("link"), file()))) {
      store.writer();

      assertRefused(second::writer, Kind.LOCKED, "pawl.db");
    }
  }

  @Test
  void leavesOneFileWhenItIsClosed() throws IOException {
    try (var store = SqliteStore.open(file())) {
      store.writer().commit(1, List.of(start(1, 100)));
      assertThat(store.run(id(1))).isPresent();
      assertThat(folder.resolve("pawl.db-wal")).isNotEmptyFile();
    }

    assertThat(folder.resolve("pawl.db-wal")).doesNotExist();
    assertThat(file()).isNotEmptyFile();
  }

  @Test
  void leavesOneFileThoughTheReadersAreClosedLast() {
    try (var store = SqliteStore.open(file())) {
      var writer = store.writer();
      writer.commit(1, List.of(start(1, 100)));
      assertThat(store.run(id(1))).isPresent();

      writer.close();
    }

    assertThat(folder.resolve("pawl.db-wal")).doesNotExist();
  }

  @Test
  void storesARowOfAKilobyteInLittleMore() throws IOException {
    try (var store = SqliteStore.open(file())) {
      var writer = store.writer();
      writer.commit(1, List.of(start(1, 100)));
      for (int i = 1; i <= 1_000; i++) {
        writer.commit(i + 1, List.of(row(1, i, 1_200)));
      }
    }

    assertThat(Files.size(file())).isLessThan(1_000 * 1_600);
  }

  @Test
  void isNotBrokenByInterrupts() throws Exception {
    try (var store = SqliteStore.open(file())) {
      var writer = store.writer();
      var failures = new ArrayList<Throwable>();
      var thread =
          Thread.ofVirtual()
              .unstarted(() -> {
                try {
                  for (int i = 1; i <= 20; i++) {
                    Thread.currentThread().interrupt();
                    writer.commit(i, List.of(start(i, 100)));
                    assertThat(store.run(id(i))).isPresent();
                  }
                } catch (RuntimeException | AssertionError e) {
                  failures.add(e);
                }
              });

      thread.start();
      thread.join();

      assertThat(failures).isEmpty();
    }
  }
}
