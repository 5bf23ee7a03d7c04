package dev.pawl.cli;

import dev.pawl.examples.OrderGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
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
  public Integer call() {
    if (count < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--count: cannot be negative: " + count);
    }
    if (out.isEmpty()) {
      return print(spec.commandLine().getOut());
    }
    try (var writer = Files.newBufferedWriter(out.get())) {
      OrderGenerator.write(writer, count, seed);
      return 0;
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--out: " + out.get() + " cannot be written: " + e.getMessage(), e);
    }
  }

  private int print(PrintWriter out) {
    try (var writer = new BufferedWriter(new Checked(out))) {
      OrderGenerator.write(writer, count, seed);
      return 0;
    } catch (IOException e) {
      return 1;
    }
  }

  /// Tells of errors, such as a reader that has gone, which a [PrintWriter] keeps to itself.
  private static final class Checked extends Writer {
    private final PrintWriter out;

    Checked(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      out.write(text, from, length);
      if (out.checkError() || System.out.checkError()) {
        throw new IOException("the output is closed");
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    /// Leaves the output open: it is the process's own.
    @Override
    public void close() {
      out.flush();
    }
  }
}
