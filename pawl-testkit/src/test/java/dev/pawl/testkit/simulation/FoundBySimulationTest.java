package dev.pawl.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.IllegalStatus;
import dev.pawl.engine.Limits;
import dev.pawl.engine.Run;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.Store;
import dev.pawl.store.Writer;
import dev.pawl.testkit.turns.Order;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.testkit.turns.VirtualProcess;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Step;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/// Each is a defect of the engine that a simulation has found.
final class FoundBySimulationTest {
  private static final Duration LONG = Duration.ofDays(1);

  private record Count(int value) {}

  @Test
  void triesAgainNotBeforeTheAttemptIsDueThoughTimeGoesByBetweenTwoReadingsOfTheClocks()
      throws InterruptedException {
    var scheduler = new Scheduler(slowMachine());
    var process = scheduler.process("p", 1);
    var workflow = flaky(Duration.ofSeconds(9));
    try (var store = new MemoryStore();
        var engine = builder(process, store, workflow).start()) {
      for (int i = 0; i < 50; i++) {
        process.start("busy", () -> readClock(process, 100));
      }
      var run = engine.start(workflow, "one", new Count(0));
      run.await(LONG);

      var rows = run.history(0, 10);
      assertThat(rows.get(0).kind()).isEqualTo(HistoryRow.Kind.RETRY);
      assertThat(rows.get(1).at().minus(rows.get(1).took()))
          .isAfterOrEqualTo(rows.get(0).due().orElseThrow());
    }
  }

  @Test
  void refusesToCancelARunThatIsOverButNotYetShownSo() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var workflow = delayed(Instant.EPOCH, (count, ctx) -> count);
    try (var store = new MemoryStore();
        var engine =
            builder(process, slowCommits(store, process, Duration.ofSeconds(1)), workflow)
                .start()) {
      var run = engine.start(workflow, "one", new Count(0));
      while (run.history(0, 10).isEmpty()) {
        pass(process, Duration.ofSeconds(1));
      }
      pass(process, Duration.ofMillis(500));
      assertThat(run.status()).isEqualTo(RunStatus.RUNNING);

      assertThatThrownBy(() -> run.cancel("too late")).isInstanceOf(IllegalStatus.class);

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @Test
  void refusesToCancelARunThatFailsWhileItsOtherBranchStillStops() throws InterruptedException {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var g = Workflow.graph("failing", Count.class);
    var fork = g.step("fork", count -> count);
    var slow =
        g.step(
            "slow",
            count -> {
              pass(process, Duration.ofMinutes(1));
              return count;
            });
    var broken =
        g.step(
            "broken",
            (count, ctx) -> {
              process.sleep(Duration.ofSeconds(1));
              throw new IOException("broken");
            });
    var join = g.join("join", Join.ALL);
    fork.fork(slow);
    fork.fork(broken);
    g.start(fork).path(slow, join).path(broken, join).path(join, g.end());
    var workflow = g.build();
    try (var store = new MemoryStore();
        var engine = builder(process, store, workflow).start()) {
      var run = engine.start(workflow, "one", new Count(0));
      pass(process, Duration.ofSeconds(10));
      assertThat(run.status()).isEqualTo(RunStatus.RUNNING);

      assertThatThrownBy(() -> run.cancel("too late")).isInstanceOf(IllegalStatus.class);
      assertThatThrownBy(() -> run.pause("too late")).isInstanceOf(IllegalStatus.class);

      assertThat(run.result(LONG)).isInstanceOf(Run.Result.Failed.class);
    }
  }

  @Test
  void resumesARunWhoseRetryFellDueWhileItWasPaused() throws InterruptedException {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var workflow = flaky(Duration.ofSeconds(15));
    try (var store = new MemoryStore();
        var engine = builder(process, store, workflow).start()) {
      var run = engine.start(workflow, "one", new Count(0));
      scheduler.idle();
      run.pause("to look at it");
      pass(process, Duration.ofMinutes(1));

      run.resume();

      assertThat(run.await(LONG)).isEqualTo(new Count(1));
    }
  }

  @Test
  void endsADelayByTheWallClockThoughThatWasSetBack() throws InterruptedException {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var workflow = delayed(Scheduler.START.plusSeconds(5), (count, ctx) -> count);
    try (var store = new MemoryStore();
        var engine = builder(process, store, workflow).start()) {
      var run = engine.start(workflow, "one", new Count(0));
      scheduler.idle();

      process.skew(Duration.ofMinutes(-1));
      pass(process, Duration.ofSeconds(50));
      assertThat(run.status()).isEqualTo(RunStatus.WAITING);

      run.await(LONG);
      assertThat(scheduler.now()).isAfter(Scheduler.START.plusSeconds(60));
    }
  }

  @Test
  void doesNotRunInCirclesWhileAClockThatWasSetBackStandsStill() throws InterruptedException {
    for (var release : List.of(Duration.ZERO, Duration.ofSeconds(10))) {
      var scheduler = new Scheduler(Order.FIRST_COME);
      scheduler.limit(100_000);
      var process = scheduler.process("p", 1);
      var workflow = delayed(Scheduler.START.plusSeconds(5), (count, ctx) -> count);
      try (var store = new MemoryStore();
          var engine =
              builder(process, store, workflow).limits(Limits.DEFAULT.release(release)).start()) {
        var run = engine.start(workflow, "one", new Count(0));
        scheduler.idle();
        pass(process, Duration.ofSeconds(5).minusNanos(2_000));

        assertThat(process.now()).isBefore(Scheduler.START.plusSeconds(5));
        process.skew(Duration.ofMinutes(-1));

        run.await(LONG);
        assertThat(scheduler.now()).isAfter(Scheduler.START.plusSeconds(64));
      }
    }
  }

  @Test
  void leavesACancelledRunAsItIsThoughItWasReadBefore() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var workflow =
        delayed(
            Scheduler.START.plusSeconds(20),
            (count, ctx) -> {
              process.sleep(Duration.ofSeconds(10));
              return count;
            });
    try (var store = new MemoryStore();
        var engine =
            builder(process, slowLoads(store, process, Duration.ofSeconds(3)), workflow).start()) {
      var run = engine.start(workflow, "one", new Count(0));
      pass(process, Duration.ofSeconds(21));

      run.cancel("read by the timer, and not there yet");

      pass(process, Duration.ofSeconds(1));

      var ended = store.run(run.id()).orElseThrow().state();
      assertThat(ended.status()).isEqualTo(RunStatus.CANCELLED);
      for (int second = 0; second < 20; second++) {
        pass(process, Duration.ofSeconds(1));
        assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(store.run(run.id()).orElseThrow().state()).isEqualTo(ended);
      }
    }
  }

  @Test
  void writesOnThoughThoseWhoWaitForRoomComeBackAtOnce() throws InterruptedException {
    var scheduler = new Scheduler(slowMachine());
    scheduler.limit(100_000);
    var process = scheduler.process("p", 1);
    var g = Workflow.graph("wide", Count.class);
    var fork = g.step("fork", count -> count);
    var join = g.join("join", Join.ALL);
    for (int i = 0; i < 8; i++) {
      var branch = g.step("branch" + i, count -> count);
      fork.fork(branch);
      g.path(branch, join);
    }
    g.start(fork).path(join, g.end());
    var workflow = g.build();
    try (var store = new MemoryStore();
        var engine =
            builder(process, store, workflow).limits(Limits.DEFAULT.queuedCommits(1)).start()) {
      var runs = new ArrayList<Run<Count>>();
      for (int i = 0; i < 4; i++) {
        runs.add(engine.start(workflow, "run" + i, new Count(i)));
      }

      for (var run : runs) {
        run.await(LONG);
      }
    }
  }

  private static EngineBuilder builder(
      VirtualProcess process, Store store, Workflow<Count> workflow) {
    return Engine.builder().turns(process).store(store).register(workflow);
  }

  private static void readClock(VirtualProcess process, int times) {
    for (int i = 0; i < times; i++) {
      process.now();
    }
  }

  private static void pass(VirtualProcess process, Duration time) {
    process.bell().awaitUntil(process.nanoTime() + time.toNanos());
  }

  /// Fails once, waits, and counts.
  private static Workflow<Count> flaky(Duration wait) {
    var g = Workflow.graph("flaky", Count.class);
    var step =
        g.step(
                "step",
                (count, ctx) -> {
                  if (ctx.attempt() == 1) {
                    throw new IOException("down");
                  }
                  return new Count(count.value() + 1);
                })
            .with(Policy.retry(wait, 2));
    g.start(step).path(step, g.end());
    return g.build();
  }

  private static Workflow<Count> delayed(Instant until, Step<Count, Count> then) {
    var g = Workflow.graph("delayed", Count.class);
    var delay = g.delay("delay", count -> until);
    var step = g.step("step", then);
    g.start(delay).path(delay, step, g.end());
    return g.build();
  }

  private static Order slowMachine() {
    return new Order() {
      @Override
      public int next(int ready) {
        return 0;
      }

      @Override
      public boolean givesWay() {
        return true;
      }

      @Override
      public long slowness() {
        return 0;
      }

      @Override
      public long tick() {
        return 1_000_000;
      }
    };
  }

  private static Store slowCommits(Store store, VirtualProcess process, Duration time) {
    return watched(
        Store.class,
        store,
        (name, result) -> {
          if (result instanceof Writer writer) {
            return watched(
                Writer.class,
                writer,
                (called, answer) -> {
                  if (called.equals("commit")) {
                    pass(process, time);
                  }
                  return answer;
                });
          }
          return result;
        });
  }

  /// The first load takes its time, after it has read.
  private static Store slowLoads(Store store, VirtualProcess process, Duration first) {
    Queue<Duration> times = new ArrayDeque<>(List.of(first));
    return watched(
        Store.class,
        store,
        (name, result) -> {
          if (name.equals("load") && !times.isEmpty()) {
            pass(process, times.remove());
          }
          return result;
        });
  }

  private interface Watch {
    Object after(String method, Object result);
  }

  private static <T> T watched(Class<T> type, T target, Watch watch) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return watch.after(method.getName(), method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
