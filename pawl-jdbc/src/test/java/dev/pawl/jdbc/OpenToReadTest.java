package dev.pawl.jdbc;

import static dev.pawl.jdbc.StoredRuns.id;
import static dev.pawl.jdbc.StoredRuns.row;
import static dev.pawl.jdbc.StoredRuns.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A file that is only looked at.
@Timeout(60)
final class OpenToReadTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("pawl.db");
  }

  private void make() {
    try (var store = SqliteStore.open(file())) {
      store.writer().commit(1, List.of(start(1, 100)));
    }
  }

  private static void assertRefused(ThrowingCallable action, Kind kind, String message) {
    assertThatThrownBy(action)
        .asInstanceOf(type(StoreException.class))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
        .satisfies(e -> assertThat(e.getMessage()).contains(message).hasLineCount(1));
  }

  @Test
  void keepsItsBytesAndIsNotLocked() throws IOException {
    make();
    var before = Files.readAllBytes(file());

    try (var store = SqliteStore.openToRead(file())) {
      assertThat(store.run(id(1))).isPresent();
      assertRefused(store::writer, Kind.READ_ONLY, "opened to be read only");
    }
    assertThat(file()).hasBinaryContent(before);

    try (var reader = SqliteStore.openToRead(file());
        var engine = SqliteStore.open(file())) {
      assertThat(reader.run(id(1))).isPresent();
      assertThat(engine.writer().id()).isEqualTo(2);
    }
  }

  @Test
  void isReadBesideAWriterAsItIsWritten() {
    try (var store = SqliteStore.open(file())) {
      var writer = store.writer();
      writer.commit(1, List.of(start(1, 100)));
      try (var reader = SqliteStore.openToRead(file())) {
        assertThat(reader.history(id(1), 0, 10)).isEmpty();

        writer.commit(2, List.of(row(1, 1, 100)));

        assertThat(reader.history(id(1), 0, 10)).hasSize(1);
      }
      assertThat(writer.commit(3, List.of(row(1, 2, 100)))).isEmpty();
    }
  }

  @Test
  void isReadWithTheLogThatAKilledEngineLeft() throws Exception {
    try (var other = OtherProcess.on(file())) {
      assertThat(other.says()).isEqualTo("writing");
    }
    var log = folder.resolve("pawl.db-wal");
    var before = Files.readAllBytes(file());
    assertThat(log).isNotEmptyFile();

    try (var store = SqliteStore.openToRead(file())) {
      assertThat(store.run(id(1))).isPresent();
    }

    assertThat(log).isNotEmptyFile();
    assertThat(file()).hasBinaryContent(before);
  }

  @Test
  void isReadWhereNothingCanBeWritten() throws Exception {
    make();
    try (var unwritable = new Unwritable(folder)) {
      assumeThat(unwritable.isSo())
          .as("the user of this test writes wherever it wants, and chattr does not work here")
          .isTrue();

      try (var store = SqliteStore.openToRead(file())) {
        assertThat(store.runs(Store.Filter.ALL, Optional.empty(), 10)).hasSize(1);
      }
    }
  }

  @Test
  void isNotMadeWhereThereIsNone() throws IOException {
    assertRefused(() -> SqliteStore.openToRead(file()), Kind.UNAVAILABLE, "there is no file");
    assertRefused(() -> SqliteStore.openToRead(folder), Kind.UNAVAILABLE, "there is no file");
    assertThat(folder).isEmptyDirectory();

    Files.createFile(file());
    assertRefused(() -> SqliteStore.openToRead(file()), Kind.FOREIGN, "not a Pawl store");
    assertThat(file()).isEmptyFile();

    Files.writeString(file(), "id,total\n1,10.00\n");
    assertRefused(() -> SqliteStore.openToRead(file()), Kind.FOREIGN, "not a Pawl store");
  }
}
