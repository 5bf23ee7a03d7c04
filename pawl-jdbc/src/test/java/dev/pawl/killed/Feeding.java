package dev.pawl.killed;

import dev.pawl.connect.Connection;
import dev.pawl.connect.Connector;
import dev.pawl.connect.Intent;
import dev.pawl.engine.Engine;
import dev.pawl.jackson.JsonLines;
import dev.pawl.stream.Entry;
import dev.pawl.stream.Event;
import dev.pawl.stream.EventSource;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A connector that reads a file: first lines that start orders, then lines that pay for these. An
/// order is over when it was paid for twice.
final class Feeding {
  static final int ORDERS = 6;
  private static final int PAGE = 4;
  private static final Set<String> UNSAID = Set.of("order-4", "second-4", "second-6");
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Signal<String> PAID = Signal.of("paid", String.class);

  private Feeding() {}

  record Order(List<String> payments) {
    Order with(String payment) {
      var more = new ArrayList<>(payments);
      more.add(payment);
      return new Order(more);
    }

    boolean isPaid() {
      return payments.size() == 2;
    }
  }

  static Workflow<Order> workflow() {
    var g = Workflow.graph("feeding", Order.class);
    var collect = g.await("collect", PAID, Order::with);
    g.start(collect);
    collect.when("paid", Order::isPaid, g.end()).otherwise(collect);
    return g.build();
  }

  /// The lines of the file: `order-1`, …, `first-1`, …, `second-1`, …
  static List<String> lines() {
    var lines = new ArrayList<String>();
    for (var what : List.of("order", "first", "second")) {
      for (int order = 1; order <= ORDERS; order++) {
        lines.add("{\"id\": \"%s-%d\", \"order\": \"%d\"}".formatted(what, order, order));
      }
    }
    return lines;
  }

  private static Intent intent(Workflow<Order> feeding, Event event, Journal journal) {
    if (event.id().equals("first-1")) {
      journal.dieAt("reading first-1");
    }
    return event.id().startsWith("order")
        ? Intent.start(feeding, event.key(), new Order(List.of()))
        : Intent.signal(feeding, event.key(), PAID, event.id());
  }

  /// Gives small pages, and dies right before it says how far it has come, or right after.
  private record Mortal(EventSource source, Journal journal) implements EventSource {
    @Override
    public List<Entry> next(int limit, Duration wait) throws InterruptedException {
      return source.next(Math.min(limit, PAGE), wait);
    }

    @Override
    public void acknowledge(Entry last) {
      var id = last.event().id();
      if (UNSAID.contains(id)) {
        journal.dieAt("done with " + id);
      }
      source.acknowledge(last);
      if (id.equals("first-2")) {
        journal.dieAt("behind first-2");
      }
    }

    @Override
    public boolean isEnded() {
      return source.isEnded();
    }

    @Override
    public void close() {
      source.close();
    }
  }

  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    var journal = Journal.in(folder);
    var file = Files.write(folder.resolve("lines.jsonl"), lines());
    var feeding = workflow();
    try (var engine =
        Engine.builder().sqlite(folder.resolve("pawl.db")).register(feeding).start()) {
      var source = JsonLines.of(file).id("id").key("order");
      var connector =
          Connector.of(
              "feeding",
              () -> new Mortal(source.open(engine.log(), "feeding"), journal),
              event -> intent(feeding, event, journal));
      try (var connection = connector.start(engine)) {
        if (connection.await(LIMIT).state() != Connection.State.ENDED) {
          throw new IllegalStateException("the connector is " + connection.status());
        }
      }
      for (int order = 1; order <= ORDERS; order++) {
        engine.find(feeding, Integer.toString(order)).orElseThrow().await(LIMIT);
      }
    }
  }
}
