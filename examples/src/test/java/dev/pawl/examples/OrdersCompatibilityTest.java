package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.examples.Order.Line;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.testkit.compat.Compatibility;
import dev.pawl.testkit.compat.Recording;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Orders that older builds left, as `docs/compatibility.md` shows them.
@Timeout(60)
class OrdersCompatibilityTest {
  private static final Path KEPT = Path.of("src/test/resources/recordings/0.1");

  @TempDir private Path folder;

  /// A charge that does not come back, so that its run stays open.
  private static final class SlowCashier implements Orders.Cashier {
    private final CountDownLatch asked = new CountDownLatch(1);

    @Override
    public String charge(String key, String order, BigDecimal amount) throws InterruptedException {
      asked.countDown();
      new CountDownLatch(1).await();
      return key;
    }

    @Override
    public void voidCharge(String key) {
      throw new IllegalStateException("nothing was charged by " + key);
    }
  }

  private static Order order(String id, String price) {
    return Order.of(
        id, "c-1", "DE", List.of(new Line("sku-1", BigInteger.ONE, new BigDecimal(price))));
  }

  /// A file in which the order is about to be charged.
  private Path openOrder(String id, String price) throws InterruptedException {
    var file = folder.resolve("pawl.db");
    var cashier = new SlowCashier();
    var orders = Orders.workflow(cashier, Faults.NONE);
    try (var engine = Engine.builder().sqlite(file).register(orders).start()) {
      engine.start(orders, id, order(id, price));
      cashier.asked.await();
      engine.close(Duration.ofMillis(20));
    }
    return file;
  }

  @Test
  void openOrdersFitTodaysBuild() throws Exception {
    var file = openOrder("order-42", "1500.00");

    try (var store = SqliteStore.openToRead(file)) {
      Compatibility.of(Orders.workflow()).check(store).verify();
    }
    try (var store = SqliteStore.openToRead(file)) {
      assertThat(Compatibility.of().check(store).isClean()).isFalse();
    }
  }

  @Test
  void ordersCanBeRecorded() throws Exception {
    var file = openOrder("order-42", "1500.00");
    var recordings = folder;

    try (var store = SqliteStore.openToRead(file)) {
      var run = store.find("orders", "order-42").orElseThrow();
      Recording.write(store, run.id(), recordings.resolve("order-42.jsonl"));
    }

    assertThat(Files.readAllLines(folder.resolve("order-42.jsonl"))).hasSize(5);
  }

  @Test
  void recordedOrdersFitTodaysBuild() throws IOException {
    var recordings = KEPT;

    Compatibility.of(Orders.workflow()).check(recordings).verify();

    assertThat(Compatibility.of(Orders.workflow()).check(recordings).runs()).isEqualTo(2);
  }
}
