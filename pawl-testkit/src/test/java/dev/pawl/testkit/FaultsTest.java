package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Limits;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private record Count(int value) {}

  private record Page(List<Integer> items, int sum) {}

  private final Shop shop = new Shop();

  @Test
  void chargesOnceThoughTheProcessDiesAfterCharging() {
    try (var engine = TestEngine.of(shop.orders)) {
      engine.at("charge").fails(2, () -> new IOException("bank is down")).crashesAfterEffect(1);
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      engine.settle();

      assertThat(run.attempts("charge")).isEqualTo(4);
      assertThat(shop.asked).hasSize(2);
      assertThat(shop.booked).hasSize(1);
      assertThat(run.waitingAt()).containsExactly("cooling off");
      assertThat(run.path()).containsOnlyOnce("charge");
    }
  }

  @Test
  void letsFaultsBefallAttemptsInTheOrderTheyAreGiven() {
    try (var engine = TestEngine.of(shop.orders)) {
      engine
          .at("charge")
          .crashesAfterEffect(1)
          .fails(1, () -> new IOException("first"))
          .fails(1, () -> new IOException("second"));
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      engine.settle();

      assertThat(run.attempts("charge")).isEqualTo(4);
      assertThat(shop.asked).hasSize(2);
      assertThat(run.history(0, 100).stream().flatMap(row -> row.error().stream()))
          .containsExactly("java.io.IOException: first", "java.io.IOException: second");
    }
  }

  @Test
  void injectsFaultsIntoNodesOfNestedWorkflowsOfAllKinds() {
    var g = Workflow.graph("pages", Page.class);
    var retried = Policy.DEFAULT.retry(Retry.fixed(Duration.ofSeconds(1), 3));
    var double_ = g.step("double", page -> page);
    var sub = Workflow.graph("sub", Count.class);
    var add = sub.step("add", count -> new Count(count.value() + 1)).with(retried);
    sub.start(add).path(add, sub.end("added"));
    var call =
        g.call(
            "call",
            sub.build(),
            page -> new Count(page.sum()),
            (page, count) -> new Page(page.items(), count.value()));
    g.start(double_).path(double_, call, g.end("over"));
    var pages = g.build();

    try (var engine = TestEngine.of(pages)) {
      engine.at("call/add").fails(1, () -> new IOException("no")).crashesAfterEffect(1);
      var run = engine.start(pages, "p", new Page(List.of(1, 2), 0));
      engine.settle();

      assertThat(run.state()).isEqualTo(new Page(List.of(1, 2), 1));
      assertThat(run.attempts("call/add")).isEqualTo(3);
    }
  }

  @Test
  void repeatsBranchesThatACrashCutsAndKeepsThoseThatWereCommitted() {
    try (var engine = TestEngine.of(shop.orders)) {
      engine.at("papers/pack").takes(Duration.ofSeconds(5)).crashesAfterEffect(1);
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      engine.settle();

      assertThat(run.attempts("papers/invoice")).isEqualTo(1);
      assertThat(run.attempts("papers/pack")).isEqualTo(2);
      assertThat(run.state()).isEqualTo(Shop.shipped("p1"));
      assertThat(engine.now()).isEqualTo(Scheduler.START.plusSeconds(10));
    }
  }

  @Test
  void injectsFaultsIntoWhatADelayDoesAfterItsWait() {
    var g = Workflow.graph("alarm", Count.class);
    var wait =
        g.delay("wait", count -> Scheduler.START.plus(Duration.ofDays(1)))
            .with(Policy.retry(Duration.ofSeconds(1), 3));
    g.start(wait).path(wait, g.end("over"));
    var alarm = g.build();

    try (var engine = TestEngine.of(alarm)) {
      engine.at("wait").fails(1, () -> new IOException("no")).crashesAfterEffect(1);
      var run = engine.start(alarm, "a", new Count(1));
      engine.settle();
      assertThat(run.waitingAt()).containsExactly("wait");
      engine.advance(Duration.ofDays(1));
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.attempts("wait")).isEqualTo(3);
    }
  }

  @Test
  void showsThatARunWhoseProcessDiesAgainAndAgainIsPaused() {
    try (var engine = TestEngine.of(shop.orders)) {
      engine.at("charge").crashesAfterEffect(10);
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(run.attempts("charge")).isEqualTo(Limits.DEFAULT.poisonAfter());
    }
  }

  @Test
  void goesOnAfterARestartFromWhatWasCommitted() {
    try (var engine = TestEngine.of(shop.orders)) {
      engine.at("charge").takes(Duration.ofSeconds(30));
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);
      engine.advance(Duration.ofSeconds(10));
      assertThat(run.path()).containsExactly("check");

      engine.restart();
      engine.settle();

      assertThat(run.attempts("check")).isEqualTo(1);
      assertThat(run.attempts("charge")).isEqualTo(2);
      assertThat(shop.asked).hasSize(1);
      assertThat(engine.now()).isEqualTo(Scheduler.START.plusSeconds(40));

      engine.restart();
      engine.advance(Shop.COOLING_OFF);
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @Test
  void awaitsARunOverACrash() throws InterruptedException {
    try (var engine = TestEngine.of(shop.orders)) {
      engine.at("ship").crashesAfterEffect(2);
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      assertThat(run.await(Shop.COOLING_OFF)).isEqualTo(Shop.shipped("p1"));
      assertThat(run.attempts("ship")).isEqualTo(3);
    }
  }

  @Test
  void listsTheNodesWhenANameIsWrong() {
    try (var engine = TestEngine.of(shop.orders)) {
      var run = engine.start(shop.orders, "o-1", Shop.ORDER);

      assertThatThrownBy(() -> engine.at("chrage"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "there is no node chrage; did you mean charge? The steps of orders are check, charge,"
                  + " cooling off, ship, papers/invoice, papers/pack");
      assertThatThrownBy(() -> engine.at("invoice"))
          .hasMessageContaining("did you mean papers/invoice?");
      assertThatThrownBy(() -> run.attempts("something else entirely"))
          .hasMessageContaining("no node something else entirely. The steps of orders are");
      assertThatThrownBy(() -> engine.at("papers"))
          .hasMessage(
              "node papers of workflow orders runs no step of its own; name one of papers/invoice,"
                  + " papers/pack");
    }
  }

  @Test
  void asksForTheWorkflowWhenSeveralHaveTheNode() {
    var returns = shop.workflow("returns");
    try (var engine = TestEngine.of(shop.orders, returns)) {
      assertThatThrownBy(() -> engine.at("charge"))
          .hasMessage(
              "several workflows have a node charge: orders@1, returns@1; give the workflow first:"
                  + " at(workflow, \"charge\")");

      engine.at(returns, "charge").fails(1, () -> new IOException("down"));
      var order = engine.start(shop.orders, "o-1", Shop.ORDER);
      var back = engine.start(returns, "r-1", Shop.ORDER);
      engine.settle();

      assertThat(order.attempts("charge")).isEqualTo(1);
      assertThat(back.attempts("charge")).isEqualTo(2);
    }
  }

  @Test
  void givesTheSameCourseTwice() {
    assertThat(course()).isEqualTo(course());
  }

  private static List<Object> course() {
    var shop = new Shop();
    try (var engine = TestEngine.of(shop.orders)) {
      engine.at("charge").fails(3, () -> new IOException("down")).takes(Duration.ofSeconds(2));
      engine.at("papers/pack").crashesAfterEffect(1);
      var rows = new ArrayList<Object>();
      for (int i = 0; i < 5; i++) {
        engine.start(shop.orders, "o-" + i, Shop.ORDER);
      }
      engine.settle();
      engine.restart();
      engine.advance(Shop.COOLING_OFF);
      for (int i = 0; i < 5; i++) {
        var run = engine.find(shop.orders, "o-" + i).orElseThrow();
        rows.add(run.id());
        run.history(0, 1_000)
            .forEach(row -> rows.add(row.seq() + row.node() + row.kind() + row.at() + row.due()));
      }
      rows.add(engine.now());
      rows.add(engine.report());
      return rows;
    }
  }

  @Test
  void refusesNumbersThatMakeNoSense() {
    try (var engine = TestEngine.of(shop.orders)) {
      assertThatThrownBy(() -> engine.at("charge").fails(0, IOException::new))
          .hasMessageContaining("0 attempts");
      assertThatThrownBy(() -> engine.at("charge").crashesAfterEffect(-1))
          .hasMessageContaining("-1 attempts");
      assertThatThrownBy(() -> engine.at("charge").takes(Duration.ofSeconds(-1)))
          .hasMessageContaining("cannot take");
    }
  }
}
