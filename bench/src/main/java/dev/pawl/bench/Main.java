package dev.pawl.bench;

import dev.pawl.bench.durable.DurableScenarios;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.micro.MicroScenarios;
import dev.pawl.bench.soak.SoakCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Measures Pawl against its bars.
@Command(
    name = "pawl-bench",
    description = "Measures Pawl and compares each figure with its bar.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:every bar was kept",
      " 1:a bar was missed, or a measurement could not be made",
      " 2:unusable arguments"
    },
    footerHeading = "%nMeasurements:%n")
public final class Main implements Callable<Integer> {
  private static final int SEEDS = 1_000_000;
  private static final int WIDTH = 120;
  private final Catalogue catalogue;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "What to measure; everything without a name.")
  private List<String> names = List.of();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the figures to this file, as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "5",
      description = "Warm repetitions that each figure is the median of (${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Where random work begins; drawn and printed without it.")
  private @Nullable Long seed;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where databases are put while they are needed; the disk counts (here).")
  private Path directory = Path.of(".");

  Main(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  public static void main(String[] args) {
    var scenarios = new ArrayList<Scenario>();
    scenarios.addAll(MicroScenarios.all());
    scenarios.addAll(DurableScenarios.all());
    System.exit(commandLine(new Catalogue(scenarios)).execute(args));
  }

  static CommandLine commandLine(Catalogue catalogue) {
    var command = new CommandLine(new Main(catalogue));
    command.addSubcommand(SoakCommand.commandLine());
    command
        .getCommandSpec()
        .usageMessage()
        .width(WIDTH)
        .footer(catalogue.listing().replace("%", "%%").split("\n"));
    command.setParameterExceptionHandler((problem, args) -> {
      problem.getCommandLine().getErr().println("pawl-bench: " + problem.getMessage());
      return CommandLine.ExitCode.USAGE;
    });
    return command;
  }

  @Override
  public Integer call() throws IOException {
    if (repetitions < 1) {
      throw unusable("--repetitions: at least 1, not " + repetitions);
    }
    if (!Files.isDirectory(directory)) {
      throw unusable("--dir: there is no directory " + directory);
    }
    var problem = catalogue.problem(names);
    if (problem.isPresent()) {
      throw unusable(problem.get());
    }
    var report = measure(catalogue.select(names));
    var out = spec.commandLine().getOut();
    out.print(Table.of(report));
    out.flush();
    if (json != null) {
      Files.writeString(json, JsonReport.of(report));
    }
    return report.passes() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private Report measure(List<Scenario> selected) {
    var progress = spec.commandLine().getErr();
    long start = seed != null ? seed : new SecureRandom().nextInt(SEEDS);
    var settings = new Settings(repetitions, start, directory, what -> say(progress, "  " + what));
    var outcomes = new ArrayList<Outcome>();
    for (var scenario : selected) {
      say(progress, scenario.name() + ": " + scenario.about());
      outcomes.add(outcome(scenario, settings));
    }
    return new Report(Machine.here(), repetitions, start, outcomes);
  }

  private static Outcome outcome(Scenario scenario, Settings settings) {
    try {
      return new Outcome.Measured(scenario.name(), scenario.measure(settings));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Broken(scenario.name(), "interrupted");
    } catch (Exception e) {
      return new Outcome.Broken(scenario.name(), e.toString());
    }
  }

  private static void say(PrintWriter progress, String what) {
    progress.println(what);
    progress.flush();
  }

  private CommandLine.ParameterException unusable(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
