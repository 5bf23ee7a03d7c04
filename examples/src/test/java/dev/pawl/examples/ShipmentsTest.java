package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Shipments.Carrier;
import dev.pawl.examples.Shipments.Order;
import dev.pawl.examples.Shipments.Parcel;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ShipmentsTest {
  @Test
  void areRunsOfTheirOwn(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Shipments::main, folder))
        .containsExactlyInAnyOrder(
            "books: label for books",
            "a lamp: label for a lamp",
            "tea: label for tea",
            "order-1/ship/run/1.books is a run of shipment",
            "order-1/ship/run/1.a lamp is a run of shipment",
            "order-1/ship/run/1.tea is a run of shipment",
            "order-1/thank is a run of letter");
  }

  @Test
  void goOnWhereTheyWereWhenTheProcessDies() {
    var carrier = new Lunch();
    var orders = Shipments.orders(Shipments.shipment(carrier), Shipments.letter(carrier));
    try (var engine = TestEngine.of(orders)) {
      var order = new Order("o", List.of(new Parcel("books", ""), new Parcel("tea", "")));
      var run = engine.start(orders, "o", order);
      engine.settle();
      assertThat(run.status()).isEqualTo(RunStatus.WAITING);
      engine.restart();
      carrier.away = false;
      engine.advance(Duration.ofSeconds(1));

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.children(Optional.empty(), 10)).hasSize(3);
      assertThat(carrier.taken).containsValues("books", "tea", "a letter").hasSize(3);
    }
  }

  /// Is away at first.
  private static final class Lunch implements Carrier {
    final Map<String, String> taken = new HashMap<>();
    boolean away = true;

    @Override
    public String take(String key, String content) throws IOException {
      if (away) {
        throw new IOException("at lunch");
      }
      taken.put(key, content);
      return "label";
    }
  }
}
