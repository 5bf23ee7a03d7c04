package dev.pawl.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Settings> used = new ArrayList<>();

  @Test
  void endsWithZeroWhenEveryBarIsKept() {
    int exit = execute("fine");

    assertThat(exit).isZero();
    assertThat(out.toString()).contains("fine: figure", "yes").doesNotContain("missed");
  }

  @Test
  void endsWithOneWhenABarIsMissed() {
    assertThat(execute("fine", "missed")).isOne();
    assertThat(out.toString()).contains("fine: figure", "missed: figure", "NO");
  }

  @Test
  void endsWithOneWhenAResultIsWrongAndMeasuresTheRest() {
    assertThat(execute()).isOne();
    assertThat(out.toString()).contains("fine: figure", "broken: ", "two is not three");
  }

  @Test
  void refusesAnUnknownNameWithTheNearestAndAllNames() {
    int exit = execute("fine", "mised");

    assertThat(exit).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "pawl-bench: there is no measurement 'mised'; did you mean 'missed'? there are: fine,"
                + " missed, wrong\n");
    assertThat(used).isEmpty();
  }

  @Test
  void suggestsNothingForANameThatIsFarFromAll() {
    assertThat(execute("throughput")).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("did you mean").contains("fine, missed, wrong");
  }

  @Test
  void refusesUnusableArguments() {
    assertThat(execute("--repetitions", "0", "fine")).isEqualTo(2);
    assertThat(execute("--repetitions", "many", "fine")).isEqualTo(2);
    assertThat(execute("--dir", directory.resolve("missing").toString(), "fine")).isEqualTo(2);
    assertThat(execute("--no-such-option")).isEqualTo(2);
    assertThat(used).isEmpty();
  }

  @Test
  void measuresWithTheGivenRepetitionsSeedAndDirectory() {
    execute("--repetitions", "3", "--seed", "42", "--dir", directory.toString(), "fine");

    assertThat(used).hasSize(1);
    assertThat(used.getFirst().repetitions()).isEqualTo(3);
    assertThat(used.getFirst().seed()).isEqualTo(42);
    assertThat(used.getFirst().directory()).isEqualTo(directory);
    assertThat(out.toString()).contains("median of 3, seed 42");
  }

  @Test
  void measuresFiveRepetitionsUnlessToldOtherwise() {
    execute("fine");

    assertThat(used.getFirst().repetitions()).isEqualTo(5);
  }

  @Test
  void writesJsonBesideTheTable() throws Exception {
    var file = directory.resolve("figures.json");

    execute("--json", file.toString(), "fine");

    assertThat(Files.readString(file)).contains("\"name\" : \"figure\"");
    assertThat(out.toString()).contains("fine: figure");
  }

  @Test
  void listsAllMeasurementsInItsHelp() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).contains("fine    30 % of something", "missed  ", "wrong   ");
  }

  private int execute(String... arguments) {
    var catalogue =
        new Catalogue(
            List.of(
                scenario("fine", new Limit.AtMost(2)),
                scenario("missed", new Limit.AtMost(1)),
                new Sample(
                    "wrong",
                    settings -> {
                      throw new WrongResult("two is not three");
                    })));
    return Main.commandLine(catalogue)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private Scenario scenario(String name, Limit limit) {
    return new Sample(
        name,
        settings -> {
          used.add(settings);
          return List.of(Row.of("figure", 2, "ns", Bar.value(limit)));
        });
  }

  /// A scenario that does as told.
  private record Sample(String name, Work work) implements Scenario {
    interface Work {
      List<Row> measure(Settings settings) throws Exception;
    }

    @Override
    public String about() {
      return "30 % of something";
    }

    @Override
    public List<Row> measure(Settings settings) throws Exception {
      return work.measure(settings);
    }
  }
}
