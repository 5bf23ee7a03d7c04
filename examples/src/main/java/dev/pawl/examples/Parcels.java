package dev.pawl.examples;

import dev.pawl.connect.Connector;
import dev.pawl.connect.Intent;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Hook;
import dev.pawl.engine.HookEvent.Kind;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jackson.JsonLines;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// Parcels from a file: a connector starts a run for each line, a step says when one was sent, and
/// a hook hears of those that fail.
public final class Parcels {
  private static final JacksonCodec CODEC = new JacksonCodec();
  private static final Set<RunStatus> OVER = Set.of(RunStatus.COMPLETED, RunStatus.FAILED);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Parcels() {}

  /// A parcel on its way.
  ///
  /// @param label what the carrier gave it; empty before
  public record Parcel(String id, int grams, String label) {}

  /// What is said of a parcel that was sent.
  public record Sent(String id, String label) {}

  /// Takes parcels.
  public interface Carrier {
    /// Takes a parcel, once for each key.
    ///
    /// @return its label
    /// @throws IOException if it does not take it now
    String take(String key, Parcel parcel) throws IOException;
  }

  /// Hands a parcel to the carrier.
  public static Workflow<Parcel> workflow(Carrier carrier) {
    var g = Workflow.graph("parcels", Parcel.class);
    var send =
        g.step(
                "send",
                (parcel, ctx) -> {
                  var label = carrier.take(ctx.idempotencyKey(), parcel);
                  ctx.publish("parcels.sent", new Sent(parcel.id(), label));
                  return new Parcel(parcel.id(), parcel.grams(), label);
                })
            .with(Policy.retry(Duration.ofMillis(100), 3));
    g.start(send).path(send, g.end("sent"));
    return g.build();
  }

  /// Starts a run for each line of a file, whose field `id` is the id of the event and the key of
  /// its run.
  public static Connector connector(Engine engine, Path file, Workflow<Parcel> parcels) {
    var lines = JsonLines.of(file).id("id");
    return Connector.of(
        "parcels",
        () -> lines.open(engine.log(), "parcels"),
        event -> Intent.start(parcels, event.key(), event.value(CODEC, Parcel.class)));
  }

  /// Somebody to wake.
  public interface Pager {
    /// Wakes somebody, once for each id.
    void wake(String id, String what);
  }

  /// Wakes somebody when a parcel was not sent, or waits for a person.
  public static Hook alarm(Pager pager) {
    return Hook.of(
            "alarm",
            (event, ctx) ->
                pager.wake(event.id(), event.key() + ": " + event.error().orElse(event.reason())))
        .on(Kind.FAILED, Kind.PAUSED);
  }

  /// Three parcels, one of which is too heavy.
  ///
  /// @param args the file to keep runs in; `parcels.db` without one
  public static void main(String[] args) throws IOException, InterruptedException {
    var store = Path.of(args.length > 0 ? args[0] : "parcels.db");
    var file =
        Files.write(
            store.resolveSibling("parcels.jsonl"),
            List.of(
                "{\"id\": \"p-1\", \"grams\": 500, \"label\": \"\"}",
                "{\"id\": \"p-2\", \"grams\": 90000, \"label\": \"\"}",
                "{\"id\": \"p-3\", \"grams\": 700, \"label\": \"\"}"));
    var parcels =
        workflow((key, parcel) -> {
          if (parcel.grams() > 30_000) {
            throw new IOException(parcel.id() + " is too heavy");
          }
          return "label of " + parcel.id();
        });
    var alarmed = new CountDownLatch(1);
    var alarm =
        alarm((id, what) -> {
          System.out.println("alarm: " + what);
          alarmed.countDown();
        });
    try (var engine = Engine.builder().sqlite(store).register(parcels).hook(alarm).start();
        var connection = connector(engine, file, parcels).start(engine)) {
      System.out.println("started " + connection.await(LIMIT).started());
      for (var id : List.of("p-1", "p-2", "p-3")) {
        var run = engine.find(parcels, id).orElseThrow();
        System.out.println(id + ": " + run.awaitStatus(OVER, LIMIT));
      }
      alarmed.await();
    }
  }
}
