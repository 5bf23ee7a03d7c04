package dev.pawl.examples.flows;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/// (a) A payment order: saga, manual review by signal, error edges, parallel tail.
public final class Orders {
  public record Line(String sku, int quantity, BigDecimal unitPrice) {}

  public record Decision(boolean approved, String by) {}

  public enum Status {
    NEW,
    APPROVED,
    REJECTED,
    DECLINED,
    EXPIRED,
    SHIPPED
  }

  public record Order(
      String id,
      List<Line> lines,
      Status status,
      String reservation,
      String payment,
      String invoice,
      String label,
      String note) {
    BigDecimal total() {
      return lines.stream()
          .map(l -> l.unitPrice().multiply(BigDecimal.valueOf(l.quantity())))
          .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    boolean needsReview() {
      return total().compareTo(new BigDecimal("1000.00")) > 0;
    }

    boolean approved() {
      return status == Status.APPROVED;
    }

    Order decided(Decision d) {
      return with(d.approved() ? Status.APPROVED : Status.REJECTED, "by " + d.by());
    }

    Order expired() {
      return with(Status.EXPIRED, "nobody decided");
    }

    Order declined(Declined e) {
      return with(Status.DECLINED, e.getMessage());
    }

    Order with(Status s, String n) {
      return new Order(id, lines, s, reservation, payment, invoice, label, n);
    }

    Order packed(String invoice, String label) {
      return new Order(id, lines, status, reservation, payment, invoice, label, note);
    }
  }

  public static final class Declined extends Exception {
    private static final long serialVersionUID = 1;

    public Declined(String m) {
      super(m);
    }
  }

  public interface Bank {
    String charge(String idempotencyKey, BigDecimal amount) throws Declined, java.io.IOException;

    void refund(String idempotencyKey, String payment) throws java.io.IOException;
  }

  public interface Stock {
    String reserve(String idempotencyKey, List<Line> lines);

    void release(String reservation);
  }

  public interface Shipping {
    String invoice(Order o);

    String label(Order o) throws java.io.IOException;

    void dispatch(Order o);
  }

  public static final Signal<Decision> DECISION = Signal.of("decision", Decision.class);
  static final Field<Order, String> RESERVATION = Field.of(Order::reservation);
  static final Field<Order, String> PAYMENT = Field.of(Order::payment);

  static final Policy CALL =
      Policy.retry(Duration.ofMillis(200), 8).never(Declined.class).timeout(Duration.ofSeconds(20));

  public static Workflow<Order> workflow(Bank bank, Stock stock, Shipping shipping) {
    var g = Workflow.graph("orders", Order.class);

    var validate =
        g.step(
            "validate",
            order -> {
              if (order.lines().isEmpty()) throw new IllegalArgumentException("no lines");
              return order;
            });
    var reserve =
        g.step(
                "reserve",
                Order::lines,
                (lines, ctx) -> stock.reserve(ctx.idempotencyKey(), lines),
                RESERVATION)
            .with(CALL)
            .compensate((order, ctx) -> stock.release(order.reservation()));
    var review =
        g.await("review", DECISION, Order::decided).with(Policy.within(Duration.ofDays(2)));
    var charge =
        g.step(
                "charge",
                Order::total,
                (total, ctx) -> bank.charge(ctx.idempotencyKey(), total),
                PAYMENT)
            .with(CALL)
            .compensate((order, ctx) -> bank.refund(ctx.idempotencyKey(), order.payment()));
    var papers =
        g.parallel(
            "papers",
            g.branch("invoice", String.class, (order, ctx) -> shipping.invoice(order)),
            g.branch("pack", String.class, (order, ctx) -> shipping.label(order)).with(CALL),
            Order::packed);
    var ship =
        g.step(
            "ship",
            (order, ctx) -> {
              ctx.once("dispatch", () -> shipping.dispatch(order));
              ctx.publish("orders.shipped", order.id());
              return order.with(Status.SHIPPED, "");
            });
    var shipped = g.end("shipped");
    var refused = g.end("refused");

    g.start(validate).path(validate, reserve).path(charge, papers, ship, shipped);
    reserve.when("over 1,000", Order::needsReview, review).otherwise(charge);
    review
        .when("approved", Order::approved, charge)
        .onTimeout(Order::expired, refused)
        .otherwise(refused);
    charge.onError(Declined.class, Order::declined, refused);
    return g.build();
  }

  static void use(Bank bank, Stock stock, Shipping shipping, Order order)
      throws InterruptedException {
    var orders = workflow(bank, stock, shipping);
    try (var engine =
        Engine.builder().sqlite(java.nio.file.Path.of("orders.db")).register(orders).start()) {
      var run = engine.start(orders, order.id(), order);
      run.signal(DECISION, new Decision(true, "ann"));
      switch (run.result(Duration.ofSeconds(10))) {
        case Run.Result.Completed(var end, var state) ->
            System.out.println(end + " " + state.note());
        case Run.Result.Failed(var node, var attempts, var cause, var state) ->
            System.err.println(
                state.id() + " failed at " + node + " after " + attempts + ": " + cause);
        case Run.Result.Cancelled(var reason, var state) ->
            System.err.println(state.id() + ": " + reason);
        case Run.Result.StillOpen(var nodes) -> System.out.println("waits at " + nodes);
      }
    }
  }
}
