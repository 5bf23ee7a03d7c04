package dev.pawl.testkit.compat;

import dev.pawl.workflow.Graph;
import dev.pawl.workflow.Workflow;
import java.time.Instant;
import java.util.List;

/// The state of these tests, and workflows over it whose runs stand still where they are wanted.
record Order(String id, int total, String currency, List<String> marks) {
  /// When waits end: not while a test runs.
  static final Instant NEVER = Instant.parse("2900-01-01T00:00:00Z");

  Order {
    marks = List.copyOf(marks);
  }

  static Order of(String id, int total) {
    return new Order(id, total, "EUR", List.of());
  }

  static Graph<Order> graph() {
    return Workflow.graph("orders", Order.class);
  }

  static Instant never(Order order) {
    return NEVER;
  }

  /// `approve`, then `review` if the total is over a limit, else `charge`; both wait for ever.
  static Workflow<Order> reviewedOver(int limit) {
    var g = graph();
    var approve = g.step("approve", order -> order);
    var review = g.delay("review", Order::never);
    var charge = g.delay("charge", Order::never);
    var done = g.end("done");
    g.start(approve).path(review, charge, done);
    approve.when("large", order -> order.total() > limit, review).otherwise(charge);
    return g.build();
  }
}
