package dev.pawl.cli.crash;

import dev.pawl.examples.OrderGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs the demonstration of the orders in processes of its own, kills them without warning at
/// random times, starts them again on the same files, audits the files after each death, and
/// compares the final numbers with those of an undisturbed run.
public final class CrashRig {
  private static final List<String> COMPARED =
      List.of("runs", "completed", "failed", "invalid", "ordersTotal", "bankTotal");
  private final Path folder;
  private final SplittableRandom random;
  private final long seed;
  private final int orders;
  private final List<String> findings = new ArrayList<>();
  private int kills;
  private int rounds;

  /// @param folder where its files go; emptied between rounds
  /// @param seed picks the orders, the failures and the times of the kills
  /// @param orders how many orders a round has
  public CrashRig(Path folder, long seed, int orders) {
    this.folder = folder;
    this.random = new SplittableRandom(seed);
    this.seed = seed;
    this.orders = orders;
  }

  /// What came of it.
  ///
  /// @param kills processes that were killed
  /// @param rounds how often all orders were brought to their end
  /// @param findings what was wrong, a line each
  public record Report(int kills, int rounds, List<String> findings) {}

  /// Kills until `wanted` processes have died, then brings the last round to its end.
  public Report run(int wanted) throws IOException, InterruptedException, SQLException {
    try (var out = Files.newBufferedWriter(input())) {
      OrderGenerator.write(out, orders, seed);
    }
    long began = System.nanoTime();
    var undisturbed = finish(start(folder.resolve("undisturbed.db")));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    while (kills < wanted) {
      round(undisturbed, millis, wanted);
    }
    return new Report(kills, rounds, List.copyOf(findings));
  }

  private void round(JsonNode undisturbed, long millis, int wanted)
      throws IOException, InterruptedException, SQLException {
    var db = folder.resolve("round.db");
    clear(db);
    int inARow = 0;
    for (boolean over = false; !over; ) {
      var process = start(db);
      // The first kills of a round come early, while tables are made and runs brought back.
      long wait = random.nextLong(Math.max(2, inARow == 0 ? millis / 4 : millis));
      boolean killed =
          kills < wanted && inARow < 12 && !process.waitFor(wait, TimeUnit.MILLISECONDS);
      if (killed) {
        process.destroyForcibly().waitFor();
        kills++;
        inARow++;
      } else {
        compare(undisturbed, finish(process));
        rounds++;
        over = true;
      }
      for (var finding : Audit.of(db)) {
        findings.add("after kill " + kills + ": " + finding);
      }
    }
  }

  private void compare(JsonNode undisturbed, JsonNode summary) {
    for (var name : COMPARED) {
      if (!undisturbed.get(name).equals(summary.get(name))) {
        findings.add(
            "round "
                + rounds
                + ": "
                + name
                + " is "
                + summary.get(name)
                + ", undisturbed "
                + undisturbed.get(name));
      }
    }
    if (!summary.get("ordersTotal").equals(summary.get("bankTotal"))) {
      findings.add("round " + rounds + ": the totals differ: " + summary);
    }
  }

  private Path input() {
    return folder.resolve("orders.jsonl");
  }

  private Path output(Path db) {
    return db.resolveSibling(db.getFileName() + ".json");
  }

  private Process start(Path db) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.pawl.cli.Main",
            "demo",
            "orders",
            "--json",
            "--input",
            input().toString(),
            "--db",
            db.toString(),
            "--fail-rate",
            "0.1",
            "--seed",
            Long.toString(seed))
        .redirectOutput(output(db).toFile())
        .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("stderr.txt").toFile()))
        .start();
  }

  private JsonNode finish(Process process) throws IOException, InterruptedException {
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      throw new IllegalStateException("the demonstration hangs; see " + folder);
    }
    var name = process.exitValue() > 1 ? "" : Files.readString(newest());
    if (name.isBlank()) {
      throw new IllegalStateException(
          "the demonstration ended with "
              + process.exitValue()
              + "; see "
              + folder.resolve("stderr.txt"));
    }
    return new JsonMapper().readTree(name);
  }

  private Path newest() throws IOException {
    var round = output(folder.resolve("round.db"));
    return Files.exists(round) ? round : output(folder.resolve("undisturbed.db"));
  }

  private void clear(Path db) throws IOException {
    try (var files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().startsWith(db.getFileName().toString()))
          .sorted(Comparator.naturalOrder())
          .forEach(CrashRig::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
