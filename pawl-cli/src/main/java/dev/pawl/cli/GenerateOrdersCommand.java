package dev.pawl.cli;

import dev.pawl.examples.OrderGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Makes up orders for the demonstration.
@Command(
    name = "generate-orders",
    description = "Makes up orders, as JSON Lines; the same seed gives the same bytes.",
    mixinStandardHelpOptions = true)
final class GenerateOrdersCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--count", required = true, description = "How many orders.")
  private int count;

  @Option(names = "--seed", required = true, description = "Picks which.")
  private long seed;

  @Option(names = "--out", description = "The file to write; the standard output without it.")
  private Optional<Path> out;

  @Override
  public Integer call() throws IOException {
    if (count < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--count: cannot be negative: " + count);
    }
    if (out.isEmpty()) {
      var writer = spec.commandLine().getOut();
      OrderGenerator.write(writer, count, seed);
      writer.flush();
      return writer.checkError() ? 1 : 0;
    }
    try (var writer = Files.newBufferedWriter(out.get())) {
      OrderGenerator.write(writer, count, seed);
      return 0;
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--out: " + out.get() + " cannot be written: " + e.getMessage(), e);
    }
  }
}
