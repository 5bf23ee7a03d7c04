package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.NotInline;
import dev.pawl.engine.Run.Result;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.TimedOut;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.HistoryRow;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Workflows that limit how long a run may last.
@Timeout(60)
final class DeadlinesTest {
  private static final Signal<String> GO = Signal.of("go", String.class);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path directory;
  private final List<String> undone = new ArrayList<>();

  record Order(int stage) {
    Order next() {
      return new Order(stage + 1);
    }
  }

  /// Books, waits for a word, then packs.
  private Workflow<Order> orders() {
    var g = Workflow.graph("orders", Order.class).within(DAY);
    var book =
        g.step("book", Order::next)
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofHours(6), 20)))
            .compensate((order, ctx) -> undone.add("book " + order.stage()));
    var wait = g.await("wait", GO, (order, word) -> order.next());
    var pack = g.step("pack", Order::next).with(Policy.DEFAULT.timeout(Duration.ofDays(3)));
    g.start(book).path(book, wait, pack, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void failARunWhenItsTimeIsOverAndNotBefore(Place place) throws Exception {
    var orders = orders();
    try (var engine = place.inVirtualTime(directory, orders)) {
      var run = engine.start(orders, "o", new Order(0));

      engine.advance(DAY.minus(SECOND));
      assertThat(run.status()).isEqualTo(RunStatus.WAITING);
      engine.advance(SECOND);

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(run.result(SECOND))
          .isInstanceOfSatisfying(
              Result.Failed.class,
              failed ->
                  assertThat(failed.cause())
                      .hasMessageEndingWith("the run of workflow orders lasted longer than PT24H"));
      assertThatThrownBy(() -> run.await(SECOND))
          .isInstanceOf(RunFailed.class)
          .hasMessageStartingWith("run o failed: ");
      assertThat(undone).containsExactly("book 1");
      engine.advance(DAY);
      assertThat(run.history(0, 100))
          .extracting(HistoryRow::kind)
          .containsExactly(HistoryRow.Kind.LEFT, HistoryRow.Kind.EXPIRED, HistoryRow.Kind.UNDONE);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void showTheErrorItselfToThoseWhoWait(Place place) throws Exception {
    var g = Workflow.graph("short", Order.class).within(Duration.ofMillis(300));
    var wait = g.await("wait", GO, (order, word) -> order);
    g.start(wait).path(wait, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "o", new Order(0));

      assertThatThrownBy(() -> run.await(Duration.ofSeconds(20)))
          .isInstanceOf(RunFailed.class)
          .hasCauseInstanceOf(TimedOut.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goOnWhileARunIsPausedOrWaitsForAnotherAttempt(Place place) {
    var orders = orders();
    try (var engine = place.inVirtualTime(directory, orders)) {
      engine.at("book").fails(10, IllegalStateException::new);
      var retrying = engine.start(orders, "retrying", new Order(0));
      var paused = engine.start(orders, "paused", new Order(0));
      paused.pause("lunch");

      engine.advance(DAY.minus(SECOND));
      assertThat(paused.status()).isEqualTo(RunStatus.PAUSED);
      engine.advance(SECOND);

      assertThat(paused.status()).isEqualTo(RunStatus.FAILED);
      assertThat(retrying.status()).isEqualTo(RunStatus.FAILED);
      assertThat(undone).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void surviveRestarts(Place place) {
    var orders = orders();
    try (var engine = place.inVirtualTime(directory, orders)) {
      var run = engine.start(orders, "o", new Order(0));
      engine.advance(Duration.ofHours(20));
      engine.restart();
      engine.advance(Duration.ofHours(4).minus(SECOND));
      engine.restart();
      assertThat(run.status()).isEqualTo(RunStatus.WAITING);

      engine.advance(SECOND);

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(undone).containsExactly("book 1");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void endARunWhoseTimeRanOutWhileNoEngineRan(Place place) {
    var orders = orders();
    try (var host = VirtualHost.of(place, directory, engine -> engine.register(orders))) {
      var run = host.engine().start(orders, "o", new Order(0));
      host.pass(SECOND);

      host.restart(DAY);
      host.pass(Duration.ZERO);

      assertThat(host.run(run.id()).orElseThrow().state().status()).isEqualTo(RunStatus.FAILED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void interruptWhatRuns(Place place) {
    var orders = orders();
    try (var engine = place.inVirtualTime(directory, orders)) {
      engine.at("pack").takes(Duration.ofDays(2));
      var run = engine.start(orders, "o", new Order(0));
      run.signal(GO, "");

      engine.advance(DAY);

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(run.path()).containsExactly("book", "wait");
      assertThat(undone).containsExactly("book 1");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void leaveARunAloneThatIsBeingUndone(Place place) {
    var g = Workflow.graph("slow", Order.class).within(DAY);
    var book =
        g.step("book", Order::next)
            .with(Policy.DEFAULT.retry(Retry.fixed(DAY, 2)))
            .compensate((order, ctx) -> {
              undone.add("try " + ctx.attempt());
              if (ctx.attempt() == 1) {
                throw new IllegalStateException("not yet");
              }
            });
    var wait = g.await("wait", GO, (order, word) -> order);
    g.start(book).path(book, wait, g.end());
    var slow = g.build();
    try (var engine = place.inVirtualTime(directory, slow)) {
      var run = engine.start(slow, "o", new Order(0));
      engine.advance(Duration.ofHours(12));
      run.cancel("rain");
      engine.restart();

      engine.advance(Duration.ofHours(13));
      assertThat(run.status()).isEqualTo(RunStatus.COMPENSATING);
      engine.advance(DAY);

      assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(undone).containsExactly("try 1", "try 2");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void holdByTheWallClockWhenItJumps(Place place) {
    var orders = orders();
    try (var host = VirtualHost.of(place, directory, engine -> engine.register(orders))) {
      var early = host.engine().start(orders, "early", new Order(0));
      host.pass(SECOND);
      host.clock(Duration.ofHours(-2));
      host.pass(DAY.plusHours(1));
      assertThat(host.run(early.id()).orElseThrow().state().status()).isEqualTo(RunStatus.WAITING);

      host.clock(Duration.ZERO);
      host.pass(Duration.ofMinutes(10));

      assertThat(host.run(early.id()).orElseThrow().state().status()).isEqualTo(RunStatus.FAILED);
    }
  }

  @Test
  void leaveNoTraceInTheStoreOfARunThatEndsInTime() {
    var orders = orders();
    try (var engine = Place.SQLITE.inVirtualTime(directory, orders);
        var reader = SqliteStore.openToRead(directory.resolve("pawl.db"))) {
      var quick = engine.start(orders, "quick", new Order(0));
      quick.signal(GO, "");
      engine.settle();
      var slow = engine.start(orders, "slow", new Order(0));
      engine.advance(Duration.ofHours(1));
      assertThat(reader.load(slow.id()).orElseThrow().waits()).hasSize(1);
      slow.signal(GO, "");
      engine.settle();

      assertThat(quick.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(slow.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(reader.load(quick.id()).orElseThrow().waits()).isEmpty();
      assertThat(reader.load(slow.id()).orElseThrow().waits()).isEmpty();
      assertThat(slow.history(0, 100)).hasSameSizeAs(quick.history(0, 100));
    }
  }

  enum Light {
    RED,
    GREEN
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void holdForMachinesToo(Place place) {
    var lights =
        Workflow.machine("lights", Light.class, Light.class, light -> light)
            .within(DAY)
            .onSignal(Light.RED, GO, (light, word, ctx) -> Light.GREEN, Light.GREEN)
            .ends(Light.GREEN)
            .build();
    try (var engine = place.inVirtualTime(directory, lights)) {
      var run = engine.start(lights, "l", Light.RED);

      engine.advance(DAY);

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
    }
  }

  @Test
  void areRefusedByNameWhereTheyCannotHold() {
    var orders = orders();
    assertThatThrownBy(() -> Engine.inline().run(orders, new Order(0)))
        .isInstanceOf(NotInline.class)
        .hasMessageStartingWith("workflow orders limits how long a run may last");
    assertThatThrownBy(() -> Workflow.graph("orders", Order.class).within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("workflow orders: within is out of range: PT0S");
    assertThatThrownBy(() -> Workflow.graph("orders", Order.class).within(Duration.ofDays(36_501)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
