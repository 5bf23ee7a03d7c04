package dev.pawl.bench.soak;

import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What an order goes through: a reservation, a charge that fails at the first attempt of each
/// tenth order, invoice and parcel side by side, a delay, and the dispatch.
final class SoakWorkflow {
  private static final Duration BACKOFF = Duration.ofMillis(20);
  private static final int RETRIED = 10;

  private SoakWorkflow() {}

  /// @param number the order's number
  /// @param until when its delay ends
  /// @param customer fills it up
  /// @param done the steps that it has passed
  record Order(long number, Instant until, String customer, List<String> done) {
    /// What each order has passed at its end.
    static final List<String> ALL = List.of("reserve", "charge", "invoice", "parcel", "dispatch");

    Order {
      done = List.copyOf(done);
    }

    Order passed(String step) {
      var all = new ArrayList<>(done);
      all.add(step);
      return new Order(number, until, customer, all);
    }

    Order waiting(Instant until) {
      return new Order(number, until, customer, done);
    }
  }

  /// @param pause how long the delay takes
  static Workflow<Order> of(Duration pause) {
    var g = Workflow.graph("soak", Order.class).merge(Field.of(Order::done), Reducer.append());
    var reserve = g.step("reserve", order -> order.passed("reserve"));
    var charge =
        g.step(
                "charge",
                (order, ctx) -> {
                  if (order.number() % RETRIED == 0 && ctx.attempt() == 1) {
                    throw new IOException("the bank does not answer");
                  }
                  return order.waiting(ctx.now().plus(pause)).passed("charge");
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(BACKOFF, 3)));
    var invoice = g.step("invoice", order -> order.passed("invoice"));
    var parcel = g.step("parcel", order -> order.passed("parcel"));
    var packed = g.join("packed", Join.ALL);
    var wait = g.delay("wait", Order::until);
    var dispatch = g.step("dispatch", order -> order.passed("dispatch"));
    g.start(reserve).path(reserve, charge);
    charge.fork(invoice, parcel);
    g.path(invoice, packed).path(parcel, packed, wait, dispatch, g.end("sent"));
    return g.build();
  }
}
