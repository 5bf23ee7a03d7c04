package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Imports.Batch;
import dev.pawl.examples.Imports.Row;
import dev.pawl.examples.Imports.Sink;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ImportsTest {
  @Test
  void loadAllRowsInTheEnd(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Imports::main, folder))
        .containsExactly("100 rows of people.csv are in, after 2 rounds");
  }

  @Test
  void loadEachRowOnceAlthoughTheProcessDies() {
    var table = new Table();
    var imports = Imports.workflow(file -> rows(120), table);
    try (var engine = TestEngine.of(imports)) {
      engine.at("load/each").crashesAfterEffect(2);
      var run = engine.start(imports, "f", Batch.of("f"));
      engine.advance(Duration.ofMinutes(1));

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().loaded()).isEqualTo(120);
      assertThat(table.lines).hasSize(120);
    }
  }

  @Test
  void failWhenTooManyRowsDo() {
    Sink broken =
        (key, row) -> {
          if (row.line() <= 7) {
            throw new IOException("no");
          }
          return row.line();
        };
    var imports = Imports.workflow(file -> rows(120), broken);
    try (var engine = TestEngine.of(imports)) {
      var run = engine.start(imports, "f", Batch.of("f"));
      engine.advance(Duration.ofMinutes(1));

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
    }
  }

  private static List<Row> rows(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(line -> new Row(line, "text")).toList();
  }

  private static final class Table implements Sink {
    final Map<String, Integer> lines = new HashMap<>();

    @Override
    public long insert(String key, Row row) {
      lines.put(key, row.line());
      return row.line();
    }
  }
}
