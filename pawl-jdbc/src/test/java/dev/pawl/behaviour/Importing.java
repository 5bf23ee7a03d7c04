package dev.pawl.behaviour;

import dev.pawl.connect.Connector;
import dev.pawl.connect.Intent;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Hook;
import dev.pawl.engine.HookEvent.Kind;
import dev.pawl.engine.turns.Turns;
import dev.pawl.jackson.JsonLines;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.Store;
import dev.pawl.stream.EventStream;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/// A program that starts a run for each line of a file, publishes an event of each to a stream in
/// another file, and writes down what a hook hears. Killed and started again, it goes on.
///
/// Arguments: its folder, and how many lines the file `lines.jsonl` there has.
final class Importing {
  private Importing() {}

  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[0]);
    long lines = Long.parseLong(arguments[1]);
    var g = Workflow.graph("importing", Trail.class);
    var say =
        g.step(
            "say",
            (state, ctx) -> {
              ctx.publish("said", ctx.key());
              return state;
            });
    g.start(say).path(say, g.end());
    var workflow = g.build();
    var file = JsonLines.of(folder.resolve("lines.jsonl")).id("id");
    var heard = folder.resolve("heard.txt");
    var hook =
        Hook.of(
                "heard",
                (event, ctx) ->
                    Files.write(
                        heard,
                        (event.key() + " " + event.kind() + "\n").getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND))
            .on(Kind.STARTED, Kind.COMPLETED);
    try (var other = SqliteStore.open(folder.resolve("events.db"));
        var stream = EventStream.over(other.log(), Turns.system());
        var engine =
            Engine.builder()
                .sqlite(folder.resolve("runs.db"))
                .register(workflow)
                .hook(hook)
                .publishTo(stream)
                .start();
        var connection =
            Connector.of(
                    "lines",
                    () -> file.open(engine.log(), "lines"),
                    event -> Intent.start(workflow, event.key(), Trail.EMPTY))
                .start(engine)) {
      connection.await(Duration.ofMinutes(5));
      while (engine.counts(Store.Filter.ALL).getOrDefault(RunStatus.COMPLETED, 0L) < lines
          || !engine.outbox().events(0, 1).isEmpty()
          || !engine.outbox().hook("heard", 0, 1).isEmpty()) {
        Thread.sleep(5);
      }
      System.out.println(connection.status());
      System.out.println(Optional.of(engine.outbox().parked(0, 10)));
    }
  }
}
