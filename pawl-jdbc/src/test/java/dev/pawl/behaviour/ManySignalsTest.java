package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.IllegalStatus;
import dev.pawl.engine.KeyTaken;
import dev.pawl.engine.Limits;
import dev.pawl.engine.Run;
import dev.pawl.engine.SignalOptions;
import dev.pawl.engine.Signalled;
import dev.pawl.engine.Start;
import dev.pawl.engine.StartOptions;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Signals to a run that may have to be started, and to many runs.
@Timeout(60)
final class ManySignalsTest {
  private static final Signal<String> ITEM = Signal.of("item", String.class);
  private static final Signal<String> OTHER = Signal.of("other", String.class);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  /// A cart: takes items until one says that this is all.
  record Cart(List<String> items) {
    static final Cart EMPTY = new Cart(List.of());

    Cart {
      items = List.copyOf(items);
    }

    Cart with(String item) {
      var more = new ArrayList<>(items);
      more.add(item);
      return new Cart(more);
    }

    boolean isAll() {
      return items.contains("all");
    }
  }

  private static Workflow<Cart> carts() {
    var g = Workflow.graph("carts", Cart.class);
    var wait = g.await("wait", ITEM, Cart::with);
    g.start(wait);
    wait.when("all", Cart::isAll, g.end()).otherwise(wait);
    return g.build();
  }

  private static Start<Cart> cart(Workflow<Cart> carts) {
    return Start.of(carts, "c", Cart.EMPTY);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startARunThatHasTheSignalAndSignalTheOneThatIsThere(Place place) throws Exception {
    var carts = carts();
    try (var engine = place.open(directory)) {
      var first = engine.signalWithStart(cart(carts), ITEM, "tea", SignalOptions.DEFAULT);
      var second = engine.signalWithStart(cart(carts), ITEM, "all", SignalOptions.DEFAULT);

      assertThat(second.id()).isEqualTo(first.id());
      assertThat(first.await(LIMIT)).isEqualTo(new Cart(List.of("tea", "all")));
      var third = engine.signalWithStart(cart(carts), ITEM, "all", SignalOptions.DEFAULT);
      assertThat(third.id()).isNotEqualTo(first.id());
      assertThat(third.await(LIMIT)).isEqualTo(new Cart(List.of("all")));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepTheSignalOfARunThatDoesSomethingElseFirst(Place place) throws Exception {
    var g = Workflow.graph("busy", Cart.class);
    var look = g.step("look", cart -> cart.with("looked"));
    var wait = g.await("wait", ITEM, Cart::with);
    g.start(look).path(look, wait, g.end());
    var busy = g.build();
    try (var engine = place.open(directory)) {
      var start = Start.of(busy, "c", Cart.EMPTY);
      var run = engine.signalWithStart(start, ITEM, "tea", SignalOptions.DEFAULT);

      assertThat(run.await(LIMIT)).isEqualTo(new Cart(List.of("looked", "tea")));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void leaveBothTheRunAndItsSignalOrNoneWhenTheProcessDies(Place place) {
    var carts = carts();
    var call = new AtomicBoolean();
    Consumer<Engine> main =
        engine -> {
          engine.register(carts);
          if (call.getAndSet(false)) {
            engine.signalWithStart(cart(carts), ITEM, "all", SignalOptions.DEFAULT);
          }
        };
    for (int writes = 0; writes < 2; writes++) {
      var folder = directory.resolve("after-" + writes);
      folder.toFile().mkdir();
      try (var host = VirtualHost.of(place, folder, main)) {
        host.dieBefore(writes + 1);
        call.set(true);
        host.restart(Duration.ZERO);
        host.pass(Duration.ofSeconds(1));
        assertThat(host.isDoomed()).isFalse();

        assertThat(host.runs())
            .hasSize(writes)
            .allSatisfy(run -> assertThat(run.state().status()).isEqualTo(RunStatus.COMPLETED));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void takeTheSameCallForOne(Place place) throws Exception {
    var carts = carts();
    var start = cart(carts).with(StartOptions.DEFAULT.request("r-1"));
    try (var engine = place.open(directory)) {
      var run = engine.signalWithStart(start, ITEM, "tea", SignalOptions.DEFAULT);
      engine.signalWithStart(start, ITEM, "tea", SignalOptions.DEFAULT);
      var byId = SignalOptions.DEFAULT.id("m-1");
      engine.signalWithStart(cart(carts), ITEM, "all", byId);
      run.await(LIMIT);
      var again = engine.signalWithStart(cart(carts), ITEM, "all", byId);
      engine.signalWithStart(start, ITEM, "tea", SignalOptions.DEFAULT);

      assertThat(again.id()).isEqualTo(run.id());
      assertThat(run.state()).isEqualTo(new Cart(List.of("tea", "all")));
      assertThat(engine.runs(Store.Filter.ALL, Optional.empty(), 10)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startOneRunWhenManyCallAtOnceAndRunsEndMeanwhile(Place place) throws Exception {
    var carts = carts();
    try (var engine = place.open(directory);
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<Run<Cart>>>();
      for (int i = 0; i < 60; i++) {
        var item = i % 10 == 9 ? "all" : "item" + i;
        calls.add(() -> engine.signalWithStart(cart(carts), ITEM, item, SignalOptions.DEFAULT));
      }
      for (var call : pool.invokeAll(calls)) {
        call.get();
      }
      engine.signalWithStart(cart(carts), ITEM, "all", SignalOptions.DEFAULT);

      var runs = engine.runs(Store.Filter.ALL, Optional.empty(), 100);
      for (var row : runs) {
        engine.find(carts, row.id()).orElseThrow().await(LIMIT);
      }
      assertThat(engine.runs(Store.Filter.ALL, Optional.empty(), 100))
          .as("each signal was accepted by one run")
          .extracting(row -> row.state().inbox())
          .satisfies(
              counts -> assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(61));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refuseWhatStartAndSignalRefuse(Place place) throws Exception {
    var carts = carts();
    var ever = cart(carts).with(StartOptions.DEFAULT.unique(RunRow.Unique.EVER));
    try (var engine = place.open(directory)) {
      assertThatThrownBy(
              () -> engine.signalWithStart(cart(carts), OTHER, "x", SignalOptions.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no node of workflow carts waits for signal other");
      assertThatThrownBy(() ->
              engine.signalWithStart(
                  Start.of(carts, "", Cart.EMPTY), ITEM, "x", SignalOptions.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(engine.runs(Store.Filter.ALL, Optional.empty(), 10)).isEmpty();
      engine.signalWithStart(ever, ITEM, "all", SignalOptions.DEFAULT).await(LIMIT);

      assertThatThrownBy(() -> engine.signalWithStart(ever, ITEM, "x", SignalOptions.DEFAULT))
          .isInstanceOf(KeyTaken.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void reachAllOpenRunsOfAWorkflow(Place place) throws Exception {
    var carts = carts();
    try (var engine = place.open(directory, Limits.DEFAULT.release(Duration.ZERO))) {
      var runs = new ArrayList<Run<Cart>>();
      for (int i = 0; i < 1_203; i++) {
        runs.add(engine.start(carts, "c" + i, Cart.EMPTY));
      }
      runs.get(3).signal(ITEM, "all");
      runs.get(3).await(LIMIT);
      runs.get(4).pause("lunch");

      var sent =
          engine.signalAll(carts, Store.Filter.ALL, ITEM, "all", SignalOptions.DEFAULT.id("m"));
      var again =
          engine.signalAll(carts, Store.Filter.ALL, ITEM, "all", SignalOptions.DEFAULT.id("m"));

      assertThat(sent).isEqualTo(new Signalled(1_202, 0, List.of()));
      assertThat(again.refusals()).isEmpty();
      runs.get(4).resume();
      for (var run : runs) {
        assertThat(run.await(LIMIT)).isEqualTo(new Cart(List.of("all")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void reachThoseOfAFilterAndSayWhichRefused(Place place) throws Exception {
    var carts = carts();
    try (var engine = place.open(directory, Limits.DEFAULT.messages(1))) {
      var open = engine.start(carts, "open", Cart.EMPTY);
      var full = engine.start(carts, "full", Cart.EMPTY);
      full.pause("lunch");
      full.signal(ITEM, "tea");
      open.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);
      var paused =
          new Store.Filter(
              Optional.empty(), Optional.empty(), List.of(RunStatus.PAUSED), Optional.empty());

      var toPaused = engine.signalAll(carts, paused, ITEM, "all", SignalOptions.DEFAULT);
      var toAll = engine.signalAll(carts, Store.Filter.ALL, ITEM, "all", SignalOptions.DEFAULT);

      assertThat(toPaused.accepted()).isZero();
      assertThat(toAll.accepted()).isEqualTo(1);
      assertThat(toAll.refusals())
          .singleElement()
          .satisfies(refusal -> {
            assertThat(refusal.key()).isEqualTo("full");
            assertThat(refusal.reason()).hasMessageContaining("full");
          });
      assertThat(open.await(LIMIT)).isEqualTo(new Cart(List.of("all")));
      assertThatThrownBy(
              () -> engine.signalAll(carts, Store.Filter.ALL, OTHER, "x", SignalOptions.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void passOverRunsThatAreOnTheirWayToTheirEnd(Place place) throws Exception {
    var g = Workflow.graph("undone", Cart.class);
    var book =
        g.step("book", cart -> cart)
            .compensate((cart, ctx) -> {
              throw new IllegalStateException("no line");
            });
    var wait = g.await("wait", ITEM, Cart::with);
    g.start(book).path(book, wait, g.end());
    var undone = g.build();
    try (var engine = place.open(directory)) {
      var run = engine.start(undone, "u", Cart.EMPTY);
      run.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);
      run.cancel("rain");
      run.awaitStatus(Set.of(RunStatus.PAUSED), LIMIT);

      var sent = engine.signalAll(undone, Store.Filter.ALL, ITEM, "x", SignalOptions.DEFAULT);

      assertThat(sent.accepted()).isZero();
      assertThat(sent.refusals())
          .extracting(Signalled.Refusal::reason)
          .singleElement()
          .isInstanceOf(IllegalStatus.class);
      assertThatThrownBy(() ->
              engine.signalWithStart(
                  Start.of(undone, "u", Cart.EMPTY), ITEM, "x", SignalOptions.DEFAULT))
          .isInstanceOf(IllegalStatus.class);
    }
  }
}
