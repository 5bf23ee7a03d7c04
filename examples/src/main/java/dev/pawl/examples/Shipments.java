package dev.pawl.examples;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Runs that start runs: each parcel of an order is sent by a run of its own, and the order waits
/// for all of them; then it starts a letter of thanks, and does not wait for that.
public final class Shipments {
  private static final Policy CALL =
      Policy.retry(Duration.ofMillis(50), 5).timeout(Duration.ofSeconds(20));

  private Shipments() {}

  /// A parcel.
  ///
  /// @param label what the carrier has put on it; empty before
  public record Parcel(String content, String label) {}

  /// An order, parcel by parcel.
  public record Order(String id, List<Parcel> parcels) {
    /// Copies the list.
    public Order {
      parcels = List.copyOf(parcels);
    }

    Order sent(Results<Parcel, Parcel> sent) {
      return new Order(id, sent.values());
    }
  }

  /// A letter.
  public record Letter(String order, String text) {}

  /// Takes parcels and letters.
  public interface Carrier {
    /// Takes a parcel, once for each key.
    ///
    /// @return its label
    /// @throws IOException if nobody is there now
    String take(String key, String content) throws IOException;
  }

  /// Sends one parcel.
  public static Workflow<Parcel> shipment(Carrier carrier) {
    var g = Workflow.graph("shipment", Parcel.class);
    var send =
        g.step(
                "send",
                (parcel, ctx) ->
                    new Parcel(
                        parcel.content(), carrier.take(ctx.idempotencyKey(), parcel.content())))
            .with(CALL);
    g.start(send).path(send, g.end());
    return g.build();
  }

  /// Writes and sends a letter.
  public static Workflow<Letter> letter(Carrier carrier) {
    var g = Workflow.graph("letter", Letter.class);
    var write = g.step("write", letter -> new Letter(letter.order(), "Thank you!"));
    var send =
        g.step(
                "send",
                (letter, ctx) -> {
                  carrier.take(ctx.idempotencyKey(), "a letter");
                  return letter;
                })
            .with(CALL);
    g.start(write).path(write, send, g.end());
    return g.build();
  }

  /// Sends all parcels of an order, at most eight at once.
  public static Workflow<Order> orders(Workflow<Parcel> shipment, Workflow<Letter> letter) {
    var g = Workflow.graph("orders", Order.class);
    var ship =
        g.children("ship", shipment, Order::parcels, Order::sent).key(Parcel::content).width(8);
    var thank = g.launch("thank", letter, order -> new Letter(order.id(), ""));
    g.start(ship).path(ship, thank, g.end("sent"));
    return g.build();
  }

  /// An order of three parcels.
  ///
  /// @param args the file to keep runs in; `shipments.db` without one
  public static void main(String[] args) throws InterruptedException {
    var file = Path.of(args.length > 0 ? args[0] : "shipments.db");
    Carrier carrier = (key, content) -> "label for " + content;
    var orders = orders(shipment(carrier), letter(carrier));
    var order =
        new Order(
            "order-1",
            List.of(new Parcel("books", ""), new Parcel("a lamp", ""), new Parcel("tea", "")));
    try (var engine = Engine.builder().sqlite(file).register(orders).start()) {
      var run = engine.start(orders, order.id(), order);
      for (var parcel : run.await(Duration.ofSeconds(10)).parcels()) {
        System.out.println(parcel.content() + ": " + parcel.label());
      }
      for (var child : run.children(Optional.empty(), 10)) {
        System.out.println(child.key() + " is a run of " + child.workflow());
      }
    }
  }
}
