package dev.pawl.examples;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import java.nio.file.Path;
import java.time.Duration;

/// The smallest durable workflow: the README shows it.
public final class Quickstart {
  private Quickstart() {}

  /// A greeting on its way.
  public record Greeting(String name, String text) {}

  /// Greets somebody durably.
  public static String greet(Path file, String name) throws InterruptedException {
    var g = Workflow.graph("greeting", Greeting.class);
    var write =
        g.step("write", greeting -> new Greeting(greeting.name(), "Hello, " + greeting.name()));
    var send =
        g.step("send", (greeting, ctx) -> deliver(ctx.idempotencyKey(), greeting))
            .with(Policy.retry(Duration.ofMillis(100), 5));
    g.start(write).path(write, send, g.end("sent"));
    var greetings = g.build();

    try (var engine = Engine.builder().sqlite(file).register(greetings).start()) {
      var run = engine.start(greetings, name, new Greeting(name, ""));
      return run.await(Duration.ofSeconds(10)).text();
    }
  }

  /// Stands for a mail server: one that knows the key of what it has delivered before.
  private static Greeting deliver(String key, Greeting greeting) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a delivery needs a key");
    }
    return new Greeting(greeting.name(), greeting.text() + "!");
  }
}
