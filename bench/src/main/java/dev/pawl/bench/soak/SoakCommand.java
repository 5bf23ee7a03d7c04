package dev.pawl.bench.soak;

import dev.pawl.bench.measure.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Loads an engine at a constant rate, and tells whether heap and latency stay flat.
@Command(
    name = "soak",
    description = "Runs at a constant rate on SQLite: do heap and latency stay flat?",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:heap, latency, open runs and threads were flat",
      " 1:one was not, or a run did not end as it should",
      " 2:unusable arguments"
    })
public final class SoakCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "30m",
      description = "How long: 90s, 30m, 2h (${DEFAULT-VALUE}).")
  private Duration length = Duration.ZERO;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "How long a window is (${DEFAULT-VALUE}).")
  private Duration window = Duration.ZERO;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "300",
      description = "Runs a second (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "The delay of each run (${DEFAULT-VALUE}).")
  private Duration delay = Duration.ZERO;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the store is put while it is needed; about 2 GB for 30 minutes (here).")
  private Path directory = Path.of(".");

  /// The command with its kinds of arguments.
  public static CommandLine commandLine() {
    return new CommandLine(new SoakCommand())
        .registerConverter(
            Duration.class, text -> Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
  }

  @Override
  public Integer call() throws Exception {
    if (rate < 1 || !window.isPositive() || delay.isNegative()) {
      throw unusable("--rate and --every must be positive, --delay not negative");
    }
    long windows = length.dividedBy(window);
    if (windows < Flatness.FEWEST || windows > Integer.MAX_VALUE) {
      throw unusable("--for: at least " + Flatness.FEWEST + " times --every");
    }
    if (!Files.isDirectory(directory)) {
      throw unusable("--dir: there is no directory " + directory);
    }
    var out = spec.commandLine().getOut();
    try (var place = new Settings(1, 0, directory, this::say).workplace()) {
      var seen = new Soak(place.file("soak.db"), rate, delay, this::say).run(window, (int) windows);
      var verdict = Flatness.of(seen);
      verdict.lines().forEach(out::println);
      out.flush();
      return verdict.flat() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private void say(String line) {
    var out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private CommandLine.ParameterException unusable(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
