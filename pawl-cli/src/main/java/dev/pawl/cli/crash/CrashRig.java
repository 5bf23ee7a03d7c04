package dev.pawl.cli.crash;

import dev.pawl.examples.OrderGenerator;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs the demonstration of the orders in processes of its own, kills them without warning, starts
/// them again on the same files, audits the files after each death, and compares the final numbers
/// with those of an undisturbed run.
///
/// A kill is aimed: it comes a random while after a file of the process has changed a random number
/// of times. So kills meet the moments that matter, however long a process takes to start. What a
/// kill has cut the audit tells.
public final class CrashRig {
  private static final List<String> COMPARED =
      List.of("runs", "completed", "failed", "invalid", "ordersTotal", "bankTotal");
  private static final int KILLS_A_ROUND = 12;
  private static final long LOOK_AGAIN = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long LONGEST = Duration.ofMinutes(5).toNanos();
  private final Path folder;
  private final SplittableRandom random;
  private final long seed;
  private final int orders;
  private final List<String> findings = new ArrayList<>();
  private final Map<Phase, Integer> phases = new EnumMap<>(Phase.class);
  private int kills;
  private int rounds;

  /// @param folder where its files go; it should be empty
  /// @param seed picks the orders, the failures and the times of the kills
  /// @param orders how many orders a round has
  public CrashRig(Path folder, long seed, int orders) {
    this.folder = folder;
    this.random = new SplittableRandom(seed);
    this.seed = seed;
    this.orders = orders;
    for (var phase : Phase.values()) {
      phases.put(phase, 0);
    }
  }

  /// What came of it.
  ///
  /// @param kills processes that were killed
  /// @param phases how many of them by what they were doing
  /// @param rounds how often all orders were brought to their end
  /// @param findings what was wrong, a line each
  record Report(int kills, Map<Phase, Integer> phases, int rounds, List<String> findings) {}

  /// When a process is killed.
  ///
  /// @param file the file whose changes count
  /// @param changes how many of them
  /// @param nanos how long after the last of them
  private record Aim(Path file, int changes, long nanos) {}

  /// Kills until `wanted` processes have died, then brings the last round to its end.
  Report run(int wanted) throws IOException, InterruptedException, SQLException {
    try (var out = Files.newBufferedWriter(folder.resolve("orders.jsonl"))) {
      OrderGenerator.write(out, orders, seed);
    }
    var undisturbed = folder.resolve("undisturbed.db");
    var expected = finish(start(undisturbed), undisturbed);
    while (kills < wanted) {
      round(expected, wanted);
    }
    for (var line : Files.readAllLines(errors())) {
      if (!line.contains(" runs, ")) {
        findings.add("said: " + line);
      }
    }
    return new Report(kills, Map.copyOf(phases), rounds, List.copyOf(findings));
  }

  private void round(JsonNode expected, int wanted)
      throws IOException, InterruptedException, SQLException {
    var db = folder.resolve("round.db");
    clear(db);
    var before = Audit.of(db, 0);
    int inThisRound = 0;
    for (boolean over = false; !over; ) {
      boolean again = kills < wanted && inThisRound < KILLS_A_ROUND;
      var aim = again ? aim(db) : null;
      var process = start(db);
      if (aim != null && hit(process, aim)) {
        kills++;
        inThisRound++;
        var audit = Audit.of(db, inThisRound);
        phases.merge(audit.phase(before), 1, Integer::sum);
        before = audit;
      } else {
        compare(expected, finish(process, db));
        rounds++;
        over = true;
        before = Audit.of(db, inThisRound);
      }
      for (var finding : before.findings()) {
        findings.add("after kill " + kills + ": " + finding);
      }
    }
  }

  /// Where to hit next: at the tables while they are made, at a store that is just taken over, soon
  /// after that, or at a booking.
  private Aim aim(Path db) {
    var log = beside(db, "-wal");
    if (!Files.exists(db)) {
      return new Aim(db, 1, upTo(Duration.ofMillis(40)));
    }
    return switch (random.nextInt(4)) {
      case 0 -> new Aim(log, 1, upTo(Duration.ofMillis(30)));
      case 1 -> new Aim(log, random.nextInt(2, 40), upTo(Duration.ofMillis(5)));
      case 2 -> new Aim(beside(db, ".bank-wal"), random.nextInt(1, 30), 0);
      default ->
          new Aim(beside(db, ".bank-wal"), random.nextInt(1, 100), upTo(Duration.ofMillis(20)));
    };
  }

  private long upTo(Duration longest) {
    return random.nextLong(longest.toNanos());
  }

  /// Kills a process at its time.
  ///
  /// @return false if it ended before by itself
  private static boolean hit(Process process, Aim aim) throws IOException, InterruptedException {
    long began = System.nanoTime();
    var last = stamp(aim.file());
    for (int changes = 0; changes < aim.changes(); ) {
      if (!process.isAlive() || System.nanoTime() - began > LONGEST) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN);
      var now = stamp(aim.file());
      changes += now.equals(last) ? 0 : 1;
      last = now;
    }
    LockSupport.parkNanos(aim.nanos());
    if (!process.isAlive()) {
      return false;
    }
    return process.destroyForcibly().waitFor() == 128 + 9;
  }

  /// What differs when a file has changed.
  private static String stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException e) {
      return "missing";
    }
  }

  private void compare(JsonNode expected, JsonNode summary) {
    for (var name : COMPARED) {
      if (!expected.get(name).equals(summary.get(name))) {
        findings.add(
            "round "
                + rounds
                + ": "
                + name
                + " is "
                + summary.get(name)
                + ", undisturbed "
                + expected.get(name));
      }
    }
    if (!summary.get("ordersTotal").equals(summary.get("bankTotal"))) {
      findings.add("round " + rounds + ": the totals differ: " + summary);
    }
  }

  private Path errors() {
    return folder.resolve("stderr.txt");
  }

  private static Path beside(Path db, String end) {
    return db.resolveSibling(db.getFileName() + end);
  }

  private Process start(Path db) throws IOException {
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
    return new ProcessBuilder(command)
        .redirectOutput(beside(db, ".json").toFile())
        .redirectError(ProcessBuilder.Redirect.appendTo(errors().toFile()))
        .start();
  }

  private JsonNode finish(Process process, Path db) throws IOException, InterruptedException {
    if (!process.waitFor(LONGEST, TimeUnit.NANOSECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IllegalStateException("the demonstration hangs; see " + folder);
    }
    var summary = process.exitValue() > 1 ? "" : Files.readString(beside(db, ".json"));
    if (summary.isBlank()) {
      throw new IllegalStateException(
          "the demonstration ended with " + process.exitValue() + "; see " + errors());
    }
    return new JsonMapper().readTree(summary);
  }

  private void clear(Path db) throws IOException {
    try (var files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().startsWith(db.getFileName().toString()))
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
