package dev.pawl.cli;

import dev.pawl.examples.Bank;
import dev.pawl.examples.Faults;
import dev.pawl.examples.OrderLines;
import dev.pawl.examples.Orders;
import dev.pawl.workflow.PawlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs one durable workflow for each order of a file.
@Command(
    name = "orders",
    description = {
      "Runs one durable workflow for each order of a JSON Lines file.",
      "Killed at any point and started again, it goes on where it was."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All runs completed and no line was invalid",
      "1:A run failed, or a line was invalid",
      "2:Unusable arguments",
      "4:The store or the bank is locked, foreign, full or read-only",
      "130:Interrupted"
    })
final class OrdersCommand implements Callable<Integer> {
  private static final String SAMPLE = "orders.jsonl";
  private static final int LONGEST = 200;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--input",
      description = "The orders, an object a line; without it, a sample of 1,000.")
  private Optional<Path> input;

  @Option(names = "--db", defaultValue = "pawl.db", description = "The store's file.")
  private Path db;

  @Option(
      names = "--fail-rate",
      defaultValue = "0",
      description = "The share of step attempts that fail, from 0 to 1.")
  private double failRate;

  @Option(names = "--seed", defaultValue = "0", description = "Picks which attempts fail.")
  private long seed;

  @Option(names = "--concurrency", defaultValue = "64", description = "Runs at once.")
  private int concurrency;

  @Option(names = "--json", description = "Prints one JSON object instead of a table.")
  private boolean json;

  @Override
  public Integer call() {
    check(failRate >= 0 && failRate <= 1, "--fail-rate: not between 0 and 1: " + failRate);
    check(concurrency >= 1, "--concurrency: not positive: " + concurrency);
    var err = spec.commandLine().getErr();
    var form = Boolean.getBoolean("pawl.terminal") ? Progress.Form.BAR : Progress.Form.LINES;
    try (var orders = open()) {
      var tally = new Tally(lines());
      var demo = new OrdersDemo(db, new Faults(failRate, seed), concurrency, tally);
      var summary = demo.run(orders, name(), () -> new Progress(err, form, tally));
      print(spec.commandLine().getOut(), summary);
      return summary.isClean() ? 0 : 1;
    } catch (PawlException | Bank.Unusable e) {
      err.println(oneLine(String.valueOf(e.getMessage())));
      return 4;
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--input: " + name() + " cannot be read: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      return 130;
    } finally {
      err.flush();
    }
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw new CommandLine.ParameterException(spec.commandLine(), message);
    }
  }

  private String name() {
    return input.map(Path::toString).orElse(SAMPLE);
  }

  private InputStream open() throws IOException {
    if (input.isEmpty()) {
      return Objects.requireNonNull(Orders.class.getResourceAsStream("/" + SAMPLE), SAMPLE);
    }
    var file = input.get();
    check(Files.exists(file), "--input: there is no file " + file);
    check(!Files.isDirectory(file), "--input: " + file + " is a directory");
    check(Files.isReadable(file), "--input: " + file + " cannot be read; check its permissions");
    return Files.newInputStream(file);
  }

  /// How many lines there are, unless the input can be read only once.
  private OptionalLong lines() throws IOException {
    if (input.isPresent() && !Files.isRegularFile(input.get())) {
      return OptionalLong.empty();
    }
    try (var orders = open()) {
      return OptionalLong.of(OrderLines.count(orders));
    }
  }

  private void print(PrintWriter out, Summary summary) {
    out.println(json ? summary.json() : summary.table());
    out.flush();
  }

  /// An invalid line as it is reported.
  static String report(String file, OrderLines.Bad bad) {
    return oneLine(file + ":" + bad.line() + ": " + bad.field() + ": " + cut(bad.message()));
  }

  private static String cut(String message) {
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
  }

  /// A text without what would end its line, or tell a terminal to do something.
  static String oneLine(String text) {
    var line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      switch (Character.getType(each)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            line.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
        default -> line.append(each);
      }
    }
    return line.toString();
  }
}
