package dev.pawl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The demonstration on files of its own, in this process.
final class Demo {
  static final String GOOD =
      """
      {"id":"a","customer":"c","country":"DE","lines":[{"sku":"s","quantity":2,"unitPrice":"1.10"}]}
      """;

  private final Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  Demo(Path folder) {
    this.folder = folder;
  }

  Path db() {
    return folder.resolve("pawl.db");
  }

  Path bank() {
    return folder.resolve("pawl.db.bank");
  }

  Path input() {
    return folder.resolve("in.jsonl");
  }

  int run(String... arguments) {
    return new CommandLine(new DemoCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  int orders(String text, String... more) throws IOException {
    Files.writeString(input(), text);
    return ordersOf(input(), more);
  }

  int ordersOf(Path input, String... more) {
    var arguments =
        new ArrayList<>(
            List.of("orders", "--json", "--db", db().toString(), "--input", input.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  String out() {
    return out.toString();
  }

  /// What it says beside how far it is.
  List<String> errors() {
    return err.toString().lines().filter(line -> !line.contains(" runs, ")).toList();
  }

  JsonNode summary() {
    return new JsonMapper().readTree(out.toString());
  }

  long number(String name) {
    return summary().get(name).longValue();
  }

  String text(String name) {
    return summary().get(name).stringValue();
  }
}
