package dev.pawl.engine.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bells and threads as a real engine has them.
@Timeout(60)
final class SystemTurnsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long SOON = Duration.ofMillis(20).toNanos();

  private final Turns turns = Turns.system();
  private final Turns.Bell bell = turns.bell();

  private long in(long nanos) {
    return turns.nanoTime() + nanos;
  }

  @Test
  void goesOnAtOnceWhereTheBellHasBeenRung() throws Exception {
    bell.ring();
    bell.await();
    bell.ring();
    bell.awaitInterruptibly();
    bell.ring();

    assertThat(bell.awaitUntil(in(SOON))).isTrue();
    bell.ring();
    assertThat(bell.awaitUntilInterruptibly(in(SOON))).isTrue();
  }

  @Test
  void countsManyRingsAsOne() {
    bell.ring();
    bell.ring();

    assertThat(bell.awaitUntil(in(SOON))).isTrue();
    assertThat(bell.awaitUntil(in(SOON))).isFalse();
  }

  @Test
  void givesUpInTimeAndNotBefore() throws Exception {
    long until = in(SOON);
    assertThat(bell.awaitUntil(until)).isFalse();
    assertThat(turns.nanoTime() - until).isNotNegative();

    long later = in(SOON);
    assertThat(bell.awaitUntilInterruptibly(later)).isFalse();
    assertThat(turns.nanoTime() - later).isNotNegative();
  }

  @Test
  void hearsARingAfterItGaveUpOnce() {
    assertThat(bell.awaitUntil(in(SOON))).isFalse();
    bell.ring();

    assertThat(bell.awaitUntil(in(SOON))).isTrue();
  }

  @Test
  void isWokenByAnotherThread() throws Exception {
    var woken = new CountDownLatch(4);
    var here = new CountDownLatch(4);
    Turns.Bell[] bells = {turns.bell(), turns.bell(), turns.bell(), turns.bell()};
    turns.start("await", () -> countWhen(here, woken, bells[0]::await));
    turns.start("interruptibly", () -> countWhen(here, woken, bells[1]::awaitInterruptibly));
    turns.start(
        "until",
        () -> countWhen(here, woken, () -> bells[2].awaitUntil(in(Duration.ofDays(1).toNanos()))));
    turns.start(
        "until, interruptibly",
        () ->
            countWhen(
                here,
                woken,
                () -> bells[3].awaitUntilInterruptibly(in(Duration.ofDays(1).toNanos()))));
    here.await();

    for (var each : bells) {
      each.ring();
    }

    assertThat(woken.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private interface Wait {
    void run() throws InterruptedException;
  }

  private static void countWhen(CountDownLatch here, CountDownLatch woken, Wait wait) {
    here.countDown();
    try {
      wait.run();
      woken.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void keepsAnInterruptThatItDoesNotObey() {
    var waiter = Thread.currentThread();
    turns.start("ringer", () -> interruptAndRing(waiter));

    bell.await();

    assertThat(Thread.interrupted()).isTrue();
    turns.interrupt(waiter);
    assertThat(bell.awaitUntil(in(SOON))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(bell.awaitUntil(in(SOON))).isFalse();
    assertThat(Thread.interrupted()).isFalse();
  }

  private void interruptAndRing(Thread waiter) {
    turns.interrupt(waiter);
    bell.ring();
  }

  @Test
  void endsAWaitThatObeysInterrupts() {
    turns.interrupt(Thread.currentThread());
    assertThatThrownBy(bell::awaitInterruptibly).isInstanceOf(InterruptedException.class);

    turns.interrupt(Thread.currentThread());
    assertThatThrownBy(() -> bell.awaitUntilInterruptibly(in(LIMIT.toNanos())))
        .isInstanceOf(InterruptedException.class);

    assertThat(Thread.interrupted()).isFalse();
    bell.ring();
    assertThat(bell.awaitUntil(in(SOON))).isTrue();
  }

  @Test
  void startsThreadsOfBothKindsByName() throws Exception {
    var virtual = new AtomicBoolean();
    var platform = new AtomicBoolean(true);

    var light = turns.start("light", () -> virtual.set(Thread.currentThread().isVirtual()));
    var heavy =
        turns.startPlatform("heavy", () -> platform.set(Thread.currentThread().isVirtual()));
    light.join();
    heavy.join();

    assertThat(light.getName()).isEqualTo("light");
    assertThat(heavy.getName()).isEqualTo("heavy");
    assertThat(heavy.isDaemon()).isTrue();
    assertThat(virtual).isTrue();
    assertThat(platform).isFalse();
  }

  @Test
  void readsAClockThatNeverGoesBack() {
    var last = Instant.EPOCH;
    for (int i = 0; i < 1_000; i++) {
      var now = turns.now();
      assertThat(now).isAfterOrEqualTo(last);
      assertThat(now).as("what stores keep").isEqualTo(now.truncatedTo(ChronoUnit.MICROS));
      last = now;
    }
  }
}
