package dev.pawl.examples.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.Printed;
import dev.pawl.examples.flows.Orders.Bank;
import dev.pawl.examples.flows.Orders.Decision;
import dev.pawl.examples.flows.Orders.Declined;
import dev.pawl.examples.flows.Orders.Line;
import dev.pawl.examples.flows.Orders.Order;
import dev.pawl.examples.flows.Orders.Shipping;
import dev.pawl.examples.flows.Orders.Status;
import dev.pawl.examples.flows.Orders.Stock;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Virtual time: two days pass in no time; collaborators are faked, not steps; a crash is one call.
@Timeout(60)
class OrdersTest {
  final Map<String, String> booked = new LinkedHashMap<>();
  final List<String> reserved = new ArrayList<>();
  boolean declines;

  final Bank bank =
      new Bank() {
        @Override
        public String charge(String key, BigDecimal amount) throws Declined {
          if (declines) {
            throw new Declined("no money");
          }
          return booked.computeIfAbsent(key, absent -> "p" + (booked.size() + 1));
        }

        @Override
        public void refund(String key, String payment) {
          booked.values().remove(payment);
        }
      };
  final Stock stock =
      new Stock() {
        @Override
        public String reserve(String key, List<Line> lines) {
          if (!reserved.contains(key)) {
            reserved.add(key);
          }
          return key;
        }

        @Override
        public void release(String reservation) {
          reserved.remove(reservation);
        }
      };
  final Shipping shipping =
      new Shipping() {
        @Override
        public String invoice(Order order) {
          return "invoice of " + order.id();
        }

        @Override
        public String label(Order order) throws IOException {
          if (order.id().equals("o-unknown")) {
            throw new IOException("no such address");
          }
          return "label of " + order.id();
        }

        @Override
        public void dispatch(Order order) {}
      };
  final Workflow<Order> orders = Orders.workflow(bank, stock, shipping);
  final Order big = order("o-1");

  static Order order(String id) {
    var lines = List.of(new Line("tv", 1, new BigDecimal("1500.00")));
    return new Order(id, lines, Status.NEW, "", "", "", "", "");
  }

  @Test
  void refusesAfterTwoDaysWithoutDecision() {
    try (var engine = TestEngine.of(orders)) {
      var run = engine.start(orders, "o-1", big);
      engine.settle();
      assertThat(run.waitingAt()).containsExactly("review");

      engine.advance(Duration.ofDays(2));

      assertThat(run.state().status()).isEqualTo(Status.EXPIRED);
      assertThat(booked).isEmpty();
      assertThat(run.path()).containsExactly("validate", "reserve", "review", "refused");
    }
  }

  @Test
  void chargesOnceThoughTheProcessDiesAfterCharging() {
    try (var engine = TestEngine.of(orders)) {
      engine.at("charge").fails(2, () -> new IOException("bank is down")).crashesAfterEffect(1);
      var run = engine.start(orders, "o-1", big);
      run.signal(Orders.DECISION, new Decision(true, "ann"));
      engine.settle();

      engine.advance(Duration.ofMinutes(1));

      assertThat(run.attempts("charge")).isEqualTo(4);
      assertThat(booked).hasSize(1);
      assertThat(run.state().status()).isEqualTo(Status.SHIPPED);
    }
  }

  @Test
  void refundsAndReleasesWhatItCannotPack() {
    try (var engine = TestEngine.of(orders)) {
      var run = engine.start(orders, "o-unknown", order("o-unknown"));
      run.signal(Orders.DECISION, new Decision(true, "ann"));

      engine.advance(Duration.ofHours(1));

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(booked).isEmpty();
      assertThat(reserved).isEmpty();
    }
  }

  @Test
  void leavesByTheErrorEdgeWhenTheBankDeclines() {
    declines = true;
    try (var engine = TestEngine.of(orders)) {
      var run = engine.start(orders, "o-1", big);
      run.signal(Orders.DECISION, new Decision(true, "ann"));
      engine.settle();

      assertThat(run.state().status()).isEqualTo(Status.DECLINED);
      assertThat(run.path()).endsWith("charge", "refused");
    }
  }

  @Test
  void areShippedReviewedOrDeclined(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Orders::main, folder))
        .containsExactly(
            "the stock reserves a tv",
            "the bank charges 99.00",
            "the carrier takes o-1 with the invoice of o-1",
            "o-1 is shipped, SHIPPED",
            "the stock reserves a tv",
            "ann approves o-2",
            "the bank charges 1500.00",
            "the carrier takes o-2 with the invoice of o-2",
            "o-2 is shipped, SHIPPED",
            "the stock reserves a tv",
            "ann approves o-3",
            "o-3 is refused, DECLINED");
  }
}
