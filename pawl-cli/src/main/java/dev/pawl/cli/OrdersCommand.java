package dev.pawl.cli;

import dev.pawl.examples.Faults;
import dev.pawl.examples.OrderLines;
import dev.pawl.examples.Orders;
import dev.pawl.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
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
      "4:The store is locked, foreign, full or read-only",
      "130:Interrupted"
    })
final class OrdersCommand implements Callable<Integer> {
  private static final String SAMPLE = "orders.jsonl";

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
  public Integer call() throws InterruptedException {
    check(failRate >= 0 && failRate <= 1, "--fail-rate: not between 0 and 1: " + failRate);
    check(concurrency >= 1, "--concurrency: not positive: " + concurrency);
    var err = spec.commandLine().getErr();
    try (var orders = open()) {
      var demo = new OrdersDemo(db, new Faults(failRate, seed), concurrency, err);
      var summary = demo.run(orders, name());
      print(spec.commandLine().getOut(), summary);
      return summary.isClean() ? 0 : 1;
    } catch (StoreException e) {
      err.println(e.getMessage());
      return 4;
    } catch (SQLException e) {
      err.println(db + ".bank: " + e.getMessage());
      return 4;
    } catch (IOException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--input: " + name() + " cannot be read: " + e.getMessage(), e);
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
    return input.isPresent()
        ? Files.newInputStream(input.get())
        : Objects.requireNonNull(Orders.class.getResourceAsStream("/" + SAMPLE), SAMPLE);
  }

  private void print(PrintWriter out, Summary summary) {
    out.println(json ? summary.json() : summary.table());
    out.flush();
  }

  /// The name that an invalid line is reported under.
  static String report(String file, OrderLines.Bad bad) {
    return file + ":" + bad.line() + ": " + bad.field() + ": " + bad.message();
  }
}
