package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Limits;
import dev.pawl.engine.schedule.Schedule;
import dev.pawl.engine.schedule.Timetable;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Times that are farther away than a long of nanoseconds can count.
@Timeout(60)
final class FarTimesTest {
  private static final Signal<String> GO = Signal.of("go", String.class);
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path directory;

  record Nap(Instant until) {}

  private static Workflow<Nap> nap() {
    var g = Workflow.graph("nap", Nap.class);
    var wait = g.delay("wait", Nap::until);
    g.start(wait).path(wait, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void aDelayUntilTheEndOfTimeWaits(Place place) {
    var nap = nap();
    try (var engine = place.inVirtualTime(directory, nap)) {
      var run = engine.start(nap, "far", new Nap(Instant.MAX));
      engine.advance(MONTH);
      engine.restart();
      engine.advance(MONTH);

      assertThat(run.waitingAt()).containsExactly("wait");
      run.cancel("enough");
      assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void aDelayUntilTheBeginningOfTimeDoesNotWait(Place place) {
    var nap = nap();
    try (var engine = place.inVirtualTime(directory, nap)) {
      var run = engine.start(nap, "past", new Nap(Instant.MIN));

      engine.advance(SECOND);

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void aDelayWaitsAlsoInMemoryWhileAnotherBranchWorks(Place place) {
    var g = Workflow.graph("both", Nap.class);
    var fork = g.step("fork", state -> state);
    var far = g.delay("far", state -> Instant.MAX);
    var work = g.step("work", state -> state);
    var join = g.join("join", Join.ANY);
    g.start(fork);
    fork.fork(far, work);
    g.path(far, join).path(work, join).path(join, g.end());
    var both = g.build();
    try (var engine = place.inVirtualTime(directory, both)) {
      engine.at("work").takes(Duration.ofMinutes(4));
      var run = engine.start(both, "both", new Nap(Instant.MAX));

      engine.advance(Duration.ofMinutes(3));
      assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
      engine.advance(Duration.ofMinutes(1));

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  /// Fails once, then waits for a word.
  private static Workflow<Nap> slow() {
    var g = Workflow.graph("slow", Nap.class).within(LONGEST);
    var fails =
        g.step(
                "fails",
                (state, ctx) -> {
                  if (ctx.attempt() == 1) {
                    throw new IOException("down");
                  }
                  return state;
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(LONGEST.dividedBy(2), 2)));
    var wait = g.await("wait", GO, (state, word) -> state).with(Policy.within(LONGEST));
    g.start(fails).path(fails, wait, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void theLongestRetriesVisitsAndRunsWaitTheirTime(Place place) {
    var slow = slow();
    try (var host = VirtualHost.of(place, directory, engine -> engine.register(slow))) {
      var id = host.engine().start(slow, "slow", new Nap(Instant.MAX)).id();
      host.pass(SECOND);

      host.restart(LONGEST.dividedBy(2).minusSeconds(3));
      assertThat(attempts(host, id)).isEqualTo(1);
      host.pass(SECOND.multipliedBy(3));
      assertThat(attempts(host, id)).isEqualTo(2);
      host.restart(LONGEST.dividedBy(2).minusSeconds(5));
      assertThat(status(host, id)).isEqualTo(RunStatus.WAITING);
      host.pass(SECOND.multipliedBy(5));

      assertThat(status(host, id)).isEqualTo(RunStatus.FAILED);
    }
  }

  private static RunStatus status(VirtualHost host, RunId id) {
    return host.run(id).orElseThrow().state().status();
  }

  /// How many attempts of the first step have ended.
  private static int attempts(VirtualHost host, RunId id) {
    return host.engine().find(slow(), id).orElseThrow().history(0, 10).size();
  }

  enum Light {
    RED,
    GREEN
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void theLongestTimeoutOfAMachineWaitsItsTime(Place place) {
    var lights =
        Workflow.machine("lights", Light.class, Light.class, light -> light)
            .onTimeout(Light.RED, LONGEST, (light, ctx) -> Light.GREEN, Light.GREEN)
            .ends(Light.GREEN)
            .build();
    try (var host = VirtualHost.of(place, directory, engine -> engine.register(lights))) {
      var id = host.engine().start(lights, "l", Light.RED).id();
      host.pass(SECOND);

      host.restart(LONGEST.minusSeconds(3));
      host.pass(SECOND);
      assertThat(status(host, id)).isEqualTo(RunStatus.WAITING);
      host.pass(SECOND);

      assertThat(status(host, id)).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @Test
  void aTimeoutOfAMachineThatIsLongerIsRefused() {
    var lights = Workflow.machine("lights", Light.class, Light.class, light -> light);

    assertThatThrownBy(() ->
            lights.onTimeout(
                Light.RED,
                Duration.ofSeconds(Long.MAX_VALUE),
                (light, ctx) -> Light.GREEN,
                Light.GREEN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("RED: a timeout comes after some time, at most 36,500 days");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void runsThatMayStayInMemoryForEverDo(Place place) throws Exception {
    var nap = nap();
    var limits = Limits.DEFAULT.release(Duration.ofSeconds(Long.MAX_VALUE));
    try (var engine = place.open(directory, limits)) {
      var run = engine.start(nap, "k", new Nap(Instant.now().plusMillis(50)));

      assertThat(run.awaitStatus(Set.of(RunStatus.COMPLETED), Duration.ofSeconds(20)))
          .isEqualTo(RunStatus.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void aScheduleWhoseSlotsNobodyLivesToSeeStartsNothing(Place place) {
    var nap = nap();
    var end = Instant.MAX.truncatedTo(ChronoUnit.MILLIS);
    var last =
        Schedule.of("last", nap, Timetable.every(Duration.ofDays(1), end), Nap::new)
            .jitter(Duration.ofHours(1));
    var rare =
        Schedule.of("rare", nap, Timetable.every(Duration.ofSeconds(Long.MAX_VALUE)), Nap::new);
    try (var host =
        VirtualHost.of(
            place,
            directory,
            engine -> {
              engine.schedules().put(last);
              engine.schedules().put(rare);
            })) {
      host.pass(MONTH);
      host.restart(LONGEST);
      host.pass(MONTH);

      assertThat(host.keys()).isEmpty();
      assertThat(host.engine().schedules().describe("last").orElseThrow().next())
          .containsExactly(end);
      assertThat(host.engine().schedules().describe("rare").orElseThrow().next()).isEmpty();
    }
  }
}
