package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenFileTest {
  @TempDir private Path folder;
  private final Shop shop = new Shop();

  private static TestRun<Shop.Order> shipped(TestEngine engine, Shop shop) {
    var run = engine.start(shop.orders, "o-1", Shop.ORDER);
    engine.advance(Shop.COOLING_OFF);
    return run;
  }

  @Test
  void recordsPathAndStatesAndFailsTheFirstTime() throws IOException {
    var file = folder.resolve("golden/order.txt");
    try (var engine = TestEngine.of(shop.orders)) {
      var run = shipped(engine, shop);

      assertThatThrownBy(() -> GoldenFile.of(file).check(run))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("there was no " + file);

      assertThat(file)
          .hasContent(
              """
              run o-1 of orders
                start
                    id = o-1
                    lines[0] = tv
                    lines[1] = cable
                    payment = ""
                    invoice = ""
                    label = ""
                check
                charge
                    payment = p1
                papers/invoice [/3.0]
                    = i-o-1
                papers/pack [/3.1]
                    = l-o-1
                papers
                    invoice = i-o-1
                    label = l-o-1
                cooling off
                ship
                completed at shipped
              """);
      GoldenFile.of(file).check(run);
    }
  }

  @Test
  void isTheSameForARunWithFaults() throws IOException {
    var file = folder.resolve("order.txt");
    try (var engine = TestEngine.of(shop.orders)) {
      var run = shipped(engine, shop);
      assertThatThrownBy(() -> GoldenFile.of(file).check(run));
    }

    var again = new Shop();
    try (var engine = TestEngine.of(again.orders)) {
      engine.at("charge").fails(1, IOException::new).crashesAfterEffect(1);
      engine.at("papers/pack").crashesAfterEffect(1);
      var run = engine.start(again.orders, "o-1", Shop.ORDER);
      engine.settle();
      engine.restart();
      engine.advance(Shop.COOLING_OFF);

      GoldenFile.of(file).check(run);
    }
  }

  @Test
  void showsTheLinesThatDiffer() throws IOException {
    var file = folder.resolve("order.txt");
    try (var engine = TestEngine.of(shop.orders)) {
      var run = shipped(engine, shop);
      assertThatThrownBy(() -> GoldenFile.of(file).check(run));
      Files.write(
          file,
          Files.readAllLines(file).stream()
              .filter(line -> !line.endsWith("cooling off"))
              .map(line -> line.replace("payment = p1", "payment = p7"))
              .toList());

      assertThatThrownBy(() -> GoldenFile.of(file).check(run))
          .isInstanceOf(AssertionError.class)
          .hasMessage(
              "what happened is not what "
                  + file
                  + " records (-); if the new course (+) is right, test once with"
                  + " -Dpawl.golden=rewrite\n"
                  + String.join(
                      "\n",
                      List.of(
                          "  ...",
                          "    check",
                          "    charge",
                          "-       payment = p7",
                          "+       payment = p1",
                          "    papers/invoice [/3.0]",
                          "        = i-o-1",
                          "  ...",
                          "        invoice = i-o-1",
                          "        label = l-o-1",
                          "+   cooling off",
                          "    ship",
                          "    completed at shipped")));
    }
  }

  @Test
  void isRewrittenWhenTheTesterSaysSo() throws IOException {
    var file = folder.resolve("order.txt");
    Files.writeString(file, "something else\n");
    try (var engine = TestEngine.of(shop.orders)) {
      var run = shipped(engine, shop);

      System.setProperty("pawl.golden", "rewrite");
      try {
        GoldenFile.of(file).check(run);
      } finally {
        System.clearProperty("pawl.golden");
      }

      GoldenFile.of(file).check(run);
    }
  }

  @Test
  void recordsFailuresAndRunsThatAreStillOpen() {
    var file = folder.resolve("two.txt");
    try (var engine = TestEngine.of(shop.orders)) {
      engine.at("charge").fails(8, () -> new IOException("bank is down"));
      var failed = engine.start(shop.orders, "o-1", Shop.ORDER);
      engine.settle();
      var open = engine.start(shop.orders, "o-2", Shop.ORDER);
      engine.settle();

      assertThatThrownBy(() -> GoldenFile.of(file).check(failed, open));

      assertThat(file)
          .content()
          .contains("charge failed: java.io.IOException: bank is down\n", "still open\n");
    }
  }
}
