package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Run;
import dev.pawl.examples.Order.Line;
import dev.pawl.examples.Order.Status;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.testkit.FakeContext;
import dev.pawl.testkit.GoldenFile;
import dev.pawl.testkit.TestEngine;
import dev.pawl.testkit.TestEngines;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Orders in virtual time, as `docs/testing.md` shows them: the bank is a fake, the steps are not.
class OrdersTest {
  @RegisterExtension final TestEngines engines = new TestEngines();

  final Map<String, BigDecimal> booked = new LinkedHashMap<>();
  final Orders.Cashier bank =
      new Orders.Cashier() {
        @Override
        public String charge(String key, String order, BigDecimal amount) {
          booked.putIfAbsent(key, amount);
          return "receipt-" + order;
        }

        @Override
        public void voidCharge(String key) {
          booked.remove(key);
        }
      };
  final Workflow<Order> orders = Orders.workflow(bank, Faults.NONE);
  final Order order =
      Order.of(
          "o-1", "c-1", "DE", List.of(new Line("tv", BigInteger.ONE, new BigDecimal("1500.00"))));

  @TempDir Path folder;

  /// A customer who is to be asked how it was.
  record Survey(String customer, Instant shipped, boolean sent) {}

  static Workflow<Survey> surveys() {
    var g = Workflow.graph("surveys", Survey.class);
    var wait = g.delay("wait", survey -> survey.shipped().plus(Duration.ofDays(30)));
    var send = g.step("send", survey -> new Survey(survey.customer(), survey.shipped(), true));
    g.start(wait).path(wait, send, g.end("asked"));
    return g.build();
  }

  @Test
  void shipsAnOrderAfterAReview() {
    try (var engine = TestEngine.of(orders)) {
      var run = engine.start(orders, "o-1", order);

      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().status()).isEqualTo(Status.SHIPPED);
      assertThat(run.path())
          .containsExactly(
              "validate",
              "reserve",
              "review",
              "charge",
              "papers/invoice",
              "papers/pack",
              "papers",
              "ship",
              "shipped");
    }
  }

  @Test
  void asksTheCustomerAfterThirtyDays() {
    var surveys = surveys();
    var engine = engines.of(surveys);
    var run = engine.start(surveys, "c-1", new Survey("c-1", engine.now(), false));

    engine.settle();
    assertThat(run.waitingAt()).containsExactly("wait");

    engine.advance(Duration.ofDays(29));
    assertThat(run.state().sent()).isFalse();

    engine.advance(Duration.ofDays(1));
    assertThat(run.state().sent()).isTrue();
  }

  @Test
  void chargesOnceThoughTheProcessDiesAfterCharging() {
    var engine = engines.of(orders);
    engine.at("charge").fails(2, () -> new IOException("bank is down")).crashesAfterEffect(1);
    var run = engine.start(orders, "o-1", order);

    engine.settle();

    assertThat(run.attempts("charge")).isEqualTo(4);
    assertThat(booked).hasSize(1);
  }

  @Test
  void takesTheMoneyBackWhenThereIsNoLabel() throws Exception {
    var engine = engines.of(orders);
    engine.at("papers/pack").fails(10, () -> new IOException("printer is out"));
    var run = engine.start(orders, "o-1", order);

    var result = run.result(Duration.ofHours(1));

    assertThat(result).isInstanceOf(Run.Result.Failed.class);
    assertThat(run.attempts("papers/pack")).isEqualTo(10);
    assertThat(booked).isEmpty();
  }

  @Test
  void waitsForASlowBank() {
    var engine = engines.of(orders);
    engine.at("charge").takes(Duration.ofMinutes(4));
    var start = engine.now();
    var run = engine.start(orders, "o-1", order);

    engine.settle();

    assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(engine.now()).isEqualTo(start.plus(Duration.ofMinutes(4)));
  }

  @Test
  void goesOnAfterTheProcessWasKilledWhileItCharged() {
    var engine = engines.of(orders);
    engine.at("charge").takes(Duration.ofMinutes(4));
    var run = engine.start(orders, "o-1", order);

    engine.advance(Duration.ofMinutes(1));
    engine.restart();
    engine.settle();

    assertThat(run.state().status()).isEqualTo(Status.SHIPPED);
    assertThat(run.attempts("charge")).isEqualTo(2);
    assertThat(run.attempts("reserve")).isEqualTo(1);
  }

  @Test
  void paysUnderTheReservation() throws Exception {
    var ctx = FakeContext.at("reserve").key("o-1");
    var reserved = ctx.run(orders, order);
    var again = ctx.attempt(2).run(orders, order);

    assertThat(again.reservation()).isEqualTo(reserved.reservation());
    assertThat(ctx.nextVisit().run(orders, order).reservation())
        .isNotEqualTo(reserved.reservation());
  }

  @Test
  void takesTheCourseThatIsRecorded() {
    var engine = engines.of(orders);
    engine.at("charge").crashesAfterEffect(1);
    var run = engine.start(orders, "o-1", order);

    engine.settle();

    GoldenFile.of(Path.of("src/test/resources/golden/order.txt")).check(run);
  }

  @Test
  void keepsOrdersInAFile() {
    var file = folder.resolve("orders.db");
    var engine = engines.start(TestEngine.builder(orders).store(() -> SqliteStore.open(file)));
    var run = engine.start(orders, "o-1", order);

    engine.settle();
    engine.restart();

    assertThat(run.state().status()).isEqualTo(Status.SHIPPED);
  }

  @Test
  void isRecordedAsTheGuideShows() throws IOException {
    var guide = Files.readString(Path.of("../docs/testing.md"));

    assertThat(guide).contains(Files.readString(Path.of("src/test/resources/golden/order.txt")));
  }
}
