package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.StepContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class FailureTest {
  private static final Policy THREE = Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 3));

  private final AtomicInteger calls = new AtomicInteger();

  private Workflow<Trail> oneStep(Policy policy, Step<Trail, Trail> step) {
    var g = Workflow.graph("one", Trail.class);
    var a = g.step("a", step).with(policy);
    g.start(a).path(a, g.end());
    return g.build();
  }

  private Step<Trail, Trail> failing(int times, Exception error) {
    return (state, ctx) -> {
      if (calls.incrementAndGet() <= times) {
        throw error;
      }
      return state.plus(1).mark("attempt " + ctx.attempt());
    };
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void triesAgainUntilAnAttemptSucceeds(Place place) throws Exception {
    var workflow = oneStep(THREE, failing(2, new IOException("down")));

    var end = place.run(workflow, Trail.EMPTY);

    assertThat(end).isEqualTo(Trail.EMPTY.plus(1).mark("attempt 3"));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void givesUpAfterTheLastAttemptNamingNodeAttemptsAndCause(Place place) {
    var workflow = oneStep(THREE, failing(3, new IOException("down")));

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOfSatisfying(
            RunFailed.class,
            e -> {
              assertThat(e.node()).isEqualTo("a");
              assertThat(e.attempts()).isEqualTo(3);
              assertThat(e.getCause()).hasMessageContaining("down");
            });
    assertThat(calls).hasValue(3);
  }

  private Workflow<Trail> quotes(Exception error) {
    var g = Workflow.graph("quotes", Trail.class);
    var fresh = g.step("fresh", failing(9, error)).with(THREE);
    var known = g.step("known", (state, ctx) -> state.mark("known"));
    var none = g.end("none");
    g.start(fresh).path(fresh, g.end("fresh-end")).path(known, g.end("known-end"));
    fresh.onError(FileNotFoundException.class, (state, e) -> state.mark("none"), none);
    fresh.fallback(known);
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void fallsBackToAnotherNodeAfterTheLastAttempt(Place place) throws Exception {
    var end = place.run(quotes(new IOException("down")), Trail.EMPTY);

    assertThat(end).isEqualTo(Trail.EMPTY.mark("known"));
    assertThat(calls).hasValue(3);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void fallsBackOnlyFromWhatNoEdgeBeforeTakes(Place place) throws Exception {
    var end = place.run(quotes(new FileNotFoundException("gone")), Trail.EMPTY);

    assertThat(end).isEqualTo(Trail.EMPTY.mark("none"));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void doesNotRepeatWhatIsNeverTriedAgain(Place place) {
    var workflow =
        oneStep(THREE.never(FileNotFoundException.class), failing(1, new FileNotFoundException()));

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY)).isInstanceOf(RunFailed.class);
    assertThat(calls).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void repeatsOnlyWhatThePolicyNames(Place place) {
    var policy = Policy.DEFAULT.retry(THREE.retry().only(IOException.class));
    var workflow = oneStep(policy, failing(9, new IllegalStateException("broken")));

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY)).isInstanceOf(RunFailed.class);
    assertThat(calls).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void startsNoAttemptOnceTheVisitHasLastedTooLong(Place place) {
    var policy = Policy.DEFAULT.retry(THREE.retry().elapsed(Duration.ZERO));
    var workflow = oneStep(policy, failing(9, new IOException("down")));

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY)).isInstanceOf(RunFailed.class);
    assertThat(calls).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void countsAttemptsAnewInEachVisit(Place place) throws Exception {
    var g = Workflow.graph("visits", Trail.class);
    var a =
        g.step(
                "a",
                (state, ctx) -> {
                  if (ctx.attempt() == 1) {
                    throw new IOException("down");
                  }
                  return state.mark("attempt " + ctx.attempt());
                })
            .with(THREE);
    a.when("again", state -> state.marks().size() < 3, a).otherwise(g.end());
    g.start(a);

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.marks()).containsExactly("attempt 2", "attempt 2", "attempt 2");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void leavesByTheFirstErrorEdgeThatMatches(Place place) throws Exception {
    var g = Workflow.graph("edges", Trail.class);
    var a = g.step("a", failing(9, new FileNotFoundException("no file"))).with(THREE);
    var wrong = g.step("wrong", state -> state.mark("wrong"));
    var right = g.step("right", state -> state.mark("right"));
    var end = g.end();
    g.start(a).path(a, end).path(wrong, end).path(right, end);
    a.onError(IllegalStateException.class, (state, e) -> state, wrong)
        .onError(IOException.class, (state, e) -> state.mark(e.getMessage()), right)
        .onError(Exception.class, (state, e) -> state, wrong);

    var last = place.run(g.build(), Trail.EMPTY);

    assertThat(last.marks()).containsExactly("no file", "right");
    assertThat(calls).hasValue(3);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void failsTheRunWhereNoErrorEdgeMatches(Place place) {
    var g = Workflow.graph("unmatched", Trail.class);
    var a = g.step("a", failing(9, new IOException("down")));
    var end = g.end();
    g.start(a).path(a, end);
    a.onError(IllegalStateException.class, (state, e) -> state, end);
    var workflow = g.build();

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOf(RunFailed.class)
        .hasMessageContaining("down");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void keepsTheFirstErrorWhenItsEdgeThrowsAnother(Place place) {
    var g = Workflow.graph("fold", Trail.class);
    var a = g.step("a", failing(9, new IOException("first")));
    var end = g.end();
    g.start(a).path(a, end);
    a.onError(
        IOException.class,
        (state, e) -> {
          throw new IllegalStateException("second");
        },
        end);
    var workflow = g.build();

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOfSatisfying(
            RunFailed.class,
            e -> {
              assertThat(e.getCause()).hasMessageContaining("second");
              assertThat(e.getCause().getSuppressed())
                  .anySatisfy(first -> assertThat(first).hasMessageContaining("first"));
            });
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void endsTheAttemptWhateverItsStepThrows(Place place) throws Exception {
    Set<Error> errors =
        Set.of(
            new StackOverflowError("deep"),
            new OutOfMemoryError("full"),
            new AssertionError("false"),
            new LinkageError("missing"));
    for (var error : errors) {
      var workflow =
          oneStep(
              THREE,
              (state, ctx) -> {
                if (ctx.attempt() == 1) {
                  throw error;
                }
                return state.plus(1);
              });

      assertThat(place.run(workflow, Trail.EMPTY).count()).isEqualTo(1);
    }
  }

  /// An inline run takes it for an interruption of its caller.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void triesAgainThoughAStepThrowsAnInterruption(Place place) throws Exception {
    var workflow = oneStep(THREE, failing(1, new InterruptedException("of its own")));

    assertThat(place.run(workflow, Trail.EMPTY).count()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void failsAnAttemptThatReturnsNull(Place place) {
    var workflow = oneStep(Policy.DEFAULT, (state, ctx) -> null);

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOf(RunFailed.class)
        .hasMessageContaining("NullPointerException")
        .hasMessageContaining("a");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void interruptsAnAttemptAtItsLimitAndTriesAgain(Place place) throws Exception {
    var workflow =
        oneStep(
            THREE.timeout(Duration.ofMillis(50)),
            (state, ctx) -> {
              if (ctx.attempt() == 1) {
                new CountDownLatch(1).await();
              }
              return state.mark("attempt " + ctx.attempt());
            });

    assertThat(place.run(workflow, Trail.EMPTY).marks()).containsExactly("attempt 2");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void leavesByTheTimeoutEdgeWhenAVisitTakesTooLong(Place place) throws Exception {
    var g = Workflow.graph("late", Trail.class);
    var a =
        g.step(
                "a",
                (state, ctx) -> {
                  new CountDownLatch(1).await();
                  return state;
                })
            .with(Policy.within(Duration.ofMillis(50)));
    var late = g.step("late", state -> state.mark("late"));
    var end = g.end();
    g.start(a).path(a, end).path(late, end);
    a.onTimeout(state -> state.mark("expired"), late);

    assertThat(place.run(g.build(), Trail.EMPTY).marks()).containsExactly("expired", "late");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void limitsAVisitOverAllItsAttempts(Place place) {
    var policy =
        new Policy(
            Retry.fixed(Duration.ofMillis(5), 1_000_000),
            Duration.ofMinutes(1),
            Duration.ofMillis(100),
            1);
    var workflow = oneStep(policy, failing(Integer.MAX_VALUE, new IOException("down")));

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOf(RunFailed.class)
        .hasMessageContaining("TimedOut");
    assertThat(calls.get()).isBetween(2, 100);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void refusesTheContextOfAnAttemptThatHasTimedOut(Place place) throws Exception {
    var firstMayGo = new CountDownLatch(1);
    BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    var workflow =
        oneStep(
            THREE.timeout(Duration.ofMillis(50)),
            (state, ctx) -> {
              if (ctx.attempt() == 1) {
                stubbornly(firstMayGo);
                seen.add(outcome(ctx));
                return state.mark("dropped");
              }
              firstMayGo.countDown();
              return state.mark("kept");
            });

    var end = place.run(workflow, Trail.EMPTY);

    assertThat(end.marks()).containsExactly("kept");
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
  }

  private static Object outcome(StepContext ctx) {
    try {
      return ctx.idempotencyKey();
    } catch (IllegalStateException e) {
      return e;
    }
  }

  /// Waits, whoever interrupts.
  private static void stubbornly(CountDownLatch latch) {
    boolean waiting = true;
    while (waiting) {
      try {
        latch.await();
        waiting = false;
      } catch (InterruptedException e) {
        // a step that does not care
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void givesAllAttemptsOfAVisitOneIdempotencyKeyAndEachVisitItsOwn(Place place) throws Exception {
    Set<String> keys = ConcurrentHashMap.newKeySet();
    var g = Workflow.graph("keys", Trail.class);
    var a =
        g.step(
                "a",
                (state, ctx) -> {
                  keys.add(ctx.idempotencyKey());
                  if (ctx.attempt() < 3) {
                    throw new IOException("down");
                  }
                  return state.plus(1);
                })
            .with(THREE);
    var b =
        g.step(
            "b",
            (state, ctx) -> {
              keys.add(ctx.idempotencyKey());
              return state;
            });
    g.start(a).path(b, g.end());
    a.when("again", state -> state.count() < 2, a).otherwise(b);

    place.run(g.build(), Trail.EMPTY);

    assertThat(keys).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void sharesAPolicyBetweenNodesWithoutChangingIt(Place place) throws Exception {
    var g = Workflow.graph("shared", Trail.class);
    Step<Trail, Trail> twice =
        (state, ctx) -> {
          if (ctx.attempt() < 3) {
            throw new IOException("down");
          }
          return state.mark(ctx.node());
        };
    var a = g.step("a", twice).with(THREE);
    var b = g.step("b", twice).with(THREE.timeout(Duration.ofMinutes(1)));
    g.start(a).path(a, b, g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.marks()).containsExactly("a", "b");
    assertThat(THREE.perAttempt()).isEqualTo(Policy.DEFAULT.perAttempt());
  }
}
