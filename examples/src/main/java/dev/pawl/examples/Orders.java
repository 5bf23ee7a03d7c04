package dev.pawl.examples;

import dev.pawl.examples.Order.Status;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.math.BigDecimal;
import java.time.Duration;

/// Payment orders: validate, reserve, review what is over 1,000.00, charge, write invoice and label
/// side by side, ship. What fails after the charge voids it, and then the run fails.
public final class Orders {
  private static final Policy CALL =
      Policy.DEFAULT.retry(
          Retry.exponential(Duration.ofMillis(10), 10).longest(Duration.ofMillis(500)));
  private static final Policy UNTIL_DONE =
      Policy.DEFAULT.retry(
          Retry.exponential(Duration.ofMillis(10), Integer.MAX_VALUE)
              .longest(Duration.ofMillis(500)));
  private static final BigDecimal REVIEW_STOPS_AT = new BigDecimal("1000000000.00");
  private static final Field<Order, String> RESERVATION = Field.of(Order::reservation);
  private static final Field<Order, String> PAYMENT = Field.of(Order::payment);

  private Orders() {}

  /// An order that could not be shipped; its charge, if there was one, is void.
  public static final class NotShipped extends Exception {
    private static final long serialVersionUID = 1;

    NotShipped(String message) {
      super(message);
    }
  }

  /// Where orders are paid.
  public interface Cashier {
    /// Charges an order, once a key.
    ///
    /// @return the receipt
    String charge(String key, String order, BigDecimal amount) throws InterruptedException;

    /// Takes a charge back; a key that was never charged changes nothing.
    void voidCharge(String key) throws InterruptedException;
  }

  /// The workflow for checks and diagrams, which run no step. There is no bank behind it.
  public static Workflow<Order> workflow() {
    return workflow(
        new Cashier() {
          @Override
          public String charge(String key, String order, BigDecimal amount) {
            throw new UnsupportedOperationException("no bank");
          }

          @Override
          public void voidCharge(String key) {
            throw new UnsupportedOperationException("no bank");
          }
        },
        Faults.NONE);
  }

  /// The workflow.
  ///
  /// @param faults which attempts fail
  public static Workflow<Order> workflow(Cashier bank, Faults faults) {
    var g = Workflow.graph("orders", Order.class);

    var validate =
        g.step("validate", (order, ctx) -> faults.around(order.id(), ctx, () -> valid(order)))
            .with(CALL);
    var reserve =
        g.step(
                "reserve",
                order -> order,
                (order, ctx) -> faults.around(order.id(), ctx, ctx::idempotencyKey),
                RESERVATION)
            .with(CALL);
    var review =
        g.step("review", (order, ctx) -> faults.around(order.id(), ctx, () -> reviewed(order)))
            .with(CALL);
    var charge =
        g.step(
                "charge",
                order -> order,
                (order, ctx) ->
                    faults.around(
                        order.id(),
                        ctx,
                        () -> bank.charge(order.reservation(), order.id(), order.total())),
                PAYMENT)
            .with(CALL);
    var papers =
        g.parallel(
            "papers",
            g.branch(
                    "invoice",
                    String.class,
                    (order, ctx) -> faults.around(order.id(), ctx, () -> "invoice-" + order.id()))
                .with(CALL),
            g.branch(
                    "pack",
                    String.class,
                    (order, ctx) ->
                        faults.around(order.id(), ctx, () -> order.country() + "-" + order.id()))
                .with(CALL),
            Order::packed);
    var ship =
        g.step(
                "ship",
                (order, ctx) ->
                    faults.around(order.id(), ctx, () -> order.with(Status.SHIPPED, order.note())))
            .with(CALL);
    var undo =
        g.step(
                "void",
                (order, ctx) -> {
                  bank.voidCharge(order.reservation());
                  return order;
                })
            .with(UNTIL_DONE);
    var give =
        g.step(
            "give up",
            (order, ctx) -> {
              throw new NotShipped(order.note());
            });
    var shipped = g.end("shipped");
    var refused = g.end("refused");

    g.start(validate).path(validate, reserve).path(charge, papers, ship, shipped);
    reserve.when("over 1,000", Order::needsReview, review).otherwise(charge);
    review.when("approved", Order::isApproved, charge).otherwise(refused);
    charge.onError(Exception.class, Orders::noting, undo);
    papers.onError(Exception.class, Orders::noting, undo);
    ship.onError(Exception.class, Orders::noting, undo);
    g.path(undo, give, refused);
    return g.build();
  }

  private static Order valid(Order order) {
    if (order.lines().isEmpty()) {
      throw new IllegalArgumentException("order " + order.id() + " has no lines");
    }
    return order;
  }

  private static Order reviewed(Order order) {
    return order.total().compareTo(REVIEW_STOPS_AT) < 0
        ? order.with(Status.APPROVED, "approved by rule")
        : order.with(Status.REJECTED, "rejected by rule: a billion or more");
  }

  private static Order noting(Order order, Exception error) {
    return order.with(order.status(), String.valueOf(error.getMessage()));
  }
}
