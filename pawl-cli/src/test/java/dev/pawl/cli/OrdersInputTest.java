package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class OrdersInputTest {
  @TempDir private Path folder;

  private static String good(String from, String to) {
    return Demo.GOOD.replace(from, to);
  }

  @ParameterizedTest
  @CsvSource({
    "3000000000, 1.10, 0.00",
    "10000000000000, 0.15, 0.00",
    "99999999999999999999999999, 0, 0.00",
    "1, 92233720368547758.07, 0.00",
    "2, 0000000000000000000000001.1, 2.20"
  })
  void takesNumbersOfAnySizeThatTheLedgerHolds(String quantity, String price, String total)
      throws Exception {
    var demo = new Demo(folder);

    // From a billion on the review says no, and the order completes without a charge.
    int code = demo.orders(good("2,", quantity + ",").replace("1.10", price));

    assertThat(demo.errors()).isEmpty();
    assertThat(code).isZero();
    assertThat(demo.text("ordersTotal")).isEqualTo(demo.text("bankTotal"));
    assertThat(demo.text("bankTotal")).isEqualTo(total);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2, | 0, | lines[0].quantity: not a whole number from 1 on: 0",
        "2, | -1, | lines[0].quantity: not a whole number from 1 on: -1",
        "2, | 1.0, | lines[0].quantity: not a whole number from 1 on: 1.0",
        "2, | \"2\", | lines[0].quantity: not a whole number from 1 on: \"2\"",
        "2, | null, | lines[0].quantity: not a whole number from 1 on: null",
        "1.10 | -1 | lines[0].unitPrice: not a decimal",
        "1.10 | 1.105 | lines[0].unitPrice: not a decimal",
        "1.10 | 1e3 | lines[0].unitPrice: not a decimal",
        "1.10 | .5 | lines[0].unitPrice: not a decimal",
        "1.10 | 92233720368547758.08 | lines[0].unitPrice: over 92233720368547758.07",
        "1.10 | 92233720368547758.07 | lines: the total is over 92233720368547758.07",
        "\"1.10\" | 1.10 | lines[0].unitPrice: not a string",
        "\"a\" | \"\" | id: empty",
        "\"a\" | \"\\ud800\" | id: holds half of a surrogate pair",
        "\"a\" | \"x\\udc00y\" | id: holds half of a surrogate pair",
        "\"a\" | 7 | id: not a string",
        "\"c\" | \"\\ud800\" | customer: holds half of a surrogate pair",
        "\"s\" | \"\\udfff\" | lines[0].sku: holds half of a surrogate pair",
        "\"DE\" | \"D\\n\" | country: not two letters: D\\u000a",
        "\"DE\" | \"\\u001b[2J\" | country: not two letters: \\u001b[2J",
        "\"DE\" | \"\\u2028x\" | country: not two letters: \\u2028x",
        "\"DE\" | \"👍\" | country: not two letters",
      })
  void reportsWhatIsWrongInOneLineThatNamesItsField(String from, String to, String report)
      throws Exception {
    var demo = new Demo(folder);

    int code = demo.orders("\n" + good(from, to));

    assertThat(code).isEqualTo(1);
    assertThat(demo.number("invalid")).isEqualTo(1);
    assertThat(demo.number("runs")).isZero();
    assertThat(demo.errors()).singleElement().asString().startsWith(demo.input() + ":2: " + report);
  }

  @Test
  void keepsIdsApartThatDifferInOneStrangeCharacter() throws Exception {
    var demo = new Demo(folder);
    var text = new StringBuilder();
    for (var id : new String[] {"a", "a\\u0000", "a\\u0000b", "a ", "A", "\\u00e4", "a\\u0308"}) {
      text.append(good("\"a\"", "\"" + id + "\""));
    }

    int code = demo.orders(text.toString());

    assertThat(code).isZero();
    assertThat(demo.number("completed")).isEqualTo(7);
    assertThat(demo.text("bankTotal")).isEqualTo("15.40").isEqualTo(demo.text("ordersTotal"));
  }

  @Test
  void reportsLinesThatAreNoText() throws Exception {
    var demo = new Demo(folder);
    Files.write(demo.input(), new byte[] {(byte) 0xff, '\n', '{', '\n', '[', ']', '\n', 0});

    int code = demo.ordersOf(demo.input());

    assertThat(code).isEqualTo(1);
    assertThat(demo.number("invalid")).isEqualTo(4);
    assertThat(demo.errors()).hasSize(4).allSatisfy(line -> assertThat(line).contains(": line: "));
  }

  @Test
  void reportsHugeLinesShortly() throws Exception {
    var demo = new Demo(folder);
    var text =
        good("2,", "9".repeat(10_000) + ",")
            + good("\"DE\"", "\"" + "x".repeat(10_000) + "\"")
            + "[".repeat(100_000)
            + "\n"
            + " ".repeat(2 << 20)
            + "{}\n"
            + good("\"a\"", "\"" + "i".repeat(100_000) + "\"");

    int code = demo.orders(text);

    assertThat(code).isEqualTo(1);
    assertThat(demo.number("invalid")).isEqualTo(4);
    assertThat(demo.number("completed")).isEqualTo(1);
    assertThat(demo.errors()).hasSize(4).allSatisfy(line -> assertThat(line).hasSizeLessThan(600));
  }

  @Test
  void takesAFileThatBeginsWithAMarkAndEndsWithoutAnEndOfLine() throws Exception {
    var demo = new Demo(folder);
    Files.write(
        demo.input(), ("\ufeff" + Demo.GOOD.strip() + "\r").getBytes(StandardCharsets.UTF_8));

    assertThat(demo.ordersOf(demo.input())).isZero();
    assertThat(demo.number("completed")).isEqualTo(1);
  }

  @Test
  void refusesAnInputThatIsMissingBeforeItMakesAStore() {
    var demo = new Demo(folder);

    int code = demo.ordersOf(folder.resolve("none.jsonl"));

    assertThat(code).isEqualTo(2);
    assertThat(demo.errors().getFirst())
        .isEqualTo("--input: there is no file " + folder.resolve("none.jsonl"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAnInputThatIsADirectoryBeforeItMakesAStore() throws Exception {
    var demo = new Demo(folder);
    var directory = Files.createDirectory(folder.resolve("in"));

    int code = demo.ordersOf(directory);

    assertThat(code).isEqualTo(2);
    assertThat(demo.errors().getFirst()).isEqualTo("--input: " + directory + " is a directory");
    assertThat(demo.db()).doesNotExist();
  }

  @Test
  void refusesAnInputThatCannotBeReadBeforeItMakesAStore() {
    var demo = new Demo(folder);

    // Opening it works for whoever may; reading its beginning does not.
    int code = demo.ordersOf(Path.of("/proc/self/mem"));

    assertThat(code).isEqualTo(2);
    assertThat(demo.errors().getFirst()).startsWith("--input: /proc/self/mem ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void readsAnInputThatCanBeReadOnlyOnce() throws Exception {
    var demo = new Demo(folder);
    var pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    var writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Files.writeString(pipe, Demo.GOOD);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });

    assertThat(demo.ordersOf(pipe)).isZero();
    writer.join();
    assertThat(demo.number("completed")).isEqualTo(1);
  }
}
