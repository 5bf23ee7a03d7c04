package dev.pawl.testkit.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs a program in processes of its own, kills them as `kill -9` does, starts them again on the
/// same files, and has audited what is left after each death.
///
/// ```java
/// var report = CrashHarness.java(Shop.class, "--db", db.toString())   // or of("./shop", …)
///     .folder(folder)
///     .files(data)                                                    // emptied before each round
///     .aims(
///         Aim.changes(db, 1, 40).within(Duration.ofMillis(20)),
///         Aim.line(line -> line.startsWith("paid")))
///     .kills(100)
///     .seed(7)
///     .audit(moment -> lostPayments(db, moment.output()))
///     .run();
/// assertThat(report.findings()).isEmpty();
/// ```
///
/// A round begins without files. Its processes are killed, one after the other, until it has had
/// its kills, or one of them ends by itself before its aim is met; one that is not killed brings
/// the work to its end, and the next round begins. The program has to go on where its files say it
/// was, and to end by itself. What processes write to standard output goes to `stdout.txt` of the
/// folder, replaced by each; what they write to standard error is added to `stderr.txt`.
///
/// It stops early, with a finding, when a process does not end, or ends with an exit code that it
/// should not have. The same seed draws the same aims, though what they meet depends on the
/// machine. Processes that a killed one started are killed with it. For Unix-like systems. Not
/// thread-safe.
public final class CrashHarness {
  private static final long LOOK_AGAIN = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long REAPED = TimeUnit.SECONDS.toNanos(1);
  private static final int KILLED = 128 + 9;
  private static final int BARREN = 100; // rounds in a row without a kill

  private final List<String> command;
  private final List<String> findings = new ArrayList<>();
  private final Map<String, Integer> phases = new LinkedHashMap<>();
  private @Nullable Path folder;
  private List<Path> files = List.of();
  private Supplier<List<Aim>> aims = () -> List.of(Aim.start().within(Duration.ofSeconds(1)));
  private int wanted = 20;
  private int killsARound = 12;
  private long seed;
  private List<Integer> exits = List.of(0);
  private Duration patience = Duration.ofMinutes(5);
  private CrashAudit audit = moment -> List.of();
  private SplittableRandom random = new SplittableRandom(0);
  private int kills;
  private int rounds;
  private boolean stopped;

  private CrashHarness(List<String> command) {
    this.command = List.copyOf(command);
  }

  /// A program and its arguments, as `ProcessBuilder` takes them.
  public static CrashHarness of(List<String> command) {
    return new CrashHarness(command);
  }

  /// A program and its arguments, as `ProcessBuilder` takes them.
  public static CrashHarness of(String... command) {
    return new CrashHarness(List.of(command));
  }

  /// A Java program, on the Java and the class path of this process.
  public static CrashHarness java(Class<?> main, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(Arrays.asList(arguments));
    return new CrashHarness(command);
  }

  /// Where the output of the processes goes; a new temporary folder without it.
  ///
  /// @param folder an existing one
  public CrashHarness folder(Path folder) {
    this.folder = folder;
    return this;
  }

  /// What the program keeps its data in. Before each round, files are deleted and folders emptied.
  public CrashHarness files(Path... files) {
    this.files = List.of(files);
    return this;
  }

  /// Where to hit; one of them is drawn for each process. Without it, within a second of the start.
  public CrashHarness aims(Aim... aims) {
    var given = List.of(aims);
    return aims(() -> given);
  }

  /// As [#aims(Aim...)], asked before each process is started that is to be killed.
  public CrashHarness aims(Supplier<List<Aim>> aims) {
    this.aims = aims;
    return this;
  }

  /// How many processes to kill; 20 without it. With 0, the program runs once, undisturbed.
  ///
  /// @throws IllegalArgumentException if it is negative
  public CrashHarness kills(int kills) {
    if (kills < 0) {
      throw new IllegalArgumentException("no process is killed " + kills + " times");
    }
    this.wanted = kills;
    return this;
  }

  /// How many processes to kill a round at most; 12 without it.
  public CrashHarness killsARound(int kills) {
    this.killsARound = kills;
    return this;
  }

  /// What the aims are drawn from; 0 without it.
  public CrashHarness seed(long seed) {
    this.seed = seed;
    return this;
  }

  /// The exit codes that a process may end with by itself; 0 without it.
  public CrashHarness exits(Integer... exits) {
    this.exits = List.of(exits);
    return this;
  }

  /// How long a process may take to meet its aim, and to end; five minutes without it.
  public CrashHarness patience(Duration patience) {
    this.patience = patience;
    return this;
  }

  /// Who looks at the files after each death. Without it, only ends are checked.
  public CrashHarness audit(CrashAudit audit) {
    this.audit = audit;
    return this;
  }

  /// Kills until enough processes have died, then brings the last round to its end. Once.
  ///
  /// @throws IllegalStateException if no kill has met its aim in 100 rounds in a row
  /// @throws IOException if a process cannot be started, or a file not be read
  /// @throws Exception what the audit throws
  public CrashReport run() throws Exception {
    long began = System.nanoTime();
    var out = folder == null ? Files.createTempDirectory("pawl-crash") : folder;
    random = new SplittableRandom(seed);
    audit.phases().forEach(phase -> phases.put(phase, 0));
    int barren = 0;
    do {
      int before = kills;
      round(out);
      barren = kills == before && wanted > 0 ? barren + 1 : 0;
      if (barren == BARREN) {
        throw new IllegalStateException(
            "the program ended " + BARREN + " times in a row before an aim was met");
      }
    } while (kills < wanted && !stopped);
    var took = Duration.ofNanos(System.nanoTime() - began);
    return new CrashReport(seed, kills, rounds, phases, findings, took);
  }

  private void round(Path out) throws Exception {
    for (var file : files) {
      clear(file);
    }
    int here = 0;
    for (boolean over = false; !over; ) {
      var output = out.resolve("stdout.txt");
      Files.deleteIfExists(output);
      boolean again = kills < wanted && here < killsARound;
      var aim = again ? draw() : null;
      var watch = aim == null ? null : aim.watch(random, output);
      var process = start(out, output);
      try {
        over = aim == null || watch == null || !hit(process, watch, aim.wait(random));
        if (over) {
          finish(process);
        }
      } finally {
        kill(process); // when the harness itself was cut short
      }
      here += over ? 0 : 1;
      kills += over ? 0 : 1;
      rounds += over && !stopped ? 1 : 0;
      int round = over && !stopped ? rounds : rounds + 1;
      look(new Moment(round, here, !over, process.exitValue(), output));
    }
  }

  private Aim draw() {
    var choice = aims.get();
    return choice.get(random.nextInt(choice.size()));
  }

  private void look(Moment moment) throws Exception {
    for (var finding : audit.findings(moment)) {
      found(finding);
    }
    if (moment.killed()) {
      phases.merge(audit.phase(moment), 1, Integer::sum);
    }
  }

  private void found(String finding) {
    findings.add("after kill " + kills + ": " + finding);
  }

  private Process start(Path out, Path output) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(output.toFile())
        .redirectError(ProcessBuilder.Redirect.appendTo(out.resolve("stderr.txt").toFile()))
        .start();
  }

  /// Kills a process at its time.
  ///
  /// @return false if it ended before by itself, or the time did not come
  private boolean hit(Process process, Watch watch, long wait)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (!watch.seen()) {
      if (!process.isAlive() || System.nanoTime() - began > patience.toNanos()) {
        return false;
      }
      pause(LOOK_AGAIN);
    }
    if (process.waitFor(wait, TimeUnit.NANOSECONDS)) {
      return false;
    }
    return kill(process) == KILLED;
  }

  private static void pause(long nanos) throws InterruptedException {
    LockSupport.parkNanos(nanos);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /// Kills a process, and what it started, if it lives.
  private static int kill(Process process) throws InterruptedException {
    if (process.isAlive()) {
      var children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      long began = System.nanoTime();
      // One that nobody reaps seems to live, though it does nothing any more.
      while (children.stream().anyMatch(ProcessHandle::isAlive)
          && System.nanoTime() - began < REAPED) {
        pause(LOOK_AGAIN);
      }
    }
    return process.waitFor();
  }

  private void finish(Process process) throws InterruptedException {
    if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      found("the process did not end within " + patience);
      stopped = true;
    } else if (!exits.contains(process.exitValue())) {
      found("the process ended with " + process.exitValue());
      stopped = true;
    }
  }

  private static void clear(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (var all = Files.walk(file)) {
      for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(file) || !Files.isDirectory(file)) {
          Files.delete(each);
        }
      }
    }
  }
}
