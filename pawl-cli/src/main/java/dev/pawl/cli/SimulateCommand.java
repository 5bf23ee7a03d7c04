package dev.pawl.cli;

import dev.pawl.testkit.simulation.Fault;
import dev.pawl.testkit.simulation.Report;
import dev.pawl.testkit.simulation.Settings;
import dev.pawl.testkit.simulation.Simulation;
import dev.pawl.testkit.workload.RandomRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Plays random workflows on simulated machines that fail.
@Command(
    name = "simulate",
    description = {
      "Runs random workflows on simulated machines, with faults drawn from a seed,",
      "and holds what happens against the laws of the engine."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:All laws held", "1:A seed failed", "2:Unusable arguments"})
final class SimulateCommand implements Callable<Integer> {
  private static final long SEEDS = 1_000;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--seeds", description = "How many fresh seeds to play; 1,000 without --for.")
  private Optional<Long> seeds = Optional.empty();

  @Option(
      names = "--from",
      description = "The first of them; they follow each other. Drawn, if it is not given.")
  private Optional<Long> from = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "Plays fresh seeds for so long: 90s, 10m, 2h.")
  private Optional<Duration> time = Optional.empty();

  @Option(names = "--seed", description = "Plays this one seed, and prints what happens.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--course",
      defaultValue = "0",
      description = "With --seed: another schedule of the same scenario.")
  private int course;

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "FAULT",
      converter = Faults.class,
      description = "With --seed: faults that do not happen: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Faults.class)
  private Set<Fault> without = EnumSet.noneOf(Fault.class);

  @Option(names = "--runs", description = "With --seed: how many runs are started at most.")
  private Optional<Integer> runs = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there, too.")
  private Optional<Path> json = Optional.empty();

  @Override
  public Integer call() throws IOException {
    check(seeds.isEmpty() || seeds.get() > 0, "--seeds: not positive");
    check(runs.isEmpty() || runs.get() > 0, "--runs: not positive");
    check(course >= 0, "--course: negative");
    check(
        seed.isEmpty() || seeds.isEmpty() && from.isEmpty() && time.isEmpty(),
        "--seed plays one seed; leave out --seeds, --from and --for, or --seed");
    check(
        seed.isPresent() || course == 0 && without.isEmpty() && runs.isEmpty(),
        "--course, --without and --runs repeat a single seed; add --seed");
    var simulation = Simulation.of(RandomRuns::scenario);
    var out = spec.commandLine().getOut();
    try {
      return seed.isPresent() ? one(simulation, out) : many(simulation, out);
    } finally {
      out.flush();
    }
  }

  private int one(Simulation simulation, PrintWriter out) throws IOException {
    var settings = new Settings(seed.get(), course, without, runs.orElse(Integer.MAX_VALUE));
    long began = System.nanoTime();
    var outcome = simulation.trace(settings);
    var took = Duration.ofNanos(System.nanoTime() - began);
    outcome.trace().forEach(out::println);
    out.printf("%,d events, hash %016x%n", outcome.events(), outcome.hash());
    var failures =
        outcome
            .violation()
            .map(violation ->
                new Report.Failure(
                    settings, settings, String.valueOf(violation.getMessage()), outcome.trace()))
            .stream()
            .toList();
    failures.forEach(failure -> out.println("failed: " + failure.message()));
    write(new Report(seed.get(), 1, outcome.events(), took, failures));
    return failures.isEmpty() ? 0 : 1;
  }

  private int many(Simulation simulation, PrintWriter out) throws IOException {
    long first = from.orElseGet(System::nanoTime);
    long most = seeds.orElse(time.isPresent() ? Long.MAX_VALUE : SEEDS);
    out.println("playing seeds from " + first + " on");
    out.flush();
    var report =
        simulation.play(
            first,
            most,
            time.orElse(Duration.ofDays(365)),
            failure -> {
              out.println(failure.text("./pawl simulate " + failure.shrunk().options()));
              out.flush();
            });
    out.println(report.summary());
    write(report);
    return report.failures().isEmpty() ? 0 : 1;
  }

  private void write(Report report) throws IOException {
    if (json.isEmpty()) {
      return;
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("firstSeed", report.firstSeed());
    figures.put("seeds", report.seeds());
    figures.put("events", report.events());
    figures.put("seconds", report.took().toMillis() / 1e3);
    figures.put("eventsPerSecond", Math.round(report.eventsPerSecond()));
    figures.put("failures", report.failures().stream().map(SimulateCommand::told).toList());
    Files.writeString(
        json.get(),
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
  }

  private static Map<String, Object> told(Report.Failure failure) {
    return Map.of(
        "seed", failure.found().seed(),
        "message", failure.message(),
        "repeat", failure.shrunk().options(),
        "trace", failure.trace());
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw new CommandLine.ParameterException(spec.commandLine(), message);
    }
  }

  /// 90s, 10m, 2h.
  static final class Durations implements CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      try {
        var duration = Duration.parse("PT" + value);
        if (duration.isPositive()) {
          return duration;
        }
      } catch (DateTimeParseException e) {
        throw wrong(value);
      }
      throw wrong(value);
    }

    private static CommandLine.TypeConversionException wrong(String value) {
      return new CommandLine.TypeConversionException(
          "'" + value + "' is no duration; write 90s, 10m or 2h");
    }
  }

  /// Names of faults.
  static final class Faults implements CommandLine.ITypeConverter<Fault>, Iterable<String> {
    @Override
    public Fault convert(String value) {
      return Fault.of(value)
          .orElseThrow(() ->
              new CommandLine.TypeConversionException("'" + value + "' is none of " + names()));
    }

    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }

    private static List<String> names() {
      return Stream.of(Fault.values()).map(Fault::option).toList();
    }
  }
}
