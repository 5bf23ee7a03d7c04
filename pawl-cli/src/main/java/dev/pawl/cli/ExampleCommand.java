package dev.pawl.cli;

import dev.pawl.examples.Approval;
import dev.pawl.examples.Callback;
import dev.pawl.examples.Imports;
import dev.pawl.examples.Parcels;
import dev.pawl.examples.Reminders;
import dev.pawl.examples.Reports;
import dev.pawl.examples.Shipments;
import dev.pawl.examples.Trips;
import dev.pawl.examples.flows.Agent;
import dev.pawl.examples.flows.Orders;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs a program of `pawl-examples`.
@Command(
    name = "example",
    description = "Runs a small program to learn from, which says what it does.",
    mixinStandardHelpOptions = true)
final class ExampleCommand implements Callable<Integer> {
  private static final Map<String, Program> PROGRAMS =
      new TreeMap<>(
          Map.of(
              "agent", Agent::main,
              "approval", Approval::main,
              "callback", Callback::main,
              "import", Imports::main,
              "orders", Orders::main,
              "parcels", Parcels::main,
              "reminders", Reminders::main,
              "reports", Reports::main,
              "shipments", Shipments::main,
              "trips", Trips::main));

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private String name;

  @Option(
      names = "--db",
      paramLabel = "FILE",
      description = "Where it keeps its runs; NAME.db without it.")
  private Optional<Path> db;

  @Override
  public Integer call() throws Exception {
    var program = PROGRAMS.get(name);
    if (program == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "there is no example " + name + "; there are " + String.join(", ", PROGRAMS.keySet()));
    }
    program.run(new String[] {db.orElse(Path.of(name + ".db")).toString()});
    return 0;
  }

  /// A main method.
  @FunctionalInterface
  private interface Program {
    void run(String[] args) throws Exception;
  }

  /// The names of the programs.
  private static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return PROGRAMS.keySet().iterator();
    }
  }
}
