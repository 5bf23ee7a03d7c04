package dev.pawl.killed;

import dev.pawl.engine.Engine;
import dev.pawl.engine.StartOptions;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// A run that sleeps until a time, and then waits in vain for an answer. It falls asleep before its
/// first process dies.
final class Sleeping {
  static final Duration PATIENCE = Duration.ofMillis(300);
  private static final Duration SLEEP = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Signal<String> ANSWER = Signal.of("answer", String.class);

  private Sleeping() {}

  record Night(Instant due) {}

  static Workflow<Night> workflow(Journal journal) {
    var g = Workflow.graph("sleeping", Night.class);
    var sleep = g.delay("sleep", Night::due);
    var rise =
        g.step(
            "rise",
            (night, ctx) -> {
              journal.note("rises " + Instant.now());
              journal.dieAt("risen");
              return night;
            });
    var ask = g.await("ask", ANSWER, (night, answer) -> night).with(Policy.within(PATIENCE));
    var late =
        g.step(
            "late",
            (night, ctx) -> {
              journal.note("late " + ctx.idempotencyKey());
              journal.dieAt("late");
              return night;
            });
    g.start(sleep).path(sleep, rise, ask, g.end("answered")).path(late, g.end("late end"));
    ask.onTimeout(
        night -> {
          journal.note("gives up " + Instant.now());
          journal.dieAt("given up");
          return night;
        },
        late);
    return g.build();
  }

  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    var journal = Journal.in(folder);
    var sleeping = workflow(journal);
    try (var engine =
        Engine.builder().sqlite(folder.resolve("pawl.db")).register(sleeping).start()) {
      var once = StartOptions.DEFAULT.request("r");
      var run = engine.start(sleeping, "r", new Night(Instant.now().plus(SLEEP)), once);
      run.awaitStatus(Set.of(RunStatus.WAITING, RunStatus.COMPLETED), LIMIT);
      journal.dieAt("asleep");
      run.await(LIMIT);
    }
  }
}
