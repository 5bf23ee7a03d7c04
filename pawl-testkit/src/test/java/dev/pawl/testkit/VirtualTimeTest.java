package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.AwaitTimeout;
import dev.pawl.engine.KeyTaken;
import dev.pawl.engine.Run;
import dev.pawl.engine.StartOptions;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private record Count(int value) {}

  private final Shop shop = new Shop();

  @Test
  void runsNothingUntilTheTestLetsIt() {
    try (var engine = TestEngine.of(shop.orders)) {
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
      assertThat(run.path()).isEmpty();
      assertThat(shop.booked).isEmpty();
      assertThat(engine.now()).isEqualTo(Scheduler.START);
    }
  }

  @Test
  void settlesWhereTheRunWaitsAndLetsNoTimePass() {
    try (var engine = TestEngine.of(shop.orders)) {
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.WAITING);
      assertThat(run.waitingAt()).containsExactly("cooling off");
      assertThat(run.path())
          .containsExactly("check", "charge", "papers/invoice", "papers/pack", "papers");
      assertThat(run.state()).isEqualTo(Shop.shipped("p1"));
      assertThat(engine.now()).isEqualTo(Scheduler.START);
    }
  }

  @Test
  void goesOnWhenTheTimeHasComeAndNotBefore() {
    try (var engine = TestEngine.of(shop.orders)) {
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      engine.advance(Shop.COOLING_OFF.minusNanos(1_000));
      assertThat(run.waitingAt()).containsExactly("cooling off");

      engine.advance(Duration.ofNanos(1_000));
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.waitingAt()).isEmpty();
      assertThat(run.path()).endsWith("cooling off", "ship", "shipped");
      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Shop.COOLING_OFF));
    }
  }

  @Test
  void firesWhatFallsDueOnTheWayInOrder() {
    var order = new ArrayList<Integer>();
    var g = Workflow.graph("late", Count.class);
    var wait = g.delay("wait", count -> Scheduler.START.plus(Duration.ofHours(count.value())));
    var note =
        g.step(
            "note",
            count -> {
              order.add(count.value());
              return count;
            });
    g.start(wait).path(wait, note, g.end("over"));
    var late = g.build();

    try (var engine = TestEngine.of(late)) {
      for (int hours : List.of(3, 1, 2, 4)) {
        engine.start(late, "run " + hours, new Count(hours));
      }
      engine.advance(Duration.ofHours(3));
    }

    assertThat(order).containsExactly(1, 2, 3);
  }

  @Test
  void letsTimePassForRetriesButNeverAsFarAsARunWaits() {
    var slow = Policy.DEFAULT.retry(Retry.fixed(Duration.ofDays(9), 4));
    var g = Workflow.graph("stubborn", Count.class);
    var call = g.step("call", count -> count).with(slow);
    g.start(call).path(call, g.end("over"));
    var stubborn = g.build();

    try (var engine = TestEngine.of(shop.orders, stubborn)) {
      engine.at("call").fails(3, () -> new IOException("down"));
      var waits = engine.start(shop.orders, "o-1", Shop.ORDER);
      var retries = engine.start(stubborn, "r", new Count(0));

      engine.settle();

      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Duration.ofDays(9)));
      assertThat(waits.waitingAt()).containsExactly("cooling off");
      assertThat(retries.attempts("call")).isEqualTo(2);

      engine.advance(Duration.ofDays(5));
      engine.settle();

      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Duration.ofDays(27)));
      assertThat(retries.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @Test
  void passesTheTimeThatStepsTakeAndInterruptsThoseThatTakeTooLong() {
    try (var engine = TestEngine.of(shop.orders)) {
      engine.at("check").takes(Duration.ofMinutes(3));
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);
      engine.settle();
      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Duration.ofMinutes(3)));

      engine.at("ship").takes(Duration.ofHours(1));
      engine.advance(Shop.COOLING_OFF);
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(run.attempts("ship")).isEqualTo(8);
      assertThat(engine.report()).contains("ship failed: dev.pawl.engine.TimedOut");
    }
  }

  @Test
  void waitsForARunInVirtualTime() throws InterruptedException {
    try (var engine = TestEngine.of(shop.orders)) {
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      assertThatThrownBy(() -> run.await(Duration.ofDays(3)))
          .isInstanceOf(AwaitTimeout.class)
          .hasMessageContaining("cooling off");
      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Duration.ofDays(3)));

      assertThat(run.awaitStatus(Set.of(RunStatus.COMPLETED), Duration.ofDays(20)))
          .isEqualTo(RunStatus.COMPLETED);
      assertThat(run.await(Duration.ofDays(1))).isEqualTo(Shop.shipped("p1"));
      assertThat(engine.now()).isEqualTo(Scheduler.START.plus(Shop.COOLING_OFF));
    }
  }

  @Test
  void showsTheEventsOfARunAsTimePasses() {
    try (var engine = TestEngine.of(shop.orders)) {
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);
      var nodes = new ArrayList<String>();

      try (var feed = run.feed(0)) {
        for (var event : feed) {
          nodes.add(
              switch (event) {
                case Run.Event.Committed<Shop.Order> committed -> committed.node();
                case Run.Event.Ended<Shop.Order> ended -> "over";
                case Run.Event.Emitted<Shop.Order> emitted -> emitted.channel();
                case Run.Event.Retracted<Shop.Order> retracted -> "retracted";
              });
          if (nodes.size() == 3) {
            engine.restart();
          }
        }
      }

      assertThat(nodes)
          .containsExactly(
              "check",
              "charge",
              "papers/invoice",
              "papers/pack",
              "papers",
              "cooling off",
              "ship",
              "over");
    }
  }

  @Test
  void saysWhenNoEventCanCome() {
    try (var engine = TestEngine.of(shop.orders)) {
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);
      run.pause("holiday");

      try (var feed = run.feed(0)) {
        assertThatThrownBy(() -> feed.iterator().hasNext())
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("no event comes")
            .hasMessageContaining("run o-1 of orders: PAUSED (holiday)");
      }
    }
  }

  @Test
  void leavesPausedRunsAlone() {
    try (var engine = TestEngine.of(shop.orders)) {
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);
      run.pause("holiday");
      engine.advance(Duration.ofDays(30));
      assertThat(run.path()).isEmpty();

      run.resume();
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @Test
  void startsRunsWithOptionsAndFindsThem() {
    try (var engine = TestEngine.of(shop.orders)) {
      var first = engine.start(shop.orders, "o-1", Shop.ORDER);
      engine.settle();
      assertThatThrownBy(() -> engine.start(shop.orders, "o-1", Shop.ORDER))
          .isInstanceOf(KeyTaken.class);

      var second =
          engine.start(
              shop.orders,
              "o-1",
              Shop.ORDER,
              StartOptions.DEFAULT.taken(StartOptions.Taken.REPLACE));

      assertThat(first.status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(engine.find(shop.orders, "o-1").orElseThrow().id()).isEqualTo(second.id());
      assertThat(engine.find(shop.orders, "o-2")).isEmpty();
    }
  }

  @Test
  void startsRunsFromWithinSteps() {
    var g = Workflow.graph("parents", Count.class);
    var engines = new ArrayList<TestEngine>();
    var child =
        g.step(
            "child",
            count -> {
              var run = engines.getFirst().start(shop.orders, "o-1", Shop.ORDER);
              return new Count(run.await(Duration.ofMinutes(4)).lines().size());
            });
    g.start(child).path(child, g.end("over"));
    var parents = g.build();

    try (var engine = TestEngine.of(parents, shop.orders)) {
      engines.add(engine);
      var run = engine.start(parents, "p", new Count(0));
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(engine.report()).contains("AwaitTimeout");
      assertThat(engine.find(shop.orders, "o-1").orElseThrow().waitingAt())
          .containsExactly("cooling off");
    }
  }

  @Test
  void saysWhichRunDoesNotComeToAnEnd() {
    var g = Workflow.graph("endless", Count.class);
    var call =
        g.step(
                "call",
                count -> {
                  throw new IOException("down");
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), Integer.MAX_VALUE)));
    g.start(call).path(call, g.end("over"));
    var endless = g.build();

    try (var engine = TestEngine.of(endless)) {
      engine.start(endless, "e-1", new Count(0));

      assertThatThrownBy(engine::settle)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("runs are still at work")
          .hasMessageContaining("run e-1 of endless: RUNNING");
    }
  }

  @Test
  void refusesToGoBackAndWhatItDoesNotKnow() {
    try (var engine = TestEngine.of(shop.orders)) {
      assertThatThrownBy(() -> engine.advance(Duration.ofSeconds(-1)))
          .hasMessageContaining("cannot go back");
      assertThatThrownBy(() -> engine.start(shop.workflow("returns"), "r-1", Shop.ORDER))
          .hasMessageContaining("without workflow returns@1, with orders@1");
      engine.close();
      assertThatThrownBy(engine::settle).hasMessage("the engine is closed");
    }
  }
}
