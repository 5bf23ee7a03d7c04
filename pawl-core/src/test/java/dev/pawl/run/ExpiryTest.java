package dev.pawl.run;

import static dev.pawl.run.Walk.AT;
import static dev.pawl.run.Walk.TOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How a run ends that lasts longer than it may.
final class ExpiryTest {
  private static final Failure TOO_LONG = new Failure("", 0, "too long", Optional.empty());
  private static final Event EXPIRED = new Event.Expired(TOO_LONG, AT.plusSeconds(60));

  @Test
  void asksToBeEndedOneLimitAfterItsStart() {
    var walk = new Walk(trip());

    assertThat(walk.effects())
        .containsExactly(new Effect.Begin(""), new Effect.Expiry(AT.plusSeconds(60)));
    assertThat(walk.plan.wake(walk.run(), AT)).contains(AT.plusSeconds(60));
    assertThat(walk.leave("").effects()).doesNotContain(new Effect.Expiry(AT.plusSeconds(60)));
    assertThat(walk.crash().effects()).contains(new Effect.Expiry(AT.plusSeconds(60)));
  }

  @Test
  void failsAtOnceWhileItWaits() {
    var walk = new Walk(trip()).leave("").delay("");
    assertThat(walk.run().status()).isEqualTo(RunStatus.WAITING);

    walk.on(EXPIRED);

    assertThat(walk.recorded()).isEqualTo("2: EXPIRED '' because too long at  after 0 ms");
    assertThat(walk.run().status()).isEqualTo(RunStatus.COMPENSATING);
    assertThat(walk.run().goal())
        .isEqualTo(new RunState.Goal(RunStatus.FAILED, "too long", TOO_LONG));
  }

  @Test
  void interruptsWhatRunsAndUndoesWhatHasEnded() {
    var walk = new Walk(trip()).leave("").delay("").due("").leave("").begin("");

    walk.on(EXPIRED);
    assertThat(walk.effects()).containsExactly(new Effect.Interrupt(""));
    walk.drained("");
    assertThat(walk.effects()).containsExactly(new Effect.Begin(""));
    walk.begin("").on(new Event.Undone("", 1, 1, AT, TOOK));

    assertThat(walk.run().status()).isEqualTo(RunStatus.FAILED);
    assertThat(walk.ignores(EXPIRED)).isTrue();
  }

  @Test
  void failsAlsoWhileItIsPaused() {
    var walk = new Walk(trip()).on(new Event.Pause("lunch", AT));

    assertThat(walk.on(EXPIRED).run().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void isLeftAloneWhileItUnwindsAndWhenItIsOver() {
    var unwinding = new Walk(trip()).leave("").on(new Event.Cancel("enough", true, AT));
    var over = new Walk(trip()).on(new Event.Cancel("enough", true, AT));

    assertThat(unwinding.ignores(EXPIRED)).isTrue();
    assertThat(unwinding.plan.wake(unwinding.run(), AT)).isEmpty();
    assertThat(unwinding.crash().effects()).containsExactly(new Effect.Begin(""));
    assertThat(over.ignores(EXPIRED)).isTrue();
  }

  @Test
  void isOverAfterACrashAsBefore() {
    var walk = new Walk(trip()).leave("").on(EXPIRED);
    var before = walk.shown();

    assertThat(walk.crash().shown()).isEqualTo(before);
  }

  private static Workflow<String> trip() {
    var g = Workflow.graph("trip", String.class).within(Duration.ofMinutes(1));
    var flight = g.step("flight", state -> state).compensate((state, context) -> {});
    var wait = g.delay("wait", state -> AT);
    var hotel = g.step("hotel", state -> state);
    g.start(flight).path(flight, wait, hotel, g.end());
    return g.build();
  }
}
