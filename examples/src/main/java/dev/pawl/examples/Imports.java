package dev.pawl.examples;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// An import: the rows of a file are loaded many at once, a few may fail, and those are tried again
/// in further rounds; the report says how many came through.
public final class Imports {
  private static final Field<Batch, List<Row>> ROWS = Field.of(Batch::rows);

  private Imports() {}

  /// A line of the file.
  public record Row(int line, String text) {}

  /// A row that is in.
  public record Loaded(int line, long id) {}

  /// An import.
  ///
  /// @param rows what is to be loaded in this round
  /// @param loaded how many rows are in
  /// @param failed what could not be loaded in the last round
  /// @param rounds how many rounds there were
  public record Batch(String file, List<Row> rows, int loaded, List<Row> failed, int rounds) {
    /// Copies the lists.
    public Batch {
      rows = List.copyOf(rows);
      failed = List.copyOf(failed);
    }

    /// An import that has not begun.
    public static Batch of(String file) {
      return new Batch(file, List.of(), 0, List.of(), 0);
    }

    Batch counted(Results<Row, Loaded> results) {
      var failures = results.failures().stream().map(Results.Failed::input).toList();
      return new Batch(file, List.of(), loaded + results.done(), failures, rounds + 1);
    }

    Batch again() {
      return new Batch(file, failed, loaded, List.of(), rounds);
    }

    boolean mayRetry() {
      return !failed.isEmpty() && rounds < 3;
    }
  }

  /// Where rows come from.
  public interface Source {
    /// The rows of a file.
    ///
    /// @throws IOException if it cannot be read
    List<Row> read(String file) throws IOException;
  }

  /// Where rows go.
  public interface Sink {
    /// Inserts a row, once for each key.
    ///
    /// @return its id there
    /// @throws IOException if it is not taken
    long insert(String key, Row row) throws IOException;
  }

  /// Reads a file and loads its rows, fifty at a time; a row is tried three times a round, one in
  /// twenty may fail in a round, and there are three rounds.
  public static Workflow<Batch> workflow(Source source, Sink sink) {
    var g = Workflow.graph("import", Batch.class);
    var read = g.step("read", Batch::file, (file, ctx) -> source.read(file), ROWS);
    var load =
        g.map(
                "load",
                Batch::rows,
                Loaded.class,
                (row, ctx) -> new Loaded(row.line(), sink.insert(ctx.idempotencyKey(), row)),
                Batch::counted)
            .key(row -> "line-" + row.line())
            .width(50)
            .tolerate(0.05)
            .with(Policy.retry(Duration.ofMillis(20), 3));
    var again = g.step("again", Batch::again);
    var report =
        g.step(
            "report",
            (batch, ctx) -> {
              ctx.publish(
                  "imports", batch.loaded() + " loaded, " + batch.failed().size() + " failed");
              return batch;
            });
    g.start(read).path(read, load).path(again, load).path(report, g.end());
    load.when("failed rows", Batch::mayRetry, again).otherwise(report);
    return g.build();
  }

  /// A table in which row 7 is locked at first.
  private static final class Table implements Sink {
    private final ConcurrentHashMap<String, Long> ids = new ConcurrentHashMap<>();
    private final AtomicInteger tries = new AtomicInteger();

    @Override
    public long insert(String key, Row row) throws IOException {
      if (row.line() == 7 && tries.incrementAndGet() <= 3) {
        throw new IOException("row 7 is locked");
      }
      return ids.computeIfAbsent(key, any -> (long) row.line());
    }
  }

  private static List<Row> hundredRows(String file) {
    return IntStream.rangeClosed(1, 100)
        .mapToObj(line -> new Row(line, file + ":" + line))
        .toList();
  }

  /// Loads a hundred rows, of which one fails in the first round.
  ///
  /// @param args the file to keep runs in; `import.db` without one
  public static void main(String[] args) throws InterruptedException {
    var file = Path.of(args.length > 0 ? args[0] : "import.db");
    var imports = workflow(Imports::hundredRows, new Table());
    try (var engine = Engine.builder().sqlite(file).register(imports).start()) {
      var run = engine.start(imports, "people.csv", Batch.of("people.csv"));
      var batch = run.await(Duration.ofSeconds(20));
      System.out.println(
          batch.loaded()
              + " rows of "
              + batch.file()
              + " are in, after "
              + batch.rounds()
              + " rounds");
    }
  }
}
