package dev.pawl.testkit;

import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A workflow with a bit of everything, and a bank that notes what it was asked.
final class Shop {
  /// An order.
  record Order(String id, List<String> lines, String payment, String invoice, String label) {
    Order packed(String invoice, String label) {
      return new Order(id, lines, payment, invoice, label);
    }

    Order with(String payment) {
      return new Order(id, lines, payment, invoice, label);
    }
  }

  static final Order ORDER = new Order("o-1", List.of("tv", "cable"), "", "", "");
  static final Duration COOLING_OFF = Duration.ofDays(14);
  static final Policy CALL = Policy.retry(Duration.ofSeconds(1), 8).timeout(Duration.ofMinutes(1));

  final List<String> booked = new ArrayList<>();
  final List<String> asked = new ArrayList<>();
  final Workflow<Order> orders = workflow("orders");

  private String charge(String key) {
    asked.add(key);
    if (!booked.contains(key)) {
      booked.add(key);
    }
    return "p" + booked.size();
  }

  /// check, charge, papers (invoice, pack), cooling off, ship.
  Workflow<Order> workflow(String name) {
    var g = Workflow.graph(name, Order.class);
    var check = g.step("check", order -> order);
    var charge =
        g.step(
                "charge",
                Order::id,
                (id, ctx) -> charge(ctx.idempotencyKey()),
                Field.of(Order::payment))
            .with(CALL);
    var papers =
        g.parallel(
            "papers",
            g.branch("invoice", String.class, (order, ctx) -> "i-" + order.id()),
            g.branch("pack", String.class, (order, ctx) -> "l-" + order.id()).with(CALL),
            Order::packed);
    var cooling = g.delay("cooling off", order -> Scheduler.START.plus(COOLING_OFF));
    var ship = g.step("ship", order -> order).with(CALL);
    var refused = g.end("refused");
    g.start(check).path(charge, papers, cooling, ship, g.end("shipped"));
    check.when("empty", order -> order.lines().isEmpty(), refused).otherwise(charge);
    return g.build();
  }

  /// The order after all of it.
  static Order shipped(String payment) {
    return ORDER.with(payment).packed("i-o-1", "l-o-1");
  }
}
