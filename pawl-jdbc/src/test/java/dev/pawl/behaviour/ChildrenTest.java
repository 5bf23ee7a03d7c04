package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.ChildFailed;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Limits;
import dev.pawl.engine.NotInline;
import dev.pawl.engine.Run;
import dev.pawl.store.RunRow;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs that start runs.
@Timeout(60)
final class ChildrenTest {
  private static final Signal<String> GO = Signal.of("go", String.class);
  private static final int LAST_WRITE = 12;

  record Parcel(String name, int weight) {}

  record Order(String id, List<Parcel> parcels, String note) {
    Order {
      parcels = List.copyOf(parcels);
    }

    static Order of(String id, int parcels) {
      return new Order(
          id, IntStream.range(0, parcels).mapToObj(i -> new Parcel("p" + i, 0)).toList(), "");
    }

    Order with(Parcel parcel) {
      return new Order(id, List.of(parcel), note);
    }

    Order noted(String note) {
      return new Order(id, parcels, note);
    }

    Parcel first() {
      return parcels.getFirst();
    }
  }

  @TempDir private Path directory;
  private final List<String> undone = new ArrayList<>();

  private static Parcel weighed(Parcel parcel) throws IOException {
    if (parcel.name().equals("lost")) {
      throw new IOException("no parcel");
    }
    return new Parcel(parcel.name(), parcel.weight() + 1);
  }

  /// Weighs a parcel.
  private static Workflow<Parcel> weighing() {
    return weighing("weighing");
  }

  private static Workflow<Parcel> weighing(String name) {
    var g = Workflow.graph(name, Parcel.class);
    var weigh = g.step("weigh", (parcel, ctx) -> weighed(parcel));
    g.start(weigh).path(weigh, g.end());
    return g.build();
  }

  /// Another workflow, which may be given the name of the one that weighs.
  private static Workflow<Parcel> painting(String name) {
    var g = Workflow.graph(name, Parcel.class);
    var weigh = g.step("weigh", parcel -> parcel);
    var paint = g.step("paint", parcel -> parcel);
    g.start(weigh).path(weigh, paint, g.end());
    return g.build();
  }

  /// Weighs a parcel, then waits to be told to go on.
  private Workflow<Parcel> waiting() {
    var g = Workflow.graph("waiting", Parcel.class);
    var weigh =
        g.step("weigh", (parcel, ctx) -> weighed(parcel))
            .compensate((parcel, ctx) -> undone.add(ctx.key()));
    var wait = g.await("wait", GO, (parcel, word) -> new Parcel(word, parcel.weight()));
    g.start(weigh).path(weigh, wait, g.end());
    return g.build();
  }

  private static Workflow<Order> parent(Workflow<Parcel> child) {
    var g = Workflow.graph("orders", Order.class);
    var weigh = g.child("weigh", child, Order::first, Order::with);
    g.start(weigh).path(weigh, g.end());
    return g.build();
  }

  private static <S> List<RunRow> children(Run<S> run) {
    return run.children(Optional.empty(), 10_000);
  }

  private static Run<Parcel> child(TestEngine engine, Run<?> parent, Workflow<Parcel> workflow) {
    return engine.find(workflow, children(parent).getFirst().key()).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areRunsOfTheirOwnWhoseEndTheirParentFolds(Place place) throws Exception {
    var parent = parent(weighing());
    try (var engine = place.open(directory)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));

      assertThat(run.await(Duration.ofSeconds(20)).first()).isEqualTo(new Parcel("p0", 1));
      assertThat(children(run))
          .singleElement()
          .satisfies(child -> {
            assertThat(child.key()).isEqualTo("o-1/weigh");
            assertThat(child.workflow()).isEqualTo("weighing");
            assertThat(child.parent()).contains(new RunRow.Parent(run.id(), "", true, 1));
          });
      var child = engine.find(weighing(), children(run).getFirst().id()).orElseThrow();
      assertThat(child.parent()).contains(run.id());
      assertThat(child.path()).containsExactly("weigh", "end");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void runManyAtOnceAndFoldAll(Place place) throws Exception {
    var g = Workflow.graph("orders", Order.class);
    var weigh =
        g.children(
                "weigh",
                weighing(),
                Order::parcels,
                (order, results) ->
                    order.noted(results.done() + " " + results.failed() + " " + weights(results)))
            .width(7)
            .tolerate(0.1);
    g.start(weigh).path(weigh, g.end());
    var parent = g.build();
    var parcels = new ArrayList<>(Order.of("", 99).parcels());
    parcels.add(50, new Parcel("lost", 5));
    try (var engine = place.open(directory)) {
      var run = engine.start(parent, "o-1", new Order("o-1", parcels, ""));

      assertThat(run.await(Duration.ofSeconds(30)).note()).isEqualTo("99 1 99");
      assertThat(children(run)).hasSize(100);
    }
  }

  /// Whoever tells many parents must not wait for room while what it has said fills the queue.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void needRoomForNoMoreThanOneCommit(Place place) throws Exception {
    var parent = all(weighing());
    try (var engine = place.open(directory, Limits.DEFAULT.queuedCommits(1))) {
      var runs = new ArrayList<Run<Order>>();
      for (int i = 0; i < 10; i++) {
        runs.add(engine.start(parent, "o-" + i, Order.of("o", 5)));
      }

      for (var run : runs) {
        assertThat(run.await(Duration.ofSeconds(30)).note()).isEqualTo("5");
      }
    }
  }

  private static Workflow<Order> all(Workflow<Parcel> child) {
    var g = Workflow.graph("orders", Order.class);
    var all =
        g.children(
                "all", child, Order::parcels, (order, results) -> order.noted("" + results.done()))
            .key(Parcel::name);
    g.start(all).path(all, g.end());
    return g.build();
  }

  private static int weights(Results<Parcel, Parcel> results) {
    int sum = 0;
    for (var item : results) {
      sum +=
          item instanceof Results.Done<Parcel, Parcel>(var parcel, var after) ? after.weight() : 0;
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goOnByThemselvesIfNobodyWaits(Place place) {
    var waiting = waiting();
    var g = Workflow.graph("orders", Order.class);
    var launch = g.launch("launch", waiting, Order::first);
    g.start(launch).path(launch, g.end());
    var parent = g.build();
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      var child = child(engine, run, waiting);
      assertThat(child.status()).isEqualTo(RunStatus.WAITING);
      child.signal(GO, "gone");
      engine.settle();
      assertThat(child.state()).isEqualTo(new Parcel("gone", 1));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void failTheNodeThatWaits(Place place) {
    var g = Workflow.graph("orders", Order.class);
    var weigh =
        g.child("weigh", weighing(), Order::first, Order::with)
            .with(Policy.retry(Duration.ofSeconds(1), 5));
    g.start(weigh).path(weigh, g.end());
    weigh.onError(
        ChildFailed.class,
        (order, failed) -> order.noted(failed.status() + " " + failed.key() + " " + failed.error()),
        g.end("refused"));
    var parent = g.build();
    try (var engine = place.inVirtualTime(directory, parent)) {
      var run = engine.start(parent, "o-1", new Order("o-1", List.of(new Parcel("lost", 0)), ""));
      engine.settle();

      assertThat(run.path()).containsExactly("weigh", "refused");
      assertThat(run.state().note()).isEqualTo("FAILED o-1/weigh java.io.IOException: no parcel");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void failTheRunWhenTheyAreCancelled(Place place) {
    var waiting = waiting();
    var parent = parent(waiting);
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));
      engine.settle();
      child(engine, run, waiting).cancel("not wanted");
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(undone).containsExactly("o-1/weigh");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areCancelledWithTheirParentAndUndoWhatTheyDid(Place place) {
    var waiting = waiting();
    var parent = parent(waiting);
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var cancelled = engine.start(parent, "o-1", Order.of("o-1", 1));
      var abandoned = engine.start(parent, "o-2", Order.of("o-2", 1));
      engine.settle();
      engine.restart();

      cancelled.cancel("rain");
      abandoned.abandon("snow");
      engine.settle();

      assertThat(child(engine, cancelled, waiting).status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(child(engine, abandoned, waiting).status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(undone).containsExactly("o-1/weigh");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areCancelledWhenTheirTimeIsUpUnlessTheyOutliveTheirParent(Place place) {
    var waiting = waiting();
    var g = Workflow.graph("orders", Order.class);
    var first = g.child("first", waiting, Order::first, Order::with);
    var second = g.child("second", waiting, Order::first, Order::with).outlives();
    first.with(Policy.within(Duration.ofHours(1)));
    second.with(Policy.within(Duration.ofHours(1)));
    g.start(first).path(first, second, g.end());
    first.onTimeout(order -> order, second);
    second.onTimeout(order -> order.noted("late"), g.end("late"));
    var parent = g.build();
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));
      engine.advance(Duration.ofHours(3));

      assertThat(run.path()).containsExactly("first", "second", "late");
      assertThat(children(run))
          .extracting(child -> child.state().status())
          .containsExactly(RunStatus.CANCELLED, RunStatus.WAITING);
      var child = engine.find(waiting, "o-1/second").orElseThrow();
      child.signal(GO, "on its own");
      engine.settle();
      assertThat(child.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areCancelledWhenTheirTimeIsUpRightBeforeAJoin(Place place) {
    var waiting = waiting();
    var g = Workflow.graph("orders", Order.class);
    var begin = g.step("begin", order -> order);
    var weigh = g.child("weigh", waiting, Order::first, (order, parcel) -> order);
    var other = g.delay("other", order -> Instant.parse("2030-01-01T10:00:00Z"));
    var join = g.join("join", Join.ALL);
    weigh.with(Policy.within(Duration.ofHours(1)));
    g.start(begin);
    begin.fork(weigh, other);
    g.path(weigh, join).path(other, join).path(join, g.end());
    weigh.onTimeout(order -> order, join);
    var parent = g.build();
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));
      engine.advance(Duration.ofHours(3));

      assertThat(run.status()).isEqualTo(RunStatus.WAITING);
      assertThat(child(engine, run, waiting).status()).isEqualTo(RunStatus.CANCELLED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void outliveARestartOfBoth(Place place) {
    var waiting = waiting();
    var parent = parent(waiting);
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));
      engine.settle();
      engine.restart();
      engine.settle();
      assertThat(run.status()).isEqualTo(RunStatus.WAITING);

      child(engine, run, waiting).signal(GO, "on");
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().first()).isEqualTo(new Parcel("on", 1));
      assertThat(children(run)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areToldToAParentThatIsPausedWhenItGoesOn(Place place) {
    var waiting = waiting();
    var parent = parent(waiting);
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));
      engine.settle();
      run.pause("lunch");
      child(engine, run, waiting).signal(GO, "on");
      engine.settle();
      engine.restart();
      assertThat(run.status()).isEqualTo(RunStatus.PAUSED);

      run.resume();
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areCancelledWhenTheJoinNeedsThemNoMore(Place place) {
    var waiting = waiting();
    var g = Workflow.graph("orders", Order.class);
    var fork = g.step("fork", order -> order);
    var fast = g.step("fast", order -> order.noted("fast"));
    var slow = g.child("slow", waiting, Order::first, Order::with);
    var pause = g.delay("pause", order -> Instant.parse("2030-01-01T00:01:00Z"));
    var join = g.join("join", Join.ANY);
    g.start(fork).path(fast, pause, join).path(slow, join).path(join, g.end());
    fork.fork(fast, slow);
    var parent = g.build();
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));
      engine.advance(Duration.ofMinutes(2));

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().note()).isEqualTo("fast");
      assertThat(child(engine, run, waiting).status()).isEqualTo(RunStatus.CANCELLED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areCancelledWithTheirSiblingsWhenOneTooManyFails(Place place) {
    var waiting = waiting();
    var parent = all(waiting);
    try (var engine = place.inVirtualTime(directory, parent, waiting)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 3));
      engine.settle();
      engine.find(waiting, "o-1/all/run/1.p1").orElseThrow().abandon("broken");
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(children(run))
          .extracting(child -> child.state().status())
          .containsOnly(RunStatus.CANCELLED);
      assertThat(undone).containsExactlyInAnyOrder("o-1/all/run/1.p0", "o-1/all/run/1.p2");
    }
  }

  private static Workflow<Order> nested(int depth, Workflow<Order> inner) {
    var g = Workflow.graph("level-" + depth, Order.class);
    var down = g.child("down", inner, order -> order, (order, after) -> after.noted("back"));
    g.start(down).path(down, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goTenLevelsDownAndNoFurther(Place place) {
    var ten = parent(weighing());
    for (int depth = 2; depth <= 10; depth++) {
      ten = nested(depth, ten);
    }
    var eleven = nested(11, ten);
    try (var engine = place.inVirtualTime(directory, ten, eleven)) {
      var within = engine.start(ten, "o-1", Order.of("o-1", 1));
      var beyond = engine.start(eleven, "o-2", Order.of("o-2", 1));
      engine.settle();

      assertThat(within.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(within.state().note()).isEqualTo("back");
      assertThat(beyond.status()).isEqualTo(RunStatus.FAILED);
      assertThat(beyond.history(0, 10).getLast().error().orElse(""))
          .endsWith(
              "weigh would start a run below 11 others, more than the limit of 10; raise"
                  + " Limits.nesting, or call the workflow within this run");
    }
  }

  @Test
  void needAStore() {
    var parent = parent(weighing());

    assertThatThrownBy(() -> Engine.inline().run(parent, Order.of("o-1", 1)))
        .isInstanceOf(NotInline.class)
        .hasMessageStartingWith("workflow orders starts runs at weigh");
  }

  /// The second has to wait until what the first has told has let the parent leave memory again.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areToldTogetherToAParentThatIsPaused(Place place) {
    var g = Workflow.graph("sleeping", Parcel.class);
    var sleep = g.delay("sleep", parcel -> Instant.parse("2030-01-01T01:00:00Z"));
    g.start(sleep).path(sleep, g.end());
    var parent = all(g.build());
    try (var engine = place.inVirtualTime(directory, parent)) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 5));
      engine.settle();
      run.pause("lunch");
      engine.advance(Duration.ofHours(2));
      run.resume();
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().note()).isEqualTo("5");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void failWithAnErrorThatIsLongerThanAState(Place place) throws Exception {
    var g = Workflow.graph("talking", Parcel.class);
    var talk =
        g.step(
            "talk",
            (parcel, ctx) -> {
              throw new IOException("too much ".repeat(1_000));
            });
    g.start(talk).path(talk, g.end());
    var parent = parent(g.build());
    try (var engine = place.open(directory, Limits.DEFAULT.stateBytes(1_000))) {
      var run = engine.start(parent, "o-1", Order.of("o-1", 1));

      assertThat(run.result(Duration.ofSeconds(20)))
          .isInstanceOfSatisfying(
              Run.Result.Failed.class,
              failed ->
                  assertThat(failed.cause())
                      .hasMessageContaining("o-1/weigh is FAILED: java.io.IOException: too much"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areNotMistakenForRunsOfAnotherWorkflowOfTheSameName(Place place) {
    try (var engine = place.open(directory)) {
      engine.register(painting("weighing"));

      assertThatThrownBy(() -> engine.register(parent(weighing())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "runs of orders start runs of weighing version 1, but the engine knows another"
                  + " workflow of that name and version; give one of them another");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepTheirWorkflowWhenAnotherOfItsNameComes(Place place) {
    try (var engine = place.open(directory)) {
      engine.register(parent(weighing()));

      assertThatThrownBy(() -> engine.register(painting("weighing")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "runs of orders start runs of weighing version 1, but the engine knows another"
                  + " workflow of that name and version; give one of them another");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepTheirWorkflowWhenAnotherOfItsNameComesAtTheSameTime(Place place) throws Exception {
    try (var engine = place.open(directory);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        var name = "weighing " + i;
        var go = new CountDownLatch(1);
        var registered = new ArrayList<Future<?>>();
        for (var workflow : List.of(parent(weighing(name)), painting(name))) {
          registered.add(
              threads.submit(() -> {
                go.await();
                engine.register(workflow);
                return workflow;
              }));
        }
        go.countDown();

        int refused = 0;
        for (var each : registered) {
          try {
            each.get();
          } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(IllegalArgumentException.class);
            refused++;
          }
        }
        assertThat(refused).as(name).isEqualTo(1);
      }
    }
  }

  /// A run belongs to the engine that has it in memory.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepTheirParentInMemoryWhileTheyAreThere(Place place) {
    var g = Workflow.graph("sleeping", Parcel.class);
    var nap = g.delay("nap", parcel -> Instant.parse("2030-01-01T00:00:10Z"));
    var sleep = g.delay("sleep", parcel -> Instant.parse("2030-01-01T05:00:00Z"));
    g.start(nap).path(nap, sleep, g.end());
    var middle = parent(g.build());
    var top = Workflow.graph("top", Order.class);
    var order = top.child("order", middle, state -> state, (state, end) -> end);
    top.start(order).path(order, top.end());
    var workflow = top.build();
    try (var engine = place.inVirtualTime(directory, workflow)) {
      var run = engine.start(workflow, "o-1", Order.of("o-1", 1));
      engine.settle();
      assertThat(children(run).getFirst().state().status()).isEqualTo(RunStatus.WAITING);
      assertThat(children(run).getFirst().state().owner()).isPositive();

      engine.advance(Duration.ofMinutes(1));
      assertThat(children(run).getFirst().state().owner()).isZero();

      engine.advance(Duration.ofHours(6));
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  /// The end of the child is folded, badly, before the process dies; the next one tries again.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areFoldedAgainByTheNextProcess(Place place) {
    var folds = new AtomicInteger();
    var g = Workflow.graph("orders", Order.class);
    var weigh =
        g.child(
                "weigh",
                weighing(),
                Order::first,
                (order, parcel) -> {
                  if (folds.incrementAndGet() < 3) {
                    throw new IllegalStateException("not now");
                  }
                  return order.with(parcel);
                })
            .with(Policy.retry(Duration.ofHours(1), 5));
    g.start(weigh).path(weigh, g.end());
    var parent = g.build();
    try (var engine = place.inVirtualTime(directory, parent)) {
      engine.start(parent, "o-1", Order.of("o-1", 1));
      engine.settle();
      engine.restart();

      engine.advance(Duration.ofHours(4));
      engine.settle();

      var run = engine.find(parent, "o-1").orElseThrow();
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().first()).isEqualTo(new Parcel("p0", 1));
      assertThat(folds).hasValue(3);
    }
  }

  /// The process dies at one write after the other, before and after it.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areStartedAndToldOnceWhateverWriteTheProcessDiesAt(Place place) throws Exception {
    var parent = parent(weighing());
    for (int write = 1; write <= 2 * LAST_WRITE; write++) {
      var own = Files.createDirectory(directory.resolve("w" + write));
      try (var host = VirtualHost.of(place, own, (Engine engine) -> engine.register(parent))) {
        host.engine().start(parent, "o-1", Order.of("o-1", 1));
        if (write % 2 == 0) {
          host.dieAfter(write / 2);
        } else {
          host.dieBefore(write / 2 + 1);
        }
        host.pass(Duration.ofMinutes(5));

        assertThat(host.runs()).as("death at %s", write).hasSize(2);
        assertThat(host.runs())
            .extracting(run -> run.state().status())
            .containsOnly(RunStatus.COMPLETED);
      }
    }
  }
}
