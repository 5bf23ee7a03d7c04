package dev.pawl.bench.durable;

import dev.pawl.connect.Connection;
import dev.pawl.connect.Connector;
import dev.pawl.connect.Intent;
import dev.pawl.engine.Engine;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jackson.JsonLines;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A process with a connector that starts a run for each line of a file.
///
/// Arguments: the database, the file, how many lines it has. Writes `at` with the number of lines
/// that are done each second, and when every run has completed `ended` with the seconds since the
/// connector was started and `heap` with the most bytes that were used after a garbage collection.
final class ConnectedRuns {
  private ConnectedRuns() {}

  public static void main(String[] args) throws Exception {
    long lines = Long.parseLong(args[2]);
    var workflow = Counted.workflow(1);
    var codec = new JacksonCodec();
    var file = JsonLines.of(Path.of(args[1])).id("text");
    try (var engine = Engine.builder().sqlite(Path.of(args[0])).register(workflow).start()) {
      long began = System.nanoTime();
      var connector =
          Connector.of(
              "lines",
              () -> file.open(engine.log(), "lines"),
              event -> Intent.start(workflow, event.key(), event.value(codec, Counted.class)));
      try (var connection = connector.start(engine)) {
        var status = connection.status();
        while (status.state() == Connection.State.RUNNING) {
          status = connection.await(Duration.ofSeconds(1));
          System.out.println("at " + status.events());
        }
        if (status.state() != Connection.State.ENDED) {
          throw new IllegalStateException("the connector has " + status);
        }
        while (completed(engine) < lines) {
          Thread.sleep(Duration.ofMillis(20));
        }
      }
      System.out.println("ended " + (System.nanoTime() - began) / 1e9);
    }
  }

  private static long completed(Engine engine) {
    var filter = new Store.Filter(Optional.empty(), Optional.empty(), List.of(RunStatus.COMPLETED));
    return engine.counts(filter).getOrDefault(RunStatus.COMPLETED, 0L);
  }
}
