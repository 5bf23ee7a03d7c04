package dev.pawl.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The demonstrations.
@Command(
    name = "demo",
    description = "Demonstrations that run real workflows.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {OrdersCommand.class, GenerateOrdersCommand.class})
final class DemoCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "demo needs a command: orders or generate-orders");
  }
}
