package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Limits;
import dev.pawl.engine.Run;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Delays, and the timeouts of machines.
@Timeout(60)
final class TimesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  record Nap(Duration length, String woke) {}

  private static Workflow<Nap> nap(Instant from) {
    var g = Workflow.graph("nap", Nap.class);
    var wait = g.delay("wait", state -> from.plus(state.length()));
    var wake =
        g.step(
            "wake",
            (state, ctx) ->
                new Nap(
                    state.length(),
                    ctx.now().isBefore(from.plus(state.length())) ? "too early" : "in time"));
    g.start(wait).path(wait, wake, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void waitsUntilATimeAndNotLess(Place place) throws Exception {
    var workflow = nap(Instant.now());
    try (var engine = place.open(directory)) {

      var end = engine.run(workflow, new Nap(Duration.ofMillis(200), ""));

      assertThat(end.woke()).isEqualTo("in time");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void doesNotWaitForATimeThatIsPast(Place place) throws Exception {
    var workflow = nap(Instant.now());
    try (var engine = place.open(directory)) {

      var end = engine.run(workflow, new Nap(Duration.ofDays(-1), ""));

      assertThat(end.woke()).isEqualTo("in time");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void namesWhereARunWaitsThatIsReleasedFromMemory(Place place) throws Exception {
    var workflow = nap(Instant.now());
    try (var engine = place.open(directory, Limits.DEFAULT.release(Duration.ZERO))) {
      var run = engine.start(workflow, "far", new Nap(Duration.ofDays(1), ""));

      run.awaitStatus(Set.of(RunStatus.WAITING), LIMIT);

      assertThat(run.result(Duration.ofMillis(1)))
          .isEqualTo(new Run.Result.StillOpen<>(List.of("wait")));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void wakesEachRunAtItsOwnTimeThoughAllAreReleasedFromMemory(Place place) throws Exception {
    var workflow = nap(Instant.now());
    try (var engine = place.open(directory, Limits.DEFAULT.release(Duration.ZERO))) {
      engine.register(workflow);
      var far = engine.start(workflow, "far", new Nap(Duration.ofDays(1), ""));
      var near = new ArrayList<Run<Nap>>();
      for (int i = 0; i < 50; i++) {
        near.add(engine.start(workflow, "k" + i, new Nap(Duration.ofMillis(10L * i), "")));
      }

      for (var run : near) {
        assertThat(run.await(LIMIT).woke()).isEqualTo("in time");
        assertThat(run.path()).containsExactly("wait", "wake", "end");
      }
      assertThat(far.awaitStatus(Set.of(RunStatus.WAITING), LIMIT)).isEqualTo(RunStatus.WAITING);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void wakesTheRunThatWaitedAndNotALaterOneOfItsKey(Place place) throws Exception {
    var workflow = nap(Instant.now());
    try (var engine = place.open(directory)) {
      var first = engine.start(workflow, "k", new Nap(Duration.ofMillis(300), ""));
      first.cancel("replaced");
      first.result(LIMIT);
      var second = engine.start(workflow, "k", new Nap(Duration.ofMillis(600), ""));

      assertThat(second.await(LIMIT).woke()).isEqualTo("in time");
      assertThat(first.status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(first.path()).doesNotContain("wake");
    }
  }

  @Test
  void leavesNoWaitInTheStoreOnceItIsOver() throws Exception {
    var workflow = nap(Instant.now());
    try (var engine = Place.SQLITE.open(directory, Limits.DEFAULT.release(Duration.ZERO));
        var reader = SqliteStore.open(directory.resolve("pawl.db"))) {
      engine.register(workflow);
      var run = engine.start(workflow, "k", new Nap(Duration.ofMillis(500), ""));

      run.await(LIMIT);

      assertThat(run.history(0, 10)).hasSize(2);
      assertThat(reader.load(run.id()).orElseThrow().waits()).isEmpty();
    }
  }

  enum Shop {
    OPEN,
    CLOSED
  }

  private static Workflow<Shop> shop(Duration open) {
    return Workflow.machine("shop", Shop.class, Shop.class, shop -> shop)
        .onTimeout(Shop.OPEN, open, (shop, ctx) -> Shop.CLOSED, Shop.CLOSED)
        .ends(Shop.CLOSED)
        .build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void waitsAsLongAsTheBuildSaysThatRunsWhenItsTimeHasCome(Place place) {
    var build = new AtomicReference<>(shop(Duration.ofDays(1)));
    try (var host = VirtualHost.of(place, directory, engine -> engine.register(build.get()))) {
      var id = host.engine().start(build.get(), "s", Shop.OPEN).id();
      host.pass(Duration.ofHours(12));
      build.set(shop(Duration.ofDays(3)));
      host.restart(Duration.ZERO);

      host.pass(Duration.ofHours(36));
      assertThat(host.run(id).orElseThrow().state().status()).isEqualTo(RunStatus.WAITING);
      host.pass(Duration.ofHours(24));

      assertThat(host.run(id).orElseThrow().state().status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void endADelayThatMayNotTakeSoLong(Place place) {
    var g = Workflow.graph("impatient", Nap.class);
    var nap =
        g.delay("nap", state -> Scheduler.START.plus(Duration.ofDays(30)))
            .with(Policy.within(Duration.ofDays(1)));
    var late = g.end("late");
    g.start(nap).path(nap, g.end("rested"));
    nap.onTimeout(state -> state, late);
    var impatient = g.build();
    try (var engine = place.inVirtualTime(directory, impatient)) {
      var run = engine.start(impatient, "t", new Nap(Duration.ZERO, ""));

      engine.advance(Duration.ofDays(1).minusSeconds(1));
      assertThat(run.waitingAt()).containsExactly("nap");
      engine.advance(Duration.ofSeconds(1));

      assertThat(run.path()).containsExactly("nap", "late");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void haveTheirEffectOnTheResumeOfARunThatIsPausedWhenTheyCome(Place place) {
    var day = Duration.ofDays(1);
    var g = Workflow.graph("paused", Nap.class);
    var nap = g.delay("nap", state -> Scheduler.START.plus(day));
    var answer =
        g.await("answer", Signal.of("answer", String.class), (state, word) -> state)
            .with(Policy.within(day));
    g.start(nap).path(nap, answer, g.end("answered"));
    answer.onTimeout(state -> state, g.end("late"));
    var paused = g.build();
    try (var engine = place.inVirtualTime(directory, paused)) {
      var run = engine.start(paused, "t", new Nap(day, ""));
      engine.settle();

      for (var path : List.of(List.of("nap"), List.of("nap", "answer", "late"))) {
        var before = run.path();
        run.pause("holiday");
        engine.advance(day.multipliedBy(3));
        assertThat(run.path()).isEqualTo(before);
        engine.restart();
        run.resume();
        engine.settle();
        assertThat(run.path()).isEqualTo(path);
      }
    }
  }
}
