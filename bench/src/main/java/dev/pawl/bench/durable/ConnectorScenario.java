package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A connector over a file: how many runs a second, and whether each line becomes one run, also
/// when the process is killed on the way.
///
/// @param lines how many lines the file has
/// @param kills how often the process is killed in the second part
record ConnectorScenario(int lines, int kills) implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int PAGE = 1_000;
  private static final int HEAP = 512;

  @Override
  public String name() {
    return "connector";
  }

  @Override
  public String about() {
    return "1,000,000 lines of a file become runs on SQLite; each once, also with five kills";
  }

  @Override
  public List<Row> measure(Settings settings) throws Exception {
    double rate = undisturbed(settings);
    double seconds = killed(settings);
    return List.of(
        Row.of("runs", rate, "runs/s", Bar.value(new Limit.AtLeast(10_000)))
            .with("heap of the process", HEAP, "MB")
            .with("lines", lines, ""),
        Row.of("with kills, each line once", seconds, "s", Bar.NONE).with("kills", kills, ""));
  }

  private double undisturbed(Settings settings) throws Exception {
    try (var place = settings.workplace()) {
      var file = file(place.file("lines.jsonl"));
      var database = place.file("runs.db");
      settings.say("%,d lines".formatted(lines));
      try (var child = start(database, file)) {
        double seconds = Double.parseDouble(child.await("ended", PATIENCE).text());
        check(database);
        return lines / seconds;
      }
    }
  }

  private Path file(Path file) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < lines; i++) {
        out.write("{\"count\":0,\"text\":\"" + i + "\"}\n");
      }
    }
    return file;
  }

  private Child start(Path database, Path file) throws IOException {
    return Child.start(
        List.of("-Xmx" + HEAP + "m"),
        ConnectedRuns.class,
        database.toString(),
        file.toString(),
        Integer.toString(lines));
  }

  private double killed(Settings settings) throws Exception {
    try (var place = settings.workplace()) {
      var file = file(place.file("lines.jsonl"));
      var database = place.file("runs.db");
      long began = System.nanoTime();
      for (int kill = 1; kill <= kills; kill++) {
        try (var child = start(database, file)) {
          long done = 0;
          while (done < lines / (kills + 1)) {
            done = Long.parseLong(child.await("at", PATIENCE).text());
          }
          settings.say("kill %d, after %,d lines".formatted(kill, done));
        }
      }
      try (var child = start(database, file)) {
        child.await("ended", PATIENCE);
      }
      check(database);
      return (System.nanoTime() - began) / 1e9;
    }
  }

  /// Each line has one run, and that has completed.
  private void check(Path database) {
    try (var store = SqliteStore.openToRead(database)) {
      var counts = store.counts(Store.Filter.ALL);
      if (!counts.equals(Map.of(RunStatus.COMPLETED, (long) lines))) {
        throw new IllegalStateException("of " + lines + " lines came " + counts);
      }
      var seen = new BitSet(lines);
      var after = Optional.<RunId>empty();
      for (var page = store.runs(Store.Filter.ALL, after, PAGE);
          !page.isEmpty();
          page = store.runs(Store.Filter.ALL, after, PAGE)) {
        page.forEach(run -> seen.set(Integer.parseInt(run.key())));
        after = Optional.of(page.getLast().id());
      }
      if (seen.cardinality() != lines) {
        throw new IllegalStateException("only " + seen.cardinality() + " lines have a run");
      }
    }
  }
}
