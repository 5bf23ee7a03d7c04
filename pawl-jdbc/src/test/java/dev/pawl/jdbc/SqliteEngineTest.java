package dev.pawl.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Limits;
import dev.pawl.engine.Run;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteEngineTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  record State(int count, String text, List<Integer> items) {
    State plus(int more) {
      return new State(count + more, text, items);
    }
  }

  private static final State ZERO = new State(0, "é👍", List.of());

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("pawl.db");
  }

  private static Workflow<State> linear() {
    var g = Workflow.graph("linear", State.class);
    var a = g.step("a", s -> s.plus(1));
    var b = g.step("b", s -> s.plus(10));
    var c = g.step("c", s -> s.plus(100));
    g.start(a).path(a, b, c, g.end("done"));
    return g.build();
  }

  @Test
  void runsManyAtOnce() throws Exception {
    var workflow = linear();
    try (var engine = Engine.builder().sqlite(file()).register(workflow).start()) {
      var runs = new ArrayList<Run<State>>();
      for (int i = 0; i < 200; i++) {
        runs.add(engine.start(workflow, "k" + i, ZERO));
      }

      for (var run : runs) {
        assertThat(run.await(LIMIT)).isEqualTo(ZERO.plus(111));
      }
      assertThat(engine.counts(Store.Filter.ALL)).containsEntry(RunStatus.COMPLETED, 200L);
      assertThat(runs.getFirst().path()).containsExactly("a", "b", "c", "done");
    }
  }

  @Test
  void goesOnAfterAnEngineThatWasCut() throws Exception {
    var never = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    var block = new AtomicBoolean(true);
    var g = Workflow.graph("cut", State.class);
    var a = g.step("a", s -> s.plus(1));
    var b =
        g.step(
            "b",
            (s, ctx) -> {
              if (block.get()) {
                entered.countDown();
                never.await();
              }
              return s.plus(10);
            });
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    var first = Engine.builder().sqlite(file()).register(workflow).start();
    first.start(workflow, "k", ZERO);
    entered.await();
    assertThat(first.close(Duration.ofMillis(200))).isEmpty();
    block.set(false);

    try (var second = Engine.builder().sqlite(file()).register(workflow).start()) {
      var run = second.find(workflow, "k").orElseThrow();

      assertThat(run.await(LIMIT)).isEqualTo(ZERO.plus(11));
    }
  }

  @Test
  void mapsOverItemsAndReadsTheirResultsInOrder() throws Exception {
    var g = Workflow.graph("map", State.class);
    var map =
        g.map(
                "map",
                State::items,
                Integer.class,
                (item, ctx) -> item * 2,
                (s, results) -> new State(results.done(), s.text(), results.values()))
            .width(8);
    g.start(map).path(map, g.end());
    var workflow = g.build();
    var items = IntStream.range(0, 100).boxed().toList();
    try (var engine = Engine.builder().sqlite(file()).register(workflow).start()) {

      var state = engine.start(workflow, "k", new State(0, "", items)).await(LIMIT);

      assertThat(state.items()).isEqualTo(items.stream().map(i -> i * 2).toList());
    }
  }

  @Test
  void wakesWaitingRunsAfterARestart() throws Exception {
    var g = Workflow.graph("wait", State.class);
    var until = Instant.now().plusMillis(700);
    var nap = g.delay("nap", s -> until);
    g.start(nap).path(nap, g.end());
    var workflow = g.build();
    var limits = Limits.DEFAULT.release(Duration.ofMillis(1));
    try (var first = Engine.builder().sqlite(file()).limits(limits).register(workflow).start()) {
      var run = first.start(workflow, "k", ZERO);
      run.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);
    }

    try (var second = Engine.builder().sqlite(file()).limits(limits).register(workflow).start()) {
      var run = second.find(workflow, "k").orElseThrow();

      assertThat(run.await(LIMIT)).isEqualTo(ZERO);
      assertThat(Instant.now()).isAfterOrEqualTo(until);
    }
  }

  @Test
  void triesAgainThoughTheRunLeftMemoryMeanwhile() throws Exception {
    var g = Workflow.graph("backoff", State.class);
    var step =
        g.step(
                "step",
                (state, ctx) -> {
                  if (ctx.attempt() < 3) {
                    throw new IOException("down");
                  }
                  return state.plus(ctx.attempt());
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofNanos(120_000_333), 3)));
    g.start(step).path(step, g.end());
    var workflow = g.build();
    var limits = Limits.DEFAULT.release(Duration.ofMillis(1));
    try (var engine = Engine.builder().sqlite(file()).limits(limits).register(workflow).start()) {

      var run = engine.start(workflow, "k", ZERO);

      assertThat(run.await(LIMIT).count()).isEqualTo(3);
    }
  }

  @Test
  void forgetsARunThatIsOverThoughItsStepHadADayOfTime() throws Exception {
    var g = Workflow.graph("quick", State.class);
    var step = g.step("step", state -> ZERO).with(Policy.within(Duration.ofDays(1)));
    g.start(step).path(step, g.end());
    var workflow = g.build();
    var gone = new ReferenceQueue<State>();
    try (var engine = Engine.builder().sqlite(file()).register(workflow).start()) {
      var input = startedWith(engine, workflow, gone);

      Reference<? extends State> cleared = null;
      for (int tries = 0; cleared == null && tries < 100; tries++) {
        System.gc();
        cleared = gone.remove(100);
      }

      assertThat(cleared).isSameAs(input);
    }
  }

  /// The state that a run started with, when nobody but the engine may still know of the run.
  private static Reference<State> startedWith(
      Engine engine, Workflow<State> workflow, ReferenceQueue<State> gone) throws Exception {
    var input = new State(1, "", List.of());
    engine.start(workflow, "k", input).await(LIMIT);
    return new WeakReference<>(input, gone);
  }

  @Test
  void pausesARunWhoseStateCannotBeReadUntilItCan() throws Exception {
    var gate = new CountDownLatch(1);
    var g = Workflow.graph("unreadable", State.class);
    var a = g.step("a", s -> s.plus(1));
    var hold =
        g.step(
            "hold",
            (s, ctx) -> {
              gate.await();
              return s.plus(10);
            });
    g.start(a).path(a, hold, g.end());
    var workflow = g.build();
    try (var first = Engine.builder().sqlite(file()).register(workflow).start()) {
      for (var key : List.of("bad", "good")) {
        try (var feed = first.start(workflow, key, ZERO).feed(0)) {
          feed.iterator().next();
        }
      }
      first.close(Duration.ofMillis(20));
    }
    gate.countDown();
    replaceStateOf("bad", "count", "COUNT");

    try (var second = Engine.builder().sqlite(file()).register(workflow).start()) {
      assertThat(second.find(workflow, "good").orElseThrow().await(LIMIT).count()).isEqualTo(11);
      var bad = second.find(workflow, "bad").orElseThrow();
      bad.awaitStatus(Set.of(RunStatus.PAUSED), LIMIT);
      assertThat(second.runs(Store.Filter.ALL, Optional.empty(), 10))
          .filteredOn(row -> row.key().equals("bad"))
          .singleElement()
          .satisfies(row -> assertThat(row.state().reason()).contains("cannot be read", "count"));
      assertThatThrownBy(bad::resume).hasMessageContaining("cannot be read");
    }
    replaceStateOf("bad", "COUNT", "count");

    try (var third = Engine.builder().sqlite(file()).register(workflow).start()) {
      var bad = third.find(workflow, "bad").orElseThrow();
      assertThat(bad.status()).isEqualTo(RunStatus.PAUSED);

      bad.resume();

      assertThat(bad.await(LIMIT).count()).isEqualTo(11);
    }
  }

  private void replaceStateOf(String key, String from, String to) throws Exception {
    var sql =
        "update history set state = cast(replace(cast(state as text), ?, ?) as blob)"
            + " where run = (select id from run where key = ?)";
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var update = connection.prepareStatement(sql)) {
      update.setString(1, '"' + from + '"');
      update.setString(2, '"' + to + '"');
      update.setString(3, key);
      assertThat(update.executeUpdate()).isPositive();
    }
  }

  @Test
  void storesALargeStateAsPatches() throws Exception {
    var g = Workflow.graph("large", State.class);
    var a =
        g.step(
            "a",
            s -> {
              int at = (s.count() * 997) % (s.text().length() - 10);
              var text = s.text().substring(0, at) + "+" + s.count() + s.text().substring(at + 5);
              return new State(s.count() + 1, text, s.items());
            });
    var end = g.end();
    g.start(a);
    a.when("again", s -> s.count() < 300, a).otherwise(end);
    var workflow = g.build();
    var text =
        IntStream.range(0, 20_000)
            .mapToObj(i -> Integer.toHexString(i * 7919))
            .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
            .toString();
    try (var engine = Engine.builder().sqlite(file()).register(workflow).start()) {

      var run = engine.start(workflow, "k", new State(0, text, List.of()));
      var state = run.await(LIMIT);

      var again = engine.find(workflow, run.id()).orElseThrow();
      assertThat(again.state()).isEqualTo(state);
      assertThat(folder.resolve("pawl.db-wal").toFile().length() + file().toFile().length())
          .isLessThan(8L * text.length() + 4_000_000);
    }
  }

  @Test
  void refusesASecondEngineOnTheFileAndAllowsReaders() {
    try (var engine = Engine.builder().sqlite(file()).register(linear()).start()) {
      assertThatThrownBy(() -> Engine.builder().sqlite(file()).start())
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.LOCKED))
          .hasMessageContaining("in use by another engine");

      try (var reader = SqliteStore.open(file())) {
        assertThat(reader.runs(Store.Filter.ALL, Optional.empty(), 10)).isEmpty();
      }
      assertThat(engine.counts(Store.Filter.ALL)).isEmpty();
    }
  }

  @Test
  void standsStillQuietlyWhenTheFileIsFullAndTellsWhoWaits() throws Exception {
    var escaped = new ConcurrentLinkedQueue<Throwable>();
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> escaped.add(error));
    var full = new CountDownLatch(1);
    var g = Workflow.graph("growing", State.class);
    var wait =
        g.step(
            "wait",
            (s, ctx) -> {
              full.await();
              return s;
            });
    var grow = g.step("grow", s -> new State(s.count(), "x".repeat(500_000), s.items()));
    g.start(wait).path(wait, grow, g.end());
    var workflow = g.build();
    try (var store = SqliteStore.open(file())) {
      var engine = Engine.builder().store(store).register(workflow).start();
      var runs = new ArrayList<Run<State>>();
      for (int i = 0; i < 100; i++) {
        runs.add(engine.start(workflow, "k" + i, ZERO));
      }

      Schema.number(store.writersConnection(), "pragma max_page_count = 1");
      full.countDown();

      for (var run : runs) {
        assertThatThrownBy(() -> run.result(LIMIT))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("no room left");
      }
      var closing = System.nanoTime();
      assertThat(engine.close(LIMIT)).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(LIMIT.dividedBy(4));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(escaped).isEmpty();
  }
}
