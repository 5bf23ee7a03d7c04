package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.testkit.turns.Stuck;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockedStepTest {
  private record Count(int value) {}

  private final List<String> heard = new ArrayList<>();
  private volatile Thread blocks = Thread.currentThread();

  private Workflow<Count> blocked(CountDownLatch latch) {
    var g = Workflow.graph("blocked", Count.class);
    var waits =
        g.step(
            "waits",
            count -> {
              blocks = Thread.currentThread();
              while (true) {
                try {
                  latch.await();
                  return count;
                } catch (InterruptedException e) {
                  heard.add("interrupted");
                  if (count.value() == 0) {
                    throw e;
                  }
                }
              }
            });
    g.start(waits).path(waits, g.end("over"));
    return g.build();
  }

  @Test
  void namesAStepThatWaitsForAnotherThread() {
    var blocked = blocked(new CountDownLatch(1));
    try (var engine = TestEngine.builder(blocked).patience(Duration.ofSeconds(1)).start()) {
      engine.start(blocked, "b-1", new Count(0));

      assertThatThrownBy(engine::settle)
          .isInstanceOf(Stuck.class)
          .hasMessageContaining("workflow blocked, node waits, run b-1")
          .hasMessageContaining("has blocked for 1000 ms of real time")
          .hasMessageContaining("BlockedStepTest");
      assertThatThrownBy(engine::settle)
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseInstanceOf(Stuck.class);
      assertThat(engine.report()).contains("run b-1 of blocked: RUNNING");
    }
    assertThat(heard).containsExactly("interrupted");
  }

  @Test
  void namesItAlsoWhenTheTestWaitsForTheRun() {
    var blocked = blocked(new CountDownLatch(1));
    try (var engine = TestEngine.builder(blocked).patience(Duration.ofSeconds(1)).start()) {
      var run = engine.start(blocked, "b-1", new Count(0));

      assertThatThrownBy(() -> run.await(Duration.ofDays(1)))
          .isInstanceOf(Stuck.class)
          .hasMessageContaining("workflow blocked, node waits, run b-1");
    }
  }

  @Test
  void closesThoughAStepIgnoresItsInterruptAndEndsItsThreadsWhenItReturns()
      throws InterruptedException {
    var latch = new CountDownLatch(1);
    var blocked = blocked(latch);
    var engine = TestEngine.builder(blocked).patience(Duration.ofSeconds(1)).start();
    engine.start(blocked, "b-1", new Count(1));
    assertThatThrownBy(engine::settle).isInstanceOf(Stuck.class);

    engine.close();
    latch.countDown();

    assertThat(blocks.join(Duration.ofSeconds(20))).isTrue();
    assertThat(engine.threads()).isZero();
  }

  @Test
  void closesWhileStepsAreUnderWayAndLeavesNoThreads() {
    var shop = new Shop();
    var engine = TestEngine.of(shop.orders);
    engine.at("charge").takes(Duration.ofSeconds(30));
    engine.start(shop.orders, "o-1", Shop.ORDER);
    engine.advance(Duration.ofSeconds(1));

    engine.close();

    assertThat(engine.threads()).isZero();
    assertThat(shop.asked).isEmpty();
  }

  @Test
  void refusesThreadsThatAreNotItsOwn() throws InterruptedException {
    var shop = new Shop();
    try (var engine = TestEngine.of(shop.orders)) {
      var stranger =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  engine.settle();
                } catch (IllegalStateException e) {
                  heard.add(e.getMessage());
                }
                try {
                  engine.start(shop.orders, "o-1", Shop.ORDER);
                } catch (IllegalStateException e) {
                  heard.add(e.getMessage());
                }
              });
      stranger.join();
    }

    assertThat(heard).hasSize(2);
    assertThat(heard.getFirst()).contains("only the thread that made the engine");
    assertThat(heard.getLast()).contains("neither the thread that made it nor one that it started");
  }
}
