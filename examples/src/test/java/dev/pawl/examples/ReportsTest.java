package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.examples.Reports.Report;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.testkit.TestEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reports each night; the guide shows some of it.
class ReportsTest {
  private final Map<String, Report> sent = new LinkedHashMap<>();

  private final Reports.Office office =
      new Reports.Office() {
        @Override
        public int count(Instant until) {
          return 7;
        }

        @Override
        public void send(String key, Report report) {
          sent.putIfAbsent(key, report);
        }
      };

  @Test
  void areSentEachNightAlsoWhenClocksAreChanged() {
    var reports = Reports.workflow(office);

    try (var engine = TestEngine.of(reports)) {
      engine.schedules().put(Reports.nightly(reports));
      engine.advance(Duration.between(engine.now(), Instant.parse("2030-03-31T23:00:00Z")));
    }

    assertThat(sent).hasSize(31 + 28 + 31);
    assertThat(List.copyOf(sent.values()).subList(88, 90))
        .containsExactly(
            new Report(Instant.parse("2030-03-30T01:00:00Z"), 7),
            new Report(Instant.parse("2030-03-31T01:00:00Z"), 7)); // 02:00 does not exist
  }

  @Test
  void areSentOnceThoughTheProcessDies(@TempDir Path folder) {
    var reports = Reports.workflow(office);

    try (var engine =
        TestEngine.builder(reports)
            .store(() -> SqliteStore.open(folder.resolve("reports.db")))
            .start()) {
      engine.schedules().put(Reports.nightly(reports));
      engine.at("send").crashesAfterEffect(1);
      engine.advance(Duration.ofDays(1));
      engine.restart();
      engine.advance(Duration.ofDays(1));
    }

    assertThat(sent.values())
        .extracting(Report::until)
        .containsExactly(
            Instant.parse("2030-01-01T01:00:00Z"), Instant.parse("2030-01-02T01:00:00Z"));
  }

  @Test
  void sayWhenTheyComeAndAreMadeAtOnceWhereAsked(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Reports::main, folder))
        .hasSize(7)
        .endsWith("sends a report now", "reported 7 orders")
        .filteredOn(line -> line.startsWith("a report at "))
        .hasSize(5)
        .allMatch(line -> line.endsWith("[Europe/Berlin]"));
  }

  @Test
  void doWhatTheGuideShows(@TempDir Path folder) {
    var file = folder.resolve("shop.db");
    var reports = Reports.workflow(office);

    try (var engine = Engine.builder().sqlite(file).start()) {
      var schedules = engine.schedules();
      schedules.put(Reports.nightly(reports)); // each time the application starts

      schedules.describe("nightly").orElseThrow().next(); // the next five times
      schedules.pause("nightly", "the mail server moves");
      schedules.resume("nightly");
      schedules.trigger("nightly"); // now, beside the timetable
      schedules.backfill(
          "nightly", Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-08T00:00:00Z"));

      assertThat(schedules.describe("nightly").orElseThrow().next()).hasSize(5);
    }
  }
}
