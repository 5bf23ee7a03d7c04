package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.store.HistoryRow;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A step that kills its process each time, in processes of its own.
@Timeout(120)
final class PoisonTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int KILLED = 86;

  @TempDir private Path directory;

  /// What the processes and the test run. The step `deadly` kills its process unless the file
  /// `mended` is there; `harmless` comes before it.
  private static Workflow<Trail> workflow(Path directory) {
    var g = Workflow.graph("deadly", Trail.class);
    var harmless = g.step("harmless", state -> state.mark("harmless"));
    var deadly =
        g.step(
            "deadly",
            (state, ctx) -> {
              if (!Files.exists(directory.resolve("mended"))) {
                Files.writeString(
                    Files.createTempFile(directory, "attempt", ""), ctx.idempotencyKey());
                Runtime.getRuntime().halt(KILLED);
              }
              return state.mark("attempt " + ctx.attempt());
            });
    g.start(harmless).path(harmless, deadly, g.end());
    return g.build();
  }

  /// Opens the store, starts the run if there is none, and waits until it kills the process or is
  /// paused.
  public static void main(String[] arguments) throws InterruptedException {
    var directory = Path.of(arguments[0]);
    var workflow = workflow(directory);
    try (var engine =
        Engine.builder().sqlite(directory.resolve("pawl.db")).register(workflow).start()) {
      var run =
          engine.find(workflow, "k").orElseGet(() -> engine.start(workflow, "k", Trail.EMPTY));
      run.awaitStatus(Set.of(RunStatus.PAUSED), LIMIT);
    }
  }

  private int process() throws IOException, InterruptedException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            PoisonTest.class.getName(),
            directory.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private List<String> attempts() throws IOException {
    try (var files = Files.newDirectoryStream(directory, "attempt*")) {
      var keys = new ArrayList<String>();
      for (var file : files) {
        keys.add(Files.readString(file));
      }
      return keys;
    }
  }

  @Test
  void doesNotTakeClosedEnginesForDeadOnes() throws Exception {
    var began = new LinkedBlockingQueue<Integer>();
    var mended = directory.resolve("mended");
    var g = Workflow.graph("long", Trail.class);
    var step =
        g.step(
            "step",
            (state, ctx) -> {
              began.add(ctx.attempt());
              if (!Files.exists(mended)) {
                new CountDownLatch(1).await();
              }
              return state.mark("attempt " + ctx.attempt());
            });
    g.start(step).path(step, g.end());
    var workflow = g.build();
    for (int deploy = 1; deploy <= 6; deploy++) {
      try (var engine =
          Engine.builder().sqlite(directory.resolve("pawl.db")).register(workflow).start()) {
        if (deploy == 1) {
          engine.start(workflow, "k", Trail.EMPTY);
        }
        assertThat(began.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(engine.close(Duration.ofMillis(100))).isEmpty();
      }
    }

    Files.createFile(mended);
    try (var engine =
        Engine.builder().sqlite(directory.resolve("pawl.db")).register(workflow).start()) {
      var run = engine.find(workflow, "k").orElseThrow();

      assertThat(run.await(LIMIT).marks()).containsExactly("attempt 1");
      assertThat(run.history(0, 100))
          .extracting(HistoryRow::kind)
          .containsOnly(HistoryRow.Kind.LEFT);
    }
  }

  @Test
  void pausesTheRunAfterTheFifthDeathUntilItIsResumed() throws Exception {
    for (int death = 1; death <= 5; death++) {
      assertThat(process()).as("death %d", death).isEqualTo(KILLED);
    }

    assertThat(process()).as("the process that pauses the run").isZero();
    assertThat(attempts()).hasSize(5);
    assertThat(Set.copyOf(attempts())).as("the idempotency key of all").hasSize(1);
    Files.createFile(directory.resolve("mended"));
    var workflow = workflow(directory);
    try (var engine =
        Engine.builder().sqlite(directory.resolve("pawl.db")).register(workflow).start()) {
      var run = engine.find(workflow, "k").orElseThrow();
      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(run.history(0, 100).getLast())
          .satisfies(row -> {
            assertThat(row.kind()).isEqualTo(HistoryRow.Kind.PAUSED);
            assertThat(row.port()).contains("poison").contains("5 times").contains("deadly");
          });

      run.resume();

      assertThat(run.await(LIMIT).marks()).containsExactly("harmless", "attempt 1");
    }
  }
}
