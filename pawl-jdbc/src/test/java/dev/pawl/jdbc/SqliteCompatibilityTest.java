package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.testkit.compat.Compatibility;
import dev.pawl.testkit.compat.Found;
import dev.pawl.testkit.compat.Recording;
import dev.pawl.testkit.compat.Report;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The check of the test kit on files.
@Timeout(60)
final class SqliteCompatibilityTest {
  private static final Instant NEVER = Instant.parse("2900-01-01T00:00:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;

  record Parcel(String id, int grams, List<String> notes) {
    Parcel {
      notes = List.copyOf(notes);
    }
  }

  private Path file() {
    return folder.resolve("pawl.db");
  }

  /// Weighs, then forks into `label`, which arrives, and a wait of this name.
  private static Workflow<Parcel> parcels(String wait, int heavy) {
    var g = Workflow.graph("parcels", Parcel.class);
    var weigh = g.step("weigh", parcel -> parcel);
    var pack = g.step("pack", parcel -> parcel);
    var label = g.step("label", parcel -> parcel);
    var pickup = g.delay(wait, parcel -> NEVER);
    var join = g.join("join", Join.ALL);
    var end = g.end();
    g.start(weigh).path(label, join).path(pickup, join).path(join, end);
    pack.fork(label, pickup);
    weigh.when("heavy", parcel -> parcel.grams() > heavy, end).otherwise(pack);
    return g.build();
  }

  private static Parcel parcel(String id) {
    return new Parcel(id, 100, List.of("x".repeat(10_000)));
  }

  private Run<Parcel> waiting(Engine engine, String key) throws InterruptedException {
    var run = engine.start(parcels("pickup", 1_000), key, parcel(key));
    run.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);
    return run;
  }

  private void make() throws InterruptedException {
    try (var engine = Engine.builder().sqlite(file()).register(parcels("pickup", 1_000)).start()) {
      waiting(engine, "waits");
      waiting(engine, "paused").pause("by hand");
    }
  }

  private Report check(Workflow<Parcel> today) {
    try (var store = SqliteStore.openToRead(file())) {
      return Compatibility.of(today).check(store);
    }
  }

  @Test
  void findsWhatOpenRunsMissAndNothingElse() throws Exception {
    make();

    assertThat(check(parcels("pickup", 1_000))).isEqualTo(new Report(2, List.of(), 0));
    assertThat(check(parcels("collection", 10)).findings())
        .extracting(Found::message)
        .containsExactlyInAnyOrder(
            "2 open runs wait at `pickup`, which this build removes"
                + " (parcels version 1; such as waits)",
            "2 open runs would take another edge at `weigh`: \"heavy\" to an end,"
                + " not otherwise to `pack` (parcels version 1; such as waits)");
  }

  @Test
  void readsBesideAnEngineThatGoesOn() throws Exception {
    try (var engine = Engine.builder().sqlite(file()).register(parcels("pickup", 1_000)).start()) {
      waiting(engine, "one");
      assertThat(check(parcels("pickup", 1_000))).isEqualTo(new Report(1, List.of(), 0));

      waiting(engine, "two");
      assertThat(check(parcels("pickup", 1_000))).isEqualTo(new Report(2, List.of(), 0));
    }
  }

  @Test
  void leavesTheFileAsItIs() throws Exception {
    make();
    var before = Files.readAllBytes(file());

    check(parcels("collection", 10));

    assertThat(file()).hasBinaryContent(before);
    assertThat(folder.resolve("pawl.db-wal"))
        .satisfiesAnyOf(
            log -> assertThat(log).doesNotExist(), log -> assertThat(log).isEmptyFile());
  }

  @Test
  void readsWhereNothingCanBeWritten() throws Exception {
    make();
    try (var unwritable = new Unwritable(folder)) {
      assumeThat(unwritable.isSo())
          .as("the user of this test writes wherever it wants, and chattr does not work here")
          .isTrue();

      assertThat(check(parcels("pickup", 1_000)).runs()).isEqualTo(2);
    }
  }

  @Test
  void recordsARunWithItsPatches() throws Exception {
    make();
    var recording = folder.resolve("waits.jsonl");
    try (var store = SqliteStore.openToRead(file())) {
      Recording.write(store, store.find("parcels", "waits").orElseThrow().id(), recording);
    }

    var same = Compatibility.of(parcels("pickup", 1_000)).check(recording);
    var other = Compatibility.of(parcels("pickup", 10)).check(recording);

    assertThat(same).isEqualTo(new Report(1, List.of(), 0));
    assertThat(other.findings()).singleElement().matches(found -> found.runs() == 1);
    assertThat(Files.readAllLines(recording)).hasSize(5);
  }
}
