package dev.pawl.cli.crash;

import dev.pawl.examples.OrderGenerator;
import dev.pawl.testkit.crash.Aim;
import dev.pawl.testkit.crash.CrashHarness;
import dev.pawl.testkit.crash.CrashReport;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Has the demonstration of the orders killed while it works, audits its files after each death,
/// and compares the final numbers with those of an undisturbed run.
public final class CrashRig {
  private final Path folder;
  private final long seed;
  private final int orders;

  /// @param folder where its files go; it should be empty
  /// @param seed picks the orders, the failures and the times of the kills
  /// @param orders how many orders a round has
  public CrashRig(Path folder, long seed, int orders) {
    this.folder = folder;
    this.seed = seed;
    this.orders = orders;
  }

  /// Kills until `wanted` processes have died, then brings the last round to its end.
  CrashReport run(int wanted) throws Exception {
    try (var out = Files.newBufferedWriter(folder.resolve("orders.jsonl"))) {
      OrderGenerator.write(out, orders, seed);
    }
    var expected = undisturbed();
    var files = Files.createDirectory(folder.resolve("round"));
    var db = files.resolve("orders.db");
    var report =
        harness(db)
            .files(files)
            .aims(() -> aims(db))
            .kills(wanted)
            .seed(seed)
            .audit(new OrdersAudit(db, expected))
            .run();
    var findings = new ArrayList<>(report.findings());
    for (var line : Files.readAllLines(folder.resolve("stderr.txt"))) {
      if (!line.contains(" runs, ")) {
        findings.add("said: " + line);
      }
    }
    return new CrashReport(
        seed, report.kills(), report.rounds(), report.phases(), findings, report.took());
  }

  /// The summary of a run that nobody disturbs.
  private JsonNode undisturbed() throws Exception {
    var summary = new ArrayList<String>();
    var report =
        harness(folder.resolve("undisturbed.db"))
            .kills(0)
            .audit(moment -> {
              summary.add(Files.readString(moment.output()));
              return List.of();
            })
            .run();
    if (!report.findings().isEmpty()) {
      throw new IllegalStateException(
          "the demonstration fails undisturbed: " + report.findings() + "; see " + folder);
    }
    return new JsonMapper().readTree(summary.getFirst());
  }

  /// Where to hit next: at the tables while they are made, at a store that is just taken over, soon
  /// after that, or at a booking.
  private static List<Aim> aims(Path db) {
    var log = beside(db, "-wal");
    var bank = beside(db, ".bank-wal");
    return Files.exists(db)
        ? List.of(
            Aim.changes(log, 1, 1).within(Duration.ofMillis(30)),
            Aim.changes(log, 2, 39).within(Duration.ofMillis(5)),
            Aim.changes(bank, 1, 29),
            Aim.changes(bank, 1, 99).within(Duration.ofMillis(20)))
        : List.of(Aim.changes(db, 1, 1).within(Duration.ofMillis(40)));
  }

  private static Path beside(Path db, String end) {
    return db.resolveSibling(db.getFileName() + end);
  }

  /// The demonstration, which ends with 1 when orders have failed.
  private CrashHarness harness(Path db) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = System.getProperty("java.class.path");
    var command =
        new ArrayList<>(
            List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
    if (Stream.of(classes.split(File.pathSeparator)).allMatch(each -> each.endsWith(".jar"))) {
      // An archive of parsed classes halves the start; of classes in folders there can be none.
      command.add("-XX:+AutoCreateSharedArchive");
      command.add("-XX:SharedArchiveFile=" + folder.resolve("classes.jsa"));
      command.add("-Xlog:disable");
    }
    command.addAll(
        List.of(
            "-cp",
            classes,
            "dev.pawl.cli.Main",
            "demo",
            "orders",
            "--json",
            "--input",
            folder.resolve("orders.jsonl").toString(),
            "--db",
            db.toString(),
            "--concurrency",
            "8",
            "--fail-rate",
            "0.1",
            "--seed",
            Long.toString(seed)));
    return CrashHarness.of(command).folder(folder).exits(0, 1);
  }
}
