package dev.pawl.examples.flows;

import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;

/// (b) A state machine: the statuses are the types, and the sealed interfaces between them are the
/// transitions.
public sealed interface Parcel {
  sealed interface Charged extends Parcel {} // what charging may lead to

  record Created(String id, long cents) implements Parcel {}

  record Paid(String id, String payment, String note) implements Charged {}

  record Shipped(String id, String carrier) implements Parcel {}

  record Cancelled(String id, String why) implements Charged {}

  record Dispatch(String carrier) {}

  Signal<Dispatch> DISPATCHED = Signal.of("dispatched", Dispatch.class);
  Signal<String> NOTE = Signal.of("note", String.class);

  interface Bank {
    String charge(String idempotencyKey, long cents) throws java.io.IOException;
  }

  static Workflow<Parcel> workflow(Bank bank) {
    return Workflow.machine("parcel", Parcel.class)
        .on(
            Created.class,
            Charged.class,
            (created, ctx) ->
                created.cents() <= 0
                    ? new Cancelled(created.id(), "nothing to pay")
                    : new Paid(
                        created.id(), bank.charge(ctx.idempotencyKey(), created.cents()), ""))
        .update(
            Paid.class,
            NOTE,
            (paid, note) -> new Paid(paid.id(), paid.payment(), note)) // same visit, timers go on
        .onSignal(
            Paid.class,
            DISPATCHED,
            Shipped.class,
            (paid, dispatch, ctx) -> new Shipped(paid.id(), dispatch.carrier()))
        .onTimeout(
            Paid.class,
            Duration.ofDays(3),
            Cancelled.class,
            (paid, ctx) -> new Cancelled(paid.id(), "late"))
        .ends(Shipped.class, Cancelled.class)
        .build();
  }

  static String show(Parcel p) {
    return switch (p) {
      case Created c -> c.id();
      case Paid x -> x.payment();
      case Shipped s -> s.carrier();
      case Cancelled c -> c.why();
    };
  }
}
