package dev.pawl.testkit.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.turns.Turns;
import dev.pawl.store.MemoryStore;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Policy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

final class SchedulerTest {
  private record Count(int value) {}

  private final List<String> heard = new ArrayList<>();

  @Test
  void runsOneThreadAtATimeInTheOrderGiven() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    for (var name : List.of("a", "b", "c")) {
      process.start(
          name,
          () -> {
            heard.add(name);
            process.bell().awaitUntil(process.nanoTime() + 1_000);
            heard.add(name + " again");
          });
    }
    assertThat(heard).isEmpty();

    scheduler.idle();
    assertThat(heard).containsExactly("a", "b", "c");
    assertThat(scheduler.nextAlarm()).isEqualTo(Scheduler.START.plusNanos(1_000));

    scheduler.passTo(Scheduler.START.plusNanos(1_000));
    scheduler.idle();
    assertThat(heard).containsExactly("a", "b", "c", "a again", "b again", "c again");
    assertThat(process.threads()).isZero();
  }

  @Test
  void letsTimePassWhenAllThreadsWait() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);

    assertThat(process.bell().awaitUntil(Duration.ofDays(2).toNanos())).isFalse();

    assertThat(process.now()).isEqualTo(Scheduler.START.plus(Duration.ofDays(2)));
  }

  @Test
  void remembersARingForTheNextWait() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var bell = process.bell();

    bell.ring();

    assertThat(bell.awaitUntil(1_000)).isTrue();
    assertThat(bell.awaitUntil(1_000)).isFalse();
    assertThat(process.nanoTime()).isEqualTo(1_000);
  }

  @Test
  void wakesOneWhoWaitsForALock() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var lock = process.lock();
    var opened = process.bell();
    process.start(
        "holder",
        () -> {
          lock.lock();
          try {
            hold(lock, opened);
            heard.add("left");
          } finally {
            lock.unlock();
          }
        });
    process.start(
        "next",
        () -> {
          lock.lock();
          try {
            heard.add("entered");
          } finally {
            lock.unlock();
          }
        });
    scheduler.idle();
    assertThat(heard).isEmpty();

    opened.ring();
    scheduler.idle();

    assertThat(heard).containsExactly("left", "entered");
  }

  private static void hold(Lock lock, Turns.Bell until) {
    lock.lock();
    try {
      until.await();
    } finally {
      lock.unlock();
    }
  }

  @Test
  void endsTheWaitOfAnInterruptedThread() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var thread =
        process.start(
            "sleeper",
            () -> {
              try {
                process.sleep(Duration.ofHours(1));
                heard.add("slept");
              } catch (InterruptedException e) {
                heard.add("interrupted at " + process.nanoTime());
              }
            });
    scheduler.idle();

    process.interrupt(thread);
    scheduler.idle();

    assertThat(heard).containsExactly("interrupted at 0");
  }

  @Test
  void keepsAnInterruptForLaterWhereItIsNotObeyed() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var bell = process.bell();
    var thread =
        process.start(
            "waiter",
            () -> {
              bell.await();
              heard.add("interrupted: " + Thread.currentThread().isInterrupted());
            });
    scheduler.idle();

    process.interrupt(thread);
    scheduler.idle();
    assertThat(heard).isEmpty();

    bell.ring();
    scheduler.idle();
    assertThat(heard).containsExactly("interrupted: true");
  }

  @Test
  void endsTheThreadsOfAKilledProcessWhereTheyStand() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("victim", 1);
    var other = scheduler.process("other", 2);
    process.start(
        "waiter",
        () -> {
          try {
            process.bell().await();
            heard.add("not this");
          } finally {
            process.bell().ring();
            heard.add("unwound");
          }
        });
    process.start(
        "killer",
        () -> {
          process.kill();
          heard.add("killed");
          process.now();
          heard.add("nor this");
        });
    process.start("late", () -> heard.add("nor that"));
    other.start(
        "survivor",
        () -> {
          other.bell().awaitUntil(5);
          heard.add("survived");
        });

    scheduler.idle();
    scheduler.passTo(Scheduler.START.plusNanos(5));
    scheduler.idle();

    assertThat(heard).containsExactly("unwound", "killed", "survived");
    assertThat(process.threads()).isZero();
    assertThatThrownBy(() -> process.start("ghost", () -> {})).isInstanceOf(Killed.class);
  }

  @Test
  void endsTheWaitOfOthersForWhatAKilledProcessWouldHaveDone() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("victim", 1);
    var lock = process.lock();
    process.start(
        "holder",
        () -> {
          lock.lock();
          process.bell().awaitUntil(7);
          process.kill();
        });
    scheduler.idle();

    assertThatThrownBy(lock::lock).isInstanceOf(Killed.class).hasMessageContaining("victim");
    assertThat(scheduler.nanos()).isEqualTo(7);
    assertThatThrownBy(process::now).isInstanceOf(Killed.class);
    assertThatThrownBy(() -> process.bell().await()).isInstanceOf(Killed.class);
  }

  @Test
  void namesAThreadThatBlocksElsewhereAndTakesTheTurnBack() {
    var scheduler = new Scheduler(Order.FIRST_COME, Duration.ofMillis(1));
    var process = scheduler.process("p", 1);
    process.start(
        "blocker",
        () -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            heard.add("interrupted");
          }
          process.bell().await();
        });

    assertThatThrownBy(scheduler::idle)
        .isInstanceOf(Stuck.class)
        .hasMessageContaining("p/blocker")
        .hasMessageContaining("CountDownLatch.await");

    assertThat(scheduler.regain(Duration.ofSeconds(20))).isTrue();
    assertThat(heard).containsExactly("interrupted");
    process.kill();
    assertThat(process.threads()).isZero();
  }

  @Test
  void holdsBackTheThreadsOfAFrozenProcess() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    process.start(
        "sleeper",
        () -> {
          process.bell().awaitUntil(10);
          heard.add("woke at " + process.nanoTime());
        });
    scheduler.idle();

    process.freeze(Duration.ofNanos(1_000));
    process.freeze(Duration.ofNanos(100));

    var other = scheduler.process("other", 2);
    other.bell().awaitUntil(2_000);
    assertThat(heard).containsExactly("woke at 1000");
  }

  @Test
  void showsATimeThatNeverGoesBack() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);

    process.skew(Duration.ofHours(1));
    assertThat(process.now()).isEqualTo(Scheduler.START.plus(Duration.ofHours(1)));
    process.skew(Duration.ofHours(-1));

    assertThat(process.now()).isEqualTo(Scheduler.START.plus(Duration.ofHours(1)));
  }

  @Test
  void saysWhichThreadsWaitForEachOther() {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    process.start("one who waits", () -> process.bell().await());

    assertThatThrownBy(() -> process.bell().await())
        .isInstanceOf(Stuck.class)
        .hasMessageContaining("every thread waits for another")
        .hasMessageContaining("p/one who waits");
  }

  @Test
  void refusesThreadsThatAreNotItsOwn() throws InterruptedException {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var stranger =
        Thread.ofVirtual()
            .name("stranger")
            .start(() -> {
              try {
                process.now();
              } catch (IllegalStateException e) {
                heard.add(e.getMessage());
              }
            });

    stranger.join();

    assertThat(heard).singleElement().asString().contains("stranger", "neither the thread");
  }

  @Test
  void runsADurableEngineThatSkipsItsWaits() throws InterruptedException {
    var scheduler = new Scheduler(Order.FIRST_COME);
    var process = scheduler.process("p", 1);
    var g = Workflow.graph("waits", Count.class);
    var tries = new ArrayList<Integer>();
    var flaky =
        g.step(
                "flaky",
                (count, ctx) -> {
                  tries.add(ctx.attempt());
                  if (ctx.attempt() < 3) {
                    throw new IOException("down");
                  }
                  return new Count(count.value() + 1);
                })
            .with(Policy.retry(Duration.ofMinutes(1), 5));
    var wait = g.delay("wait", count -> Scheduler.START.plus(Duration.ofDays(30)));
    g.start(flaky).path(flaky, wait, g.end("over"));
    var workflow = g.build();

    try (var store = new MemoryStore();
        var engine = Engine.builder().store(store).turns(process).register(workflow).start()) {
      var run = engine.start(workflow, "one", new Count(0));

      assertThat(run.await(Duration.ofDays(40))).isEqualTo(new Count(1));
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(tries).containsExactly(1, 2, 3);
      assertThat(process.now()).isEqualTo(Scheduler.START.plus(Duration.ofDays(30)));
    }
    scheduler.idle();
    assertThat(process.threads()).isZero();
  }

  @Test
  void repeatsACourseThatWasDrawn() {
    assertThat(course(7)).isEqualTo(course(7)).isNotEqualTo(course(8));
  }

  private static long course(long seed) {
    var random = new SplittableRandom(seed);
    var scheduler =
        new Scheduler(
            new Order() {
              @Override
              public int next(int ready) {
                return random.nextInt(ready);
              }

              @Override
              public boolean givesWay() {
                return random.nextInt(4) == 0;
              }

              @Override
              public long slowness() {
                return random.nextInt(100) == 0 ? 1_000_000 : 0;
              }

              @Override
              public long tick() {
                return random.nextInt(2_000);
              }
            });
    var process = scheduler.process("p", seed);
    var g = Workflow.graph("forks", Count.class);
    var a = g.step("a", count -> new Count(count.value() + 1));
    var b = g.step("b", count -> count);
    var c = g.step("c", count -> count);
    var join = g.join("join", Join.ALL);
    a.fork(b, c);
    g.start(a).path(b, join).path(c, join).path(join, g.end());
    var workflow = g.build();
    try (var store = new MemoryStore();
        var engine = Engine.builder().store(store).turns(process).register(workflow).start()) {
      var run = engine.start(workflow, "one", new Count(0));
      assertThat(run.await(Duration.ofHours(1))).isEqualTo(new Count(1));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    scheduler.idle(); // or threads that were about to end never do
    return scheduler.hash();
  }
}
