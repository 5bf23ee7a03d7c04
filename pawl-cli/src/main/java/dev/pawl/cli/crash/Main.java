package dev.pawl.cli.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command line of the crash rig.
@Command(
    name = "pawl-crash",
    description = "Kills the demonstration of the orders while it works, and audits what is left.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:Nothing was lost or done twice", "1:Something was", "2:Unusable arguments"})
public final class Main implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--kills", defaultValue = "20", description = "How many processes to kill.")
  private int kills;

  @Option(names = "--seed", defaultValue = "0", description = "Picks orders, failures and times.")
  private long seed;

  @Option(names = "--orders", defaultValue = "100", description = "How many orders a round has.")
  private int orders;

  @Option(names = "--json", description = "A file to write the report to.")
  private Optional<Path> json;

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (kills < 1 || orders < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--kills and --orders: must be positive");
    }
    if (json.isPresent()) {
      write(json.get(), ""); // better found out now than after an hour
    }
    var folder = Files.createTempDirectory("pawl-crash");
    var report = new CrashRig(folder, seed, orders).run(kills);
    if (json.isPresent()) {
      write(json.get(), report.json() + System.lineSeparator());
    }
    var out = spec.commandLine().getOut();
    out.println(report.json());
    out.flush();
    if (!report.findings().isEmpty()) {
      spec.commandLine().getErr().println("the files of the last round are in " + folder);
      return 1;
    }
    delete(folder);
    return 0;
  }

  private void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--json: " + file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
