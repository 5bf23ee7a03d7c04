package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Hook;
import dev.pawl.engine.HookEvent;
import dev.pawl.engine.HookEvent.Kind;
import dev.pawl.engine.StartOptions;
import dev.pawl.store.OutboxRow;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class HooksTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Retry SOON = Retry.fixed(Duration.ofMillis(1), 3);

  @TempDir private Path directory;

  private final List<HookEvent> heard = new CopyOnWriteArrayList<>();

  private Hook recorder() {
    return Hook.of("recorder", (event, ctx) -> heard.add(event)).on(Kind.values());
  }

  private List<Kind> kinds(String key) {
    return heard.stream().filter(event -> event.key().equals(key)).map(HookEvent::kind).toList();
  }

  private void awaitHeard(int count) {
    Awaitility.await().until(() -> heard.size() >= count);
  }

  private static Workflow<Trail> failing(int failures) {
    var g = Workflow.graph("failing", Trail.class);
    var a =
        g.step(
                "a",
                (state, ctx) -> {
                  if (ctx.attempt() <= failures) {
                    throw new IOException("down");
                  }
                  return state.mark("a");
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 2)));
    g.start(a).path(a, g.end("there"));
    return g.build();
  }

  private static Workflow<Trail> gated(CountDownLatch entered, CountDownLatch gate) {
    var g = Workflow.graph("gated", Trail.class);
    var a = g.step("a", state -> state.mark("a"));
    var b =
        g.step(
            "b",
            state -> {
              entered.countDown();
              gate.await();
              return state.mark("b");
            });
    g.start(a).path(a, b, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void hearThatACompensationGaveUpWithNodeAndError(Place place) throws Exception {
    var g = Workflow.graph("stuck", Trail.class);
    var book =
        g.step("book", state -> state.mark("booked"))
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 2)))
            .compensate((state, ctx) -> {
              throw new IOException("no line");
            });
    var pay =
        g.step(
            "pay",
            (state, ctx) -> {
              throw new IllegalStateException("no money");
            });
    g.start(book).path(book, pay, g.end());
    var alert = Hook.of("recorder", (event, ctx) -> heard.add(event));
    try (var engine = place.builder(directory).hook(alert).start()) {
      var run = engine.start(g.build(), "k", Trail.EMPTY);

      awaitHeard(3);

      assertThat(kinds("k")).containsExactly(Kind.STARTED, Kind.COMPENSATION_GAVE_UP, Kind.PAUSED);
      var gaveUp = heard.get(1);
      assertThat(gaveUp.run()).isEqualTo(run.id());
      assertThat(gaveUp.node()).isEqualTo("book");
      assertThat(gaveUp.attempt()).isEqualTo(2);
      assertThat(gaveUp.error()).contains("java.io.IOException: no line");
      assertThat(gaveUp.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(heard).extracting(HookEvent::id).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void hearOfStartFailedAttemptsAndEndInOrder(Place place) throws Exception {
    try (var engine = place.builder(directory).hook(recorder()).start()) {
      var options = StartOptions.DEFAULT.headers(Map.of("tenant", "acme"));
      var run = engine.start(failing(1), "k", Trail.EMPTY, options);
      run.await(LIMIT);

      awaitHeard(3);

      assertThat(kinds("k")).containsExactly(Kind.STARTED, Kind.STEP_FAILED, Kind.COMPLETED);
      var failed = heard.get(1);
      assertThat(failed.run()).isEqualTo(run.id());
      assertThat(failed.workflow()).isEqualTo("failing");
      assertThat(failed.version()).isEqualTo("1");
      assertThat(failed.status()).isEqualTo(RunStatus.RUNNING);
      assertThat(failed.node()).isEqualTo("a");
      assertThat(failed.attempt()).isEqualTo(1);
      assertThat(failed.error()).contains("java.io.IOException: down");
      assertThat(failed.headers()).isEqualTo(Map.of("tenant", "acme"));
      assertThat(heard.getLast().status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(heard.getLast().reason()).isEqualTo("there");
      assertThat(heard).extracting(HookEvent::id).doesNotHaveDuplicates();
      Awaitility.await().until(() -> engine.outbox().hook("recorder", 0, 10).isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void hearOfPauseResumeCancelAndFailure(Place place) throws Exception {
    var entered = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    try (var engine = place.builder(directory).hook(recorder()).start()) {
      var run = engine.start(gated(entered, gate), "k", Trail.EMPTY);
      entered.await();
      run.pause("look");
      run.resume();
      run.cancel("enough");
      run.result(LIMIT);
      engine.start(failing(9), "fails", Trail.EMPTY).result(LIMIT);

      awaitHeard(8);

      assertThat(kinds("k"))
          .containsExactly(Kind.STARTED, Kind.PAUSED, Kind.RESUMED, Kind.CANCELLED);
      assertThat(heard.stream().filter(event -> event.kind() == Kind.PAUSED))
          .singleElement()
          .satisfies(event -> assertThat(event.reason()).isEqualTo("look"));
      assertThat(kinds("fails"))
          .containsExactly(Kind.STARTED, Kind.STEP_FAILED, Kind.STEP_FAILED, Kind.FAILED);
      assertThat(heard.getLast().error()).contains("java.io.IOException: down");
      assertThat(heard.getLast().node()).isEqualTo("a");
      assertThat(heard.getLast().attempt()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void getTheRunAsItWasAndNotAsItIs(Place place) throws Exception {
    var entered = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var workflow = gated(entered, gate);
    var over = new CountDownLatch(1);
    var states = new CopyOnWriteArrayList<String>();
    var hook =
        Hook.of(
                "late",
                (event, ctx) -> {
                  over.await();
                  states.add(
                      event.kind() + " " + event.status() + " " + ctx.state(workflow).marks());
                })
            .on(Kind.STARTED, Kind.PAUSED, Kind.COMPLETED);
    try (var engine = place.builder(directory).hook(hook).start()) {
      var run = engine.start(workflow, "k", Trail.EMPTY);
      entered.await();
      run.pause("look");
      run.resume();
      gate.countDown();
      run.await(LIMIT);

      over.countDown();

      Awaitility.await().until(() -> states.size() == 3);
      assertThat(states)
          .containsExactly("STARTED RUNNING []", "PAUSED PAUSED [a]", "COMPLETED COMPLETED [a, b]");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areCalledAgainWhateverTheyThrowAndParkedInTheEnd(Place place) throws Exception {
    var calls = new AtomicInteger();
    var throwing =
        Hook.of(
                "throwing",
                (event, ctx) -> {
                  calls.incrementAndGet();
                  switch (ctx.attempt()) {
                    case 1 -> throw new StackOverflowError("deep");
                    case 2 -> throw new InterruptedException("by itself");
                    default -> throw new IOException("pager is down");
                  }
                })
            .on(Kind.COMPLETED)
            .retry(SOON);
    try (var engine = place.builder(directory).hook(throwing, recorder()).start()) {
      engine.start(failing(0), "k", Trail.EMPTY).await(LIMIT);

      Awaitility.await().until(() -> engine.outbox().parked(0, 10).size() == 1);
      var parked = engine.outbox().parked(0, 10).getFirst();
      assertThat(calls).hasValue(3);
      assertThat(parked.name()).isEqualTo("throwing");
      assertThat(parked.key()).isEqualTo("k");
      assertThat(parked.parked().orElseThrow()).contains("java.io.IOException: pager is down");
      awaitHeard(2);

      engine.outbox().retry(parked.number());
      Awaitility.await().until(() -> calls.get() == 6);
      Awaitility.await().until(() -> engine.outbox().parked(0, 10).size() == 1);
      engine.outbox().discard(parked.number());

      assertThat(engine.outbox().parked(0, 10)).isEmpty();
      assertThatThrownBy(() -> engine.outbox().retry(parked.number()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void letOthersGoOnWhileTheyFailForOneKeyAndKeepItsOrder() throws Exception {
    var workflow = failing(0);
    var failing =
        Hook.of(
            "picky",
            (event, ctx) -> {
              if (event.key().equals("bad") && ctx.attempt() <= 3 && event.kind() == Kind.STARTED) {
                throw new IOException("not yet");
              }
              heard.add(event);
            });
    try (var engine = TestEngine.builder(workflow).setup(each -> each.hook(failing)).start()) {
      engine.start(workflow, "bad", Trail.EMPTY).await(LIMIT);
      for (int i = 0; i < 50; i++) {
        engine.start(workflow, "good-" + i, Trail.EMPTY).await(LIMIT);
      }
      engine.settle();
      assertThat(heard).hasSize(100).noneMatch(event -> event.key().equals("bad"));

      engine.advance(Duration.ofSeconds(30));

      assertThat(kinds("bad")).containsExactly(Kind.STARTED, Kind.COMPLETED);
      assertThat(engine.outbox().hook("picky", 0, 10)).isEmpty();
    }
  }

  @Test
  void goOnWithTheNextEventOfAKeyWhenOneIsParked() throws Exception {
    var workflow = failing(0);
    var failing =
        Hook.of(
            "broken",
            (event, ctx) -> {
              if (event.kind() == Kind.STARTED) {
                throw new IOException("never");
              }
              heard.add(event);
            });
    try (var engine = TestEngine.builder(workflow).setup(each -> each.hook(failing)).start()) {
      for (int i = 0; i < 40; i++) {
        engine.start(workflow, "k", Trail.EMPTY).await(LIMIT);
      }
      engine.advance(Duration.ofHours(10));

      assertThat(kinds("k")).hasSize(40).containsOnly(Kind.COMPLETED);
      assertThat(engine.outbox().parked(0, 100)).hasSize(40);
      assertThat(engine.outbox().hook("broken", 0, 10)).isEmpty();
    }
  }

  @Test
  void areInterruptedWhenTheyHangAndHoldUpNobodyElse() throws Exception {
    var released = new CountDownLatch(1);
    var interrupted = new AtomicInteger();
    var hanging =
        Hook.of(
                "hanging",
                (event, ctx) -> {
                  if (!event.key().equals("bad")) {
                    heard.add(event);
                    return;
                  }
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                    released.await(); // and goes on hanging
                  }
                })
            .within(Duration.ofMillis(20))
            .retry(SOON)
            .atOnce(8);
    try (var engine = Place.SQLITE.builder(directory).hook(hanging).start()) {
      engine.start(failing(0), "bad", Trail.EMPTY).await(LIMIT);
      for (int i = 0; i < 20; i++) {
        engine.start(failing(0), "good-" + i, Trail.EMPTY).await(LIMIT);
      }

      awaitHeard(40);
      Awaitility.await().until(() -> engine.outbox().parked(0, 10).size() == 2);

      assertThat(engine.outbox().parked(0, 10))
          .extracting(OutboxRow::key)
          .containsExactly("bad", "bad");
      assertThat(interrupted.get()).isGreaterThanOrEqualTo(6);
      released.countDown();
    }
  }

  @Test
  void takeNoMoreThanTheirOwnPlacesWhenTheyHangForEver() throws Exception {
    var released = new CountDownLatch(1);
    var hanging =
        Hook.of(
                "hanging",
                (event, ctx) -> {
                  while (released.getCount() > 0) {
                    try {
                      released.await();
                    } catch (InterruptedException e) {
                      heard.removeIf(each -> false); // takes no notice
                    }
                  }
                })
            .within(Duration.ofMillis(5))
            .atOnce(2);
    try (var engine = Place.SQLITE.builder(directory).hook(hanging, recorder()).start()) {
      for (int i = 0; i < 20; i++) {
        engine.start(failing(0), "k" + i, Trail.EMPTY).await(LIMIT);
      }

      awaitHeard(40);

      assertThat(engine.outbox().hook("hanging", 0, 100)).hasSize(40);
      released.countDown();
    }
  }

  @Test
  void holdUpTheEndOfAnEngineNoLongerThanTheirCallsTake() throws Exception {
    var called = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var slow =
        Hook.of(
                "slow",
                (event, ctx) -> {
                  called.countDown();
                  gate.await();
                })
            .on(Kind.COMPLETED);
    var engine = Place.MEMORY.builder(directory).hook(slow).start();
    engine.start(failing(0), "k", Trail.EMPTY).await(LIMIT);
    called.await();
    var closing = Thread.startVirtualThread(() -> engine.close(Duration.ofHours(1)));
    Awaitility.await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);

    gate.countDown();

    assertThat(closing.join(LIMIT)).as("closed before its deadline").isTrue();
  }

  @Test
  void hearAfterARestartWhatTheyDidNotHearBefore() throws Exception {
    var deaf =
        Hook.of(
            "recorder",
            (event, ctx) -> {
              throw new IOException("deaf");
            });
    try (var engine = Place.SQLITE.builder(directory).hook(deaf).start()) {
      engine.start(failing(0), "k", Trail.EMPTY).await(LIMIT);
    }
    try (var engine = Place.SQLITE.open(directory)) {
      assertThat(engine.outbox().hook("recorder", 0, 10)).as("nobody asks for them").hasSize(2);
      engine.start(failing(0), "unheard", Trail.EMPTY).await(LIMIT);
    }

    try (var engine = Place.SQLITE.builder(directory).hook(recorder()).start()) {
      assertThat(engine).isNotNull();
      awaitHeard(2);
    }

    assertThat(kinds("k")).containsExactly(Kind.STARTED, Kind.COMPLETED);
    assertThat(kinds("unheard")).isEmpty();
  }

  @Test
  void hearAgainWhatACrashCut() throws Exception {
    var workflow = failing(0);
    var deaf =
        Hook.of(
            "recorder",
            (event, ctx) -> {
              heard.add(event);
              if (heard.size() == 1) {
                throw new IOException("deaf");
              }
            });
    try (var engine = TestEngine.builder(workflow).setup(each -> each.hook(deaf)).start()) {
      engine.start(workflow, "k", Trail.EMPTY).await(LIMIT);
      engine.settle();
      assertThat(heard).hasSize(1);

      engine.restart();
      engine.settle();
    }

    assertThat(heard.get(1).id()).isEqualTo(heard.get(0).id());
    assertThat(kinds("k")).containsExactly(Kind.STARTED, Kind.STARTED, Kind.COMPLETED);
  }

  @Test
  void hearOnlyOfTheWorkflowsThatTheyName() throws Exception {
    var picky = recorder().workflows("other");
    try (var engine = Place.MEMORY.builder(directory).hook(picky).start()) {
      engine.start(failing(0), "k", Trail.EMPTY).await(LIMIT);

      assertThat(engine.outbox().hook("recorder", 0, 10)).isEmpty();
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void haveNamesOfTheirOwn() {
    var builder = Engine.builder().memory().hook(recorder(), recorder());

    assertThatThrownBy(builder::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("recorder");
  }

  @Test
  void refuseWhatMakesNoSense() {
    var hook = recorder();

    assertThatThrownBy(() -> Hook.of("", (event, ctx) -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hook.on()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hook.within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hook.atOnce(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Optional.of(hook.name())).contains("recorder");
  }
}
