package dev.pawl.testkit.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.IncompatibleDefinition;
import dev.pawl.testkit.compat.Finding.NodeGone;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nodes that open runs stand at or still need, one renamed at a time. Engines must agree.
@Timeout(60)
final class StandingTest {
  private static final Duration LONG = Duration.ofDays(300);

  private static Workflow<Order> inner(String name, UnaryOperator<String> named) {
    var g = Workflow.graph(name, Order.class);
    var before = g.step(named.apply("before"), order -> order);
    var hold = g.delay(named.apply("hold"), Order::never);
    var after = g.step(named.apply("after"), order -> order);
    g.start(before).path(before, hold, after, g.end());
    return g.build();
  }

  private static Workflow<Order> passing(UnaryOperator<String> named) {
    var g = Workflow.graph("passing", Order.class);
    var only = g.step(named.apply("only"), order -> order);
    g.start(only).path(only, g.end());
    return g.build();
  }

  private final Semaphore reached = new Semaphore(0);

  private Order failing(Order order) {
    reached.release();
    throw new IllegalStateException(order.id());
  }

  private String quick(Order order) {
    reached.release();
    return order.id();
  }

  /// Goes into one of its parts by the order's currency, and stands still there.
  private Workflow<Order> workflow(String renamed) {
    UnaryOperator<String> named = name -> name.equals(renamed) ? name + " anew" : name;
    var g = Order.graph();
    g.merge(Field.of(Order::marks), Reducer.append());
    var begin = g.step(named.apply("begin"), order -> order);
    var end = g.end();

    var fork = g.step(named.apply("fork"), order -> order);
    var left = g.step(named.apply("left"), order -> order);
    var right = g.step(named.apply("right"), order -> order);
    var hold = g.delay(named.apply("hold right"), Order::never);
    var join = g.join(named.apply("join"), Join.ALL);
    var passed =
        g.call(named.apply("passed"), passing(named), order -> order, (order, result) -> result);
    fork.fork(left, right);
    g.path(left, join).path(right, passed, hold, join).path(join, end);

    var call =
        g.call(
            named.apply("call"),
            inner("called", name -> renamed.equals("call/" + name) ? name + " anew" : name),
            order -> order,
            (order, result) -> result);
    var map =
        g.map(
            named.apply("map"),
            order -> List.of(order, order, order),
            inner("each", name -> renamed.equals("map/" + name) ? name + " anew" : name),
            (order, results) -> order);
    var parallel =
        g.parallel(
            named.apply("parallel"),
            g.branch(
                renamed.equals("parallel/quick") ? "quick anew" : "quick",
                String.class,
                (order, ctx) -> quick(order)),
            g.branch(
                    renamed.equals("parallel/stuck") ? "stuck anew" : "stuck",
                    String.class,
                    (order, ctx) -> failing(order).id())
                .with(Policy.retry(LONG, 2)),
            (order, quick, stuck) -> order);
    var retried =
        g.step(named.apply("retried"), order -> failing(order)).with(Policy.retry(LONG, 2));

    g.start(begin).path(call, end).path(map, end).path(parallel, end).path(retried, end);
    begin
        .when("fork", order -> order.currency().equals("fork"), fork)
        .when("call", order -> order.currency().equals("call"), call)
        .when("map", order -> order.currency().equals("map"), map)
        .when("parallel", order -> order.currency().equals("parallel"), parallel)
        .otherwise(retried);
    return g.build();
  }

  private static final Map<String, Set<String>> NEEDED =
      Map.of(
          "fork", Set.of("fork", "join", "hold right"),
          "call", Set.of("call", "call/hold"),
          "map", Set.of("map", "map/hold"),
          "parallel", Set.of("parallel", "parallel/quick", "parallel/stuck"),
          "retried", Set.of("retried"));

  @ParameterizedTest
  @CsvSource({
    "fork, begin",
    "fork, fork",
    "fork, left",
    "fork, right",
    "fork, hold right",
    "fork, join",
    "fork, passed",
    "fork, only",
    "call, begin",
    "call, call",
    "call, call/before",
    "call, call/hold",
    "call, call/after",
    "map, map",
    "map, map/before",
    "map, map/hold",
    "map, map/after",
    "parallel, parallel",
    "parallel, parallel/quick",
    "parallel, parallel/stuck",
    "retried, retried",
    "retried, begin",
    "retried, fork",
  })
  void areMissedExactlyWhereAnEngineRefusesTheDefinition(String part, String renamed)
      throws Exception {
    var older = new Older();
    run(older, part);
    var today = workflow(renamed);

    var gone =
        Compatibility.of(today).check(older.store()).findings().stream()
            .map(Found::finding)
            .filter(NodeGone.class::isInstance)
            .map(finding -> ((NodeGone) finding).node())
            .collect(Collectors.toSet());

    assertThat(gone.contains(renamed)).isEqualTo(NEEDED.get(part).contains(renamed));
    assertThat(isRefused(older, today)).isEqualTo(!gone.isEmpty());
  }

  /// Runs until the run stands still: it waits for a delay, or for a retry.
  private void run(Older older, String part) throws InterruptedException {
    var workflow = workflow("");
    var order = new Order("k", 1, part, List.of());
    switch (part) {
      case "parallel", "retried" -> {
        try (var engine = older.engine().register(workflow).start()) {
          engine.start(workflow, "k", order);
          reached.acquire(part.equals("parallel") ? 2 : 1);
        }
      }
      default -> older.ran(workflow, order);
    }
  }

  private static boolean isRefused(Older older, Workflow<Order> today) {
    try (var engine = older.engine().register(today).start()) {
      return engine.stuckSteps().size() > 1;
    } catch (IncompatibleDefinition e) {
      return true;
    }
  }
}
