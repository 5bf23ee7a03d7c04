package dev.pawl.testkit.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.jackson.JacksonCodec;
import dev.pawl.store.Codec;
import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import dev.pawl.testkit.compat.Finding.NoDefinition;
import dev.pawl.testkit.compat.Finding.NodeGone;
import dev.pawl.testkit.compat.Found.Source;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Runs that are kept in files.
@Timeout(60)
final class RecordingTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("order-42.jsonl");
  }

  private Path recorded(Older older, Workflow<Order> workflow, Order order) throws Exception {
    var run = older.ran(workflow, order).getFirst();
    Recording.write(older.store(), run, file());
    return file();
  }

  private Path recorded() throws Exception {
    return recorded(new Older(), Order.reviewedOver(1_000), Order.of("order-42", 1_500));
  }

  @Test
  void arePlainLinesWithTheirStates() throws Exception {
    recorded();

    assertThat(Files.readAllLines(file()))
        .satisfiesExactly(
            header ->
                assertThat(header)
                    .startsWith("{\"recording\":1,\"run\":\"")
                    .contains("\"workflow\":\"orders\",\"version\":\"1\",\"key\":\"order-42\"")
                    .contains("\"status\":\"WAITING\"")
                    .contains("\"review\":\"" + Order.class.getName() + "\"")
                    .endsWith(
                        "\"input\":{\"id\":\"order-42\",\"total\":1500,\"currency\":\"EUR\","
                            + "\"marks\":[]}}"),
            row ->
                assertThat(row)
                    .startsWith("{\"seq\":1,\"kind\":\"LEFT\",\"branch\":\"\",\"visit\":1,")
                    .contains("\"node\":\"approve\",\"attempt\":1,\"port\":\"large\"")
                    .contains("\"next\":\"review\"")
                    .endsWith(
                        "\"state\":{\"id\":\"order-42\",\"total\":1500,\"currency\":\"EUR\","
                            + "\"marks\":[]}}"),
            end -> assertThat(end).isEqualTo("{\"rows\":1}"));
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void fitTheWorkflowThatTheyAreOf() throws Exception {
    var report = Compatibility.of(Order.reviewedOver(1_000)).check(recorded());

    assertThat(report).isEqualTo(new Report(1, List.of(), 0));
  }

  @Test
  void areCheckedAsAFolder() throws Exception {
    recorded();
    Files.copy(file(), folder.resolve("another.jsonl"));
    Files.writeString(folder.resolve("README.md"), "What these files are.");

    var report = Compatibility.of(Order.reviewedOver(2_000)).check(folder);

    assertThat(report.runs()).isEqualTo(2);
    assertThat(report.findings())
        .singleElement()
        .satisfies(found -> {
          assertThat(found.source()).isEqualTo(Source.RECORDINGS);
          assertThat(found.message())
              .isEqualTo(
                  "2 recorded runs would take another edge at `approve`: otherwise to `charge`, not"
                      + " \"large\" to `review` (orders version 1; such as order-42 in "
                      + folder.resolve("another.jsonl")
                      + ")");
        });
  }

  @Test
  void tellWhereTheRunWaits() throws Exception {
    recorded();
    var g = Order.graph();
    var approve = g.step("approve", order -> order);
    g.start(approve).path(approve, g.end());

    var report = Compatibility.of(g.build()).check(file());

    assertThat(report.findings()).extracting(Found::finding).contains(new NodeGone("review"));
  }

  @Test
  void ofRunsThatAreOverNeedTheirVersionToo() throws Exception {
    var g = Order.graph();
    var only = g.step("only", order -> order);
    g.start(only).path(only, g.end());
    recorded(new Older(), g.build(), Order.of("over", 1));
    var next = Order.graph().version("2");
    var end = next.end();
    next.start(end);

    assertThat(Compatibility.of(g.build()).check(file()).isClean()).isTrue();
    assertThat(Compatibility.of(next.build()).check(file()).findings())
        .extracting(Found::finding)
        .containsExactly(new NoDefinition());
  }

  @Test
  void holdStatesWholeThatAreStoredAsPatches() throws Exception {
    var g = Order.graph();
    var grow =
        g.step(
            "grow",
            order ->
                new Order(
                    order.id(),
                    order.total() + 1,
                    order.currency(),
                    IntStream.range(0, 2_000).mapToObj(Integer::toString).toList()));
    g.start(grow);
    var end = g.end();
    grow.when("again", order -> order.total() < 120, grow).otherwise(end);
    var workflow = g.build();

    recorded(new Older(), workflow, Order.of("large", 0));

    assertThat(Compatibility.of(workflow).check(file()).isClean()).isTrue();
    assertThat(Files.readAllLines(file()))
        .hasSize(122)
        .filteredOn(line -> line.contains("\"seq\""))
        .allSatisfy(line -> assertThat(line).contains("\"1998\",\"1999\"]}}"));
  }

  /// Stores what is no JSON, or not in one line.
  private record Odd(String before) implements Codec {
    @Override
    public Encoded encode(Object value, Type type) {
      var json = new String(bytes(new JacksonCodec().encode(value, type)), StandardCharsets.UTF_8);
      return new Encoded.Bytes((before + json).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(Encoded encoded) {
      return ((Encoded.Bytes) encoded).bytes();
    }

    @Override
    public Object decode(Encoded encoded, Type type) {
      var text = new String(bytes(encoded), StandardCharsets.UTF_8);
      assertThat(text).startsWith(before);
      var json = text.substring(before.length()).getBytes(StandardCharsets.UTF_8);
      return new JacksonCodec().decode(new Encoded.Bytes(json), type);
    }

    @Override
    public List<String> problems(Type type) {
      return List.of();
    }
  }

  @ParameterizedTest
  @CsvSource({"no JSON", "'\n'", "'\"a\" '"})
  void holdStatesOfOtherCodecsAsBase64(String before) throws Exception {
    var codec = new Odd(before);
    recorded(new Older(codec), Order.reviewedOver(1_000), Order.of("order-42", 1_500));

    var report = Compatibility.of(Order.reviewedOver(1_000)).codec(codec).check(file());

    assertThat(report).isEqualTo(new Report(1, List.of(), 0));
    assertThat(file()).content().contains("inputBase64", "stateBase64");
  }

  @Test
  void cannotBeMadeOfReferencesAndLeaveNoFileThen() {
    assertThatThrownBy(() ->
            recorded(
                new Older(Codec.references()),
                Order.reviewedOver(1_000),
                Order.of("order-42", 1_500)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("give the engine a codec");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void cannotBeMadeOfARunThatIsNotThere() {
    assertThatThrownBy(() -> Recording.write(new Older().store(), new RunId(7, 7), file()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(new RunId(7, 7).toString());
  }

  @Test
  void replaceTheFileThatIsThere() throws Exception {
    Files.writeString(file(), "older");

    recorded();

    assertThat(Compatibility.of(Order.reviewedOver(1_000)).check(file()).isClean()).isTrue();
  }

  private void assertBad(String text, String message) throws IOException {
    Files.writeString(file(), text);

    assertThatThrownBy(() -> Compatibility.of(Order.reviewedOver(1_000)).check(file()))
        .isInstanceOf(BadRecording.class)
        .hasMessageStartingWith(file() + ":")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | \"recording\":1      | \"recording\":2     | the format is 2",
        "1 | \"recording\":1      | \"recordings\":1    | this is no recording",
        "1 | \"workflow\":        | \"flow\":           | workflow: missing",
        "1 | \"key\":\"order-42\" | \"key\":42          | key: not a text",
        "1 | WAITING              | SLEEPING            | status: SLEEPING has no meaning here",
        "1 | \"types\":           | \"kinds\":          | types: missing",
        "1 | \"input\":           | \"output\":         | input: missing",
        "2 | \"seq\":1            | \"seq\":2           | row 1 should be here, not 2",
        "2 | \"kind\":\"LEFT\"    | \"kind\":\"FLEW\"   | kind: FLEW has no meaning here",
        "2 | \"visit\":1          | \"visit\":\"one\"   | visit: not a whole number",
        "2 | \"node\":            | \"knot\":           | node: missing",
        "2 | \"seq\"              | \"state\":{},\"seq\" | seq: a state must come last",
        "2 | ,\"state\"           | ,,\"state\"         | this is no JSON",
        "3 | \"rows\":1           | \"rows\":2          | there are 1 rows above, not 2",
      })
  void sayWhichLineIsWrong(int line, String right, String wrong, String message) throws Exception {
    var lines = Files.readAllLines(recorded());
    assertThat(lines.get(line - 1)).contains(right);
    lines.set(line - 1, lines.get(line - 1).replaceFirst(right, wrong.replace("\\", "\\\\")));

    assertBad(String.join("\n", lines) + "\n", ":" + line + ": ");
    assertBad(String.join("\n", lines) + "\n", message);
  }

  @Test
  void sayThatTheyWereCutOrGrew() throws Exception {
    var text = Files.readString(recorded());
    var firstLine = text.lines().findFirst().orElseThrow() + "\n";

    assertBad("", ":1: the file is empty");
    assertBad(text.substring(0, 40), ":1: the line has no end");
    assertBad(firstLine, ":2: the file was cut after 0 rows; record the run again");
    assertBad(
        text.lines().limit(2).collect(Collectors.joining("\n")) + "\n", ":3: the file was cut");
    assertBad(text + text, ":3: this is the last line of a recording, but more follows");
    assertBad("[1]\n", ":1: a line of a recording is a JSON object");
    assertBad("{} {}\n", ":1: more follows");
  }

  @Test
  void areMissedWhereThereAreNone() {
    assertThatThrownBy(() -> Compatibility.of().check(folder))
        .isInstanceOf(BadRecording.class)
        .hasMessageContaining(folder + " holds no recordings");
    assertThatThrownBy(() -> Compatibility.of().check(file()))
        .isInstanceOf(NoSuchFileException.class);
  }
}
