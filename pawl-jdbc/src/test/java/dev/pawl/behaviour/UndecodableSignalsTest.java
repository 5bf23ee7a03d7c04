package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.Codec;
import dev.pawl.store.Encoded;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Signals whose payload today's code cannot read any more.
@Timeout(60)
final class UndecodableSignalsTest {
  private static final Signal<Note> NOTE = Signal.of("note", Note.class);
  private static final Duration DAY = Duration.ofDays(1);

  record Note(String text) {}

  record Book(String text) {
    Book with(Note note) {
      return new Book(text + note.text());
    }
  }

  /// Reads notes as code does whose notes have another component.
  private static final class Changed implements Codec {
    private final Codec json = new JacksonCodec();
    private boolean isChanged;

    @Override
    public Encoded encode(Object value, Type type) {
      return json.encode(value, type);
    }

    @Override
    public Object decode(Encoded encoded, Type type) {
      if (!isChanged || type != Note.class) {
        return json.decode(encoded, type);
      }
      var text = new String(((Encoded.Bytes) encoded).bytes(), StandardCharsets.UTF_8);
      var other = text.replace("\"text\"", "\"words\"");
      return json.decode(new Encoded.Bytes(other.getBytes(StandardCharsets.UTF_8)), type);
    }

    @Override
    public List<String> problems(Type type) {
      return json.problems(type);
    }
  }

  @TempDir private Path directory;
  private final Changed codec = new Changed();
  private final Workflow<Book> books = books();

  private static Workflow<Book> books() {
    var g = Workflow.graph("book", Book.class);
    var open = g.step("open", book -> book);
    var listen =
        g.await("listen", NOTE, Book::with).with(Policy.DEFAULT.retry(Retry.fixed(DAY, 2)));
    g.start(open).path(open, listen, g.end());
    return g.build();
  }

  private TestEngine engine(Place place) {
    var builder = TestEngine.builder(books).codec(codec);
    return place == Place.SQLITE
        ? builder.store(() -> SqliteStore.open(directory.resolve("pawl.db"))).start()
        : builder.start();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void parkTheirRunUntilTheyCanBeRead(Place place) {
    try (var engine = engine(place)) {
      engine.at("open").takes(Duration.ofMinutes(2));
      var bad = engine.start(books, "bad", new Book(""));
      var good = engine.start(books, "good", new Book(""));
      bad.signal(NOTE, new Note("a"));
      codec.isChanged = true;

      engine.restart();
      engine.settle();
      good.signal(NOTE, new Note("b"));
      engine.settle();

      assertThat(good.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(bad.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(engine.report())
          .contains("run bad of book: PAUSED (cannot be read: message 1, signal note: ")
          .contains("missing `text`)");
      assertThatThrownBy(bad::resume).hasMessageContaining("cannot be read");
      assertThatThrownBy(() -> bad.update(NOTE, new Note("c"), DAY))
          .hasMessageContaining("cannot be read");

      codec.isChanged = false;
      bad.resume();
      engine.settle();

      assertThat(bad.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(bad.state()).isEqualTo(new Book("a"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void parkTheirRunAlsoWhenABranchIsAboutToHandleThem(Place place) {
    try (var engine = engine(place)) {
      engine.at("listen").fails(1, () -> new IOException("no pen"));
      var bad = engine.start(books, "bad", new Book(""));
      engine.settle();
      bad.signal(NOTE, new Note("a"));
      codec.isChanged = true;

      engine.restart();
      engine.advance(DAY);

      assertThat(bad.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(engine.report())
          .contains("run bad of book: PAUSED (cannot be read: signal note: ")
          .contains("missing `text`)");

      codec.isChanged = false;
      engine.restart();
      bad.resume();
      engine.settle();

      assertThat(bad.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(bad.state()).isEqualTo(new Book("a"));
    }
  }
}
