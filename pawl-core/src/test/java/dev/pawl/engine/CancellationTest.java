package dev.pawl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.MemoryStore;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs that are cancelled while something of them is still under way.
@Timeout(120)
class CancellationTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  record Count(int value) {}

  /// A workflow whose step hears no interruption until it is released.
  private static final class Deaf {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    final Workflow<Count> workflow;

    Deaf() {
      var g = Workflow.graph("deaf", Count.class);
      var a =
          g.step(
              "a",
              c -> {
                entered.countDown();
                awaitWhateverComes(release);
                return c;
              });
      g.start(a).path(a, g.end());
      workflow = g.build();
    }

    private static void awaitWhateverComes(CountDownLatch latch) {
      while (latch.getCount() > 0) {
        try {
          latch.await();
        } catch (InterruptedException e) {
          assertThat(e).isNotNull();
        }
      }
    }
  }

  @Test
  void endsARunWhoseStepDiedWithTheProcess() throws Exception {
    var deaf = new Deaf();
    var store = new MemoryStore();
    var first = Engine.builder().store(store).register(deaf.workflow).start();
    var cancelled = first.start(deaf.workflow, "k", new Count(1));
    deaf.entered.await();
    cancelled.cancel("enough");

    try (var second = Engine.builder().store(store).register(deaf.workflow).start()) {
      var run = second.find(deaf.workflow, "k").orElseThrow();

      assertThat(run.result(LIMIT)).isEqualTo(new Run.Result.Cancelled<>("enough", new Count(1)));
    } finally {
      deaf.release.countDown();
      first.close(Duration.ZERO);
    }
  }

  @Test
  void isRunningUntilTheStepHasEndedThoughItWasPaused() throws Exception {
    var deaf = new Deaf();
    try (var engine = Engine.builder().memory().register(deaf.workflow).start()) {
      var run = engine.start(deaf.workflow, "k", new Count(1));
      deaf.entered.await();

      run.pause("wait");
      run.cancel("enough");

      assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
      deaf.release.countDown();
      assertThat(run.result(LIMIT)).isEqualTo(new Run.Result.Cancelled<>("enough", new Count(1)));
      assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
    }
  }

  @Test
  void leavesNoWaitBehind() throws Exception {
    var g = Workflow.graph("waits", Count.class);
    var nap = g.delay("nap", c -> Instant.parse("2200-01-01T00:00:00Z"));
    g.start(nap).path(nap, g.end());
    var workflow = g.build();
    var store = new MemoryStore();
    try (var engine = Engine.builder().store(store).register(workflow).start()) {
      var run = engine.start(workflow, "k", new Count(1));
      run.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);
      assertThat(store.due(Optional.empty(), Instant.MAX, 1)).hasSize(1);

      run.cancel("enough");

      assertThat(run.result(LIMIT)).isInstanceOf(Run.Result.Cancelled.class);
      assertThat(store.due(Optional.empty(), Instant.MAX, 1)).isEmpty();
      assertThat(store.load(run.id()).orElseThrow().waits()).isEmpty();
    }
  }
}
