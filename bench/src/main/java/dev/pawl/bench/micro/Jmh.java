package dev.pawl.bench.micro;

import dev.pawl.bench.measure.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the benchmarks of one class, each in a JVM of its own.
final class Jmh {
  private static final String ALLOCATION = "gc.alloc.rate.norm";
  private static final int WARM_UP = 5;
  private static final int MEDIAN = 50;
  private static final int WARNS_OF_UNSAFE = 24;

  private Jmh() {}

  /// What a benchmark took.
  ///
  /// @param nanos median of the iterations, for one operation
  /// @param error half of the 99.9 % confidence interval of their mean, in nanoseconds; not a
  ///   number for one iteration
  /// @param bytes what an operation allocates, on all threads
  record Figure(double nanos, double error, double bytes) {}

  /// Figures of all benchmarks of a class, by the names of their methods.
  ///
  /// @param iteration how long an iteration takes
  /// @param jvm further arguments for the JVM
  /// @throws RunnerException if a benchmark fails
  static Map<String, Figure> run(
      Class<?> benchmarks, Settings settings, TimeValue iteration, List<String> jvm)
      throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(benchmarks.getName() + "."))
            .forks(1)
            .jvmArgs(jvmArguments(jvm))
            .warmupIterations(WARM_UP)
            .warmupTime(iteration)
            .measurementIterations(settings.repetitions())
            .measurementTime(iteration)
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    var figures = new HashMap<String, Figure>();
    for (var result : new Runner(options).run()) {
      var name = result.getParams().getBenchmark();
      figures.put(name.substring(name.lastIndexOf('.') + 1), figure(result));
    }
    return figures;
  }

  private static String[] jvmArguments(List<String> more) {
    var arguments = new ArrayList<>(List.of("-Xms2g", "-Xmx2g"));
    if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
      arguments.add("--sun-misc-unsafe-memory-access=allow"); // JMH's own
    }
    arguments.addAll(more);
    return arguments.toArray(String[]::new);
  }

  private static Figure figure(RunResult result) {
    var primary = result.getPrimaryResult();
    var allocation = result.getSecondaryResults().get(ALLOCATION);
    return new Figure(
        primary.getStatistics().getPercentile(MEDIAN),
        primary.getScoreError(),
        allocation == null ? Double.NaN : allocation.getStatistics().getPercentile(MEDIAN));
  }
}
