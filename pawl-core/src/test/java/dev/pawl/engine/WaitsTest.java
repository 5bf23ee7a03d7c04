package dev.pawl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.MemoryStore;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs that wait in the store beside others that cannot go on.
@Timeout(30)
class WaitsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int MORE_THAN_A_PAGE = 600;

  record Nap(Instant until) {}

  private static Workflow<Nap> naps(String name) {
    var g = Workflow.graph(name, Nap.class);
    var nap = g.delay("nap", Nap::until);
    g.start(nap).path(nap, g.end());
    return g.build();
  }

  @Test
  void areLeftInTimeThoughTheNextAttemptIsFarAway() throws Exception {
    var g = Workflow.graph("late", Nap.class);
    var step =
        g.step(
                "step",
                (nap, ctx) -> {
                  throw new IOException("down");
                })
            .with(Policy.within(Duration.ofMillis(300)).retry(Retry.fixed(Duration.ofHours(1), 2)));
    g.start(step).path(step, g.end());
    step.onTimeout(nap -> new Nap(Instant.EPOCH), g.end("late"));
    var workflow = g.build();
    var limits = Limits.DEFAULT.release(Duration.ZERO);
    try (var engine = Engine.builder().memory().limits(limits).register(workflow).start()) {

      var result = engine.start(workflow, "k", new Nap(Instant.MAX)).result(LIMIT);

      assertThat(result).isEqualTo(new Run.Result.Completed<>("late", new Nap(Instant.EPOCH)));
    }
  }

  @Test
  void goOnThoughManyBeforeThemAreOfAWorkflowThatIsNotKnown() throws Exception {
    var known = naps("known");
    var unknown = naps("unknown");
    var store = new MemoryStore();
    var limits = Limits.DEFAULT.release(Duration.ZERO);
    var due = Instant.now().plusSeconds(1);
    try (var first =
        Engine.builder().store(store).limits(limits).register(known, unknown).start()) {
      for (int i = 0; i < MORE_THAN_A_PAGE; i++) {
        first
            .start(unknown, "k" + i, new Nap(due))
            .awaitStatus(Set.of(RunStatus.WAITING, RunStatus.COMPLETED), LIMIT);
      }
      first.start(known, "k", new Nap(due.plusSeconds(1)));
      first.find(known, "k").orElseThrow().awaitStatus(Set.of(RunStatus.WAITING), LIMIT);
    }

    try (var second = Engine.builder().store(store).limits(limits).register(known).start()) {
      var run = second.find(known, "k").orElseThrow();
      assertThat(run.result(LIMIT)).isInstanceOf(Run.Result.Completed.class);

      second.register(unknown);

      for (int i = 0; i < MORE_THAN_A_PAGE; i++) {
        var late = second.find(unknown, "k" + i).orElseThrow();
        assertThat(late.result(LIMIT)).isInstanceOf(Run.Result.Completed.class);
      }
    }
  }

  @Test
  void goOnThoughTheStepsAfterThoseBeforeThemDoNot() throws Exception {
    var go = new CountDownLatch(1);
    var g = Workflow.graph("slow", Nap.class);
    var nap = g.delay("nap", Nap::until);
    var wait =
        g.step(
            "wait",
            (state, ctx) -> {
              go.await();
              return state;
            });
    g.start(nap).path(nap, wait, g.end());
    var slow = g.build();
    var quick = naps("quick");
    var limits = Limits.DEFAULT.release(Duration.ZERO);
    try (var engine = Engine.builder().memory().limits(limits).register(slow, quick).start()) {
      var due = Instant.now().plusSeconds(1);
      var runs = new ArrayList<Run<Nap>>();
      for (int i = 0; i < MORE_THAN_A_PAGE; i++) {
        runs.add(engine.start(slow, "k" + i, new Nap(due)));
      }
      var last = engine.start(quick, "k", new Nap(due.plusSeconds(1)));

      assertThat(last.result(LIMIT)).isInstanceOf(Run.Result.Completed.class);

      go.countDown();
      for (var run : runs) {
        assertThat(run.result(LIMIT)).isInstanceOf(Run.Result.Completed.class);
      }
    }
  }
}
