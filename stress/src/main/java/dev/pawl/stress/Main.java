package dev.pawl.stress;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/// Runs the concurrency tests with the options of JCStress; without any, for some minutes. The exit
/// code is 1 if a result is forbidden, or a test has none.
public final class Main {
  private static final List<String> DEFAULTS =
      List.of("-f", "1", "-fsm", "1", "-sc", "false", "-iters", "5", "-time", "200");

  private Main() {}

  /// Runs the tests, and ends the process.
  ///
  /// @param args options of JCStress
  public static void main(String[] args) throws Exception {
    var reports = Files.createTempDirectory("pawl-stress");
    System.exit(run(args.length == 0 ? DEFAULTS : List.of(args), reports, System.out));
  }

  /// Runs the tests.
  ///
  /// @param options options of JCStress, but for `-r`
  /// @param reports where its pages go
  /// @return the exit code
  static int run(List<String> options, Path reports, PrintStream out) throws Exception {
    var all = new ArrayList<>(options);
    all.addAll(List.of("-r", reports.toString()));
    var parsed = new Options(all.toArray(String[]::new));
    if (!parsed.parse()) {
      return 2;
    }
    var stress = new JCStress(parsed);
    if (stress.getTests().isEmpty()) {
      out.println("no such test");
      return 1;
    }
    var problems = new ArrayList<String>();
    try {
      stress.run();
    } catch (AssertionError e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    var tallies = tallies(stress.getTests(), results(parsed), problems);
    tallies.forEach((test, tally) -> out.println(tally.shown(test)));
    problems.forEach(out::println);
    out.println(tallies.size() + " tests, " + problems.size() + " problems; pages in " + reports);
    return problems.isEmpty() ? 0 : 1;
  }

  private static Collection<TestResult> results(Options options)
      throws IOException, ClassNotFoundException {
    var file = Path.of(options.getResultFile());
    if (Files.notExists(file)) {
      return List.of();
    }
    var collector = new InProcessCollector();
    var reader = new DiskReadCollector(file.toString(), collector);
    try {
      reader.dump();
    } finally {
      reader.close();
      Files.delete(file);
    }
    return collector.getTestResults();
  }

  private static Map<String, Tally> tallies(
      Collection<String> tests, Collection<TestResult> results, List<String> problems) {
    var tallies = new TreeMap<String, Tally>();
    tests.forEach(test -> tallies.put(test, new Tally(0, 0)));
    for (var result : results) {
      if (result.status() != Status.NORMAL || !result.grading().isPassed) {
        problems.add(result.getName() + ": " + result.status() + " " + result.getMessages());
      }
      tallies.merge(result.getName(), new Tally(1, result.getTotalCount()), Tally::plus);
    }
    tallies.forEach((test, tally) -> {
      if (tally.samples == 0) {
        problems.add(test + ": no result");
      }
    });
    return tallies;
  }

  /// What a test came to.
  ///
  /// @param ways in how many ways it was compiled and placed
  /// @param samples how often its threads met
  private record Tally(int ways, long samples) {
    Tally plus(Tally other) {
      return new Tally(ways + other.ways, samples + other.samples);
    }

    String shown(String test) {
      return "%-60s %3d ways %,14d samples".formatted(test, ways, samples);
    }
  }
}
