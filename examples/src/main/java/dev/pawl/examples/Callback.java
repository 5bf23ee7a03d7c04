package dev.pawl.examples;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;

/// A step that others complete: a payment provider is asked to collect what is owed, and calls back
/// when the customer has paid, which may be days later and in another process.
public final class Callback {
  private Callback() {}

  /// What a customer owes.
  ///
  /// @param receipt what the provider gave for the money; empty before
  public record Invoice(String id, long cents, String receipt) {
    Invoice paid(String receipt) {
      return new Invoice(id, cents, receipt);
    }
  }

  /// Collects money.
  public interface Provider {
    /// Begins to collect, once for each reference, and hands back the reference with a receipt.
    void collect(String reference, Invoice invoice);
  }

  /// Has an invoice paid within two weeks.
  public static Workflow<Invoice> workflow(Provider provider) {
    var g = Workflow.graph("invoices", Invoice.class);
    var collect =
        g.external(
                "collect",
                String.class,
                (invoice, ctx) -> {
                  provider.collect(ctx.idempotencyKey(), invoice);
                  return invoice;
                },
                Invoice::paid)
            .with(Policy.within(Duration.ofDays(14)));
    g.start(collect).path(collect, g.end("paid"));
    collect.onTimeout(invoice -> invoice, g.end("overdue"));
    return g.build();
  }

  /// Two processes in one: the first asks, the second is called back.
  ///
  /// @param args the file to keep runs in; `callback.db` without one
  public static void main(String[] args) throws InterruptedException {
    var file = Path.of(args.length > 0 ? args[0] : "callback.db");
    var references = new LinkedBlockingQueue<String>();
    var invoices =
        workflow((reference, invoice) -> {
          System.out.println("asks the provider for " + invoice.cents() + " cents");
          references.add(reference);
        });

    String reference;
    try (var engine = Engine.builder().sqlite(file).register(invoices).start()) {
      engine.start(invoices, "i-1", new Invoice("i-1", 1_250, ""));
      reference = references.take();
    }
    System.out.println("the process ends, and another begins");
    try (var engine = Engine.builder().sqlite(file).register(invoices).start()) {
      engine.complete(reference, "receipt 77");
      var paid = engine.find(invoices, "i-1").orElseThrow().await(Duration.ofSeconds(10));
      System.out.println(paid.id() + " is paid: " + paid.receipt());
    }
  }
}
