package dev.pawl.examples.flows;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

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

  private static final Duration LIMIT = Duration.ofSeconds(10);
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

  /// A bank, a stock and a carrier that say what they do.
  private static final class Talkative implements Bank, Stock, Shipping {
    @Override
    public String charge(String key, BigDecimal amount) throws Declined {
      if (amount.compareTo(new BigDecimal("5000.00")) > 0) throw new Declined("no money");
      System.out.println("the bank charges " + amount);
      return "payment of " + amount;
    }

    @Override
    public void refund(String key, String payment) {
      System.out.println("the bank refunds the " + payment);
    }

    @Override
    public String reserve(String key, List<Line> lines) {
      System.out.println("the stock reserves a " + lines.getFirst().sku());
      return key;
    }

    @Override
    public void release(String reservation) {
      System.out.println("the stock has it back");
    }

    @Override
    public String invoice(Order o) {
      return "invoice of " + o.id();
    }

    @Override
    public String label(Order o) {
      return "label of " + o.id();
    }

    @Override
    public void dispatch(Order o) {
      System.out.println("the carrier takes " + o.id() + " with the " + o.invoice());
    }
  }

  private static Order order(String id, String price) {
    var line = new Line("tv", 1, new BigDecimal(price));
    return new Order(id, List.of(line), Status.NEW, "", "", "", "", "");
  }

  /// One order that ships, one that Ann reviews before, one that the bank declines.
  public static void main(String[] args) throws InterruptedException {
    var file = Path.of(args.length > 0 ? args[0] : "orders-flow.db");
    var world = new Talkative();
    var orders = workflow(world, world, world);
    try (var engine = Engine.builder().sqlite(file).register(orders).start()) {
      for (var order :
          List.of(order("o-1", "99.00"), order("o-2", "1500.00"), order("o-3", "9000.00"))) {
        var run = engine.start(orders, order.id(), order);
        if (order.needsReview()) {
          run.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);
          System.out.println("ann approves " + order.id());
          run.signal(DECISION, new Decision(true, "ann"));
        }
        switch (run.result(LIMIT)) {
          case Run.Result.Completed(var end, var state) ->
              System.out.println(state.id() + " is " + end + ", " + state.status());
          case Run.Result.Failed(var node, var attempts, var cause, var state) ->
              System.out.println(
                  state.id() + " failed at " + node + " after " + attempts + ": " + cause);
          case Run.Result.Cancelled(var reason, var state) ->
              System.out.println(state.id() + " was cancelled: " + reason);
          case Run.Result.StillOpen(var nodes) -> System.out.println("waits at " + nodes);
        }
      }
    }
  }
}
