package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.SqliteStore;
import dev.pawl.workflow.RunStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OrdersCommandTest {
  private static final String GOOD =
      """
      {"id":"a","customer":"c","country":"DE","lines":[{"sku":"s","quantity":2,"unitPrice":"1.10"}]}
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new DemoCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String db() {
    return folder.resolve("pawl.db").toString();
  }

  private Path input(String text) throws Exception {
    return Files.writeString(folder.resolve("in.jsonl"), text);
  }

  private int orders(String text, String... more) throws Exception {
    var arguments =
        new java.util.ArrayList<>(
            List.of("orders", "--json", "--db", db(), "--input", input(text).toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private JsonNode summary() {
    return new JsonMapper().readTree(out.toString());
  }

  @Test
  void completesEveryOrderAndAgreesWithTheBank() throws Exception {
    int code = orders(GOOD);

    assertThat(code).isZero();
    assertThat(summary().get("completed").intValue()).isEqualTo(1);
    assertThat(summary().get("ordersTotal").stringValue()).isEqualTo("2.20");
    assertThat(summary().get("bankTotal").stringValue()).isEqualTo("2.20");
  }

  @Test
  void findsItsWorkDoneWhenStartedAgain() throws Exception {
    orders(GOOD);
    out.getBuffer().setLength(0);

    int code = orders(GOOD);

    assertThat(code).isZero();
    assertThat(summary().get("steps").intValue()).isEqualTo(7);
    assertThat(summary().get("bankTotal").stringValue()).isEqualTo("2.20");
  }

  @Test
  void reportsEachInvalidLineWithFileLineAndFieldAndGoesOn() throws Exception {
    var text =
        "not json\n\n"
            + GOOD
            + GOOD
            + GOOD.replace("\"quantity\":2", "\"quantity\":0")
            + GOOD.replace("1.10", "1.105")
            + GOOD.replace("\"DE\"", "\"DEU\"")
            + GOOD.replace("\"id\":\"a\",", "")
            + "{\"id\":\"b\",\"customer\":\"c\",\"country\":\"DE\",\"lines\":[]}";

    int code = orders(text);

    assertThat(code).isEqualTo(1);
    assertThat(summary().get("runs").intValue()).isEqualTo(1);
    assertThat(summary().get("invalid").intValue()).isEqualTo(6);
    assertThat(err.toString())
        .contains("in.jsonl:1: line: ")
        .contains("in.jsonl:5: lines[0].quantity: ")
        .contains("in.jsonl:6: lines[0].unitPrice: ")
        .contains("in.jsonl:7: country: ")
        .contains("in.jsonl:8: id: missing")
        .contains("in.jsonl:9: lines: ");
  }

  @Test
  void voidsWhatWasBookedWhenEveryAttemptFails() throws Exception {
    int code = orders(GOOD, "--fail-rate", "1", "--seed", "3");

    assertThat(code).isEqualTo(1);
    assertThat(summary().get("failed").intValue()).isEqualTo(1);
    assertThat(summary().get("bankTotal").stringValue()).isEqualTo("0.00");
    assertThat(summary().get("ordersTotal").stringValue()).isEqualTo("0.00");
  }

  @Test
  void refusesUnusableArguments() throws Exception {
    assertThat(orders(GOOD, "--fail-rate", "2")).isEqualTo(2);
    assertThat(orders(GOOD, "--concurrency", "0")).isEqualTo(2);
    assertThat(orders(GOOD, "--nonsense")).isEqualTo(2);
    assertThat(run("orders", "--db", db(), "--input", folder.resolve("none").toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("none");
  }

  @Test
  void saysThatAnotherEngineHasTheStore() throws Exception {
    try (var store = SqliteStore.open(Path.of(db()));
        var writer = store.writer()) {

      int code = orders(GOOD);

      assertThat(code).isEqualTo(4);
      assertThat(writer.id()).isPositive();
      assertThat(err.toString()).contains("in use by another engine");
    }
  }

  @Test
  void saysThatAFileIsNoStore() throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + db());
        var statement = connection.createStatement()) {
      statement.execute("create table other (id integer)");
    }

    assertThat(orders(GOOD)).isEqualTo(4);
    assertThat(err.toString()).contains("is not a Pawl store");
  }

  @Test
  void saysThatATextFileIsNoStore() throws Exception {
    Files.writeString(Path.of(db()), "hello, I am no database at all. ".repeat(100));

    assertThat(orders(GOOD)).isEqualTo(4);
    assertThat(err.toString()).contains("is not a Pawl store");
  }

  @Test
  void generatesTheSameBytesForTheSameSeed() {
    assertThat(run("generate-orders", "--count", "50", "--seed", "7")).isZero();
    var first = out.toString();
    out.getBuffer().setLength(0);

    run("generate-orders", "--count", "50", "--seed", "7");

    assertThat(out.toString()).isEqualTo(first).hasLineCount(50);
  }

  @Test
  void doesNotWaitForARunThatIsPaused() throws Exception {
    orders(GOOD);
    try (var store = DriverManager.getConnection("jdbc:sqlite:" + db());
        var update = store.prepareStatement("update run set status = ?")) {
      update.setInt(1, RunStatus.PAUSED.ordinal());
      update.executeUpdate();
    }

    int code = orders(GOOD);

    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines()).contains("order a is paused, and is left so");
  }
}
