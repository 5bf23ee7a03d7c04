package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.RunListener;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class ListenersTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<String> heard = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;

  private final RunListener recorder =
      new RunListener() {
        @Override
        public void started(RunRow run) {
          heard.add("started " + run.key());
        }

        @Override
        public void committed(HistoryRow row) {
          heard.add(row.kind() + " " + row.node());
        }

        @Override
        public void changed(RunId run, RunRow.State state) {
          heard.add(state.status().name());
        }
      };

  private static Workflow<Trail> retrying(int failures) {
    var g = Workflow.graph("retrying", Trail.class);
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
    g.start(a).path(a, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void hearOfStartAttemptsAndEndInOrder(Place place) throws Exception {
    try (var engine = place.open(directory);
        var subscription = engine.listen(recorder)) {
      assertThat(subscription).isNotNull();

      engine.start(retrying(1), "k", Trail.EMPTY).await(LIMIT);

      Awaitility.await().until(() -> heard.contains("COMPLETED"));
      assertThat(heard).containsExactly("started k", "RETRY a", "LEFT a", "COMPLETED");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void hearOfPauseResumeCancelAndFailure(Place place) throws Exception {
    var entered = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var g = Workflow.graph("gated", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              entered.countDown();
              gate.await();
              return state;
            });
    g.start(a).path(a, g.end());
    var workflow = g.build();
    try (var engine = place.open(directory);
        var subscription = engine.listen(recorder)) {
      assertThat(subscription).isNotNull();
      var run = engine.start(workflow, "k", Trail.EMPTY);
      entered.await();

      run.pause("look");
      run.resume();
      run.cancel("enough");
      run.result(LIMIT);
      engine.start(retrying(9), "fails", Trail.EMPTY).result(LIMIT);

      Awaitility.await().until(() -> heard.contains("FAILED"));
      assertThat(heard)
          .containsSubsequence("started k", "PAUSED", "RUNNING", "CANCELLED")
          .containsSubsequence("started fails", "GAVE_UP a", "FAILED");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void hearEverythingBeforeTheEngineIsClosed(Place place) throws Exception {
    var gate = new CountDownLatch(1);
    var ended = new AtomicInteger();
    var slow =
        new RunListener() {
          @Override
          public void changed(RunId run, RunRow.State state) {
            awaitQuietly(gate);
            ended.incrementAndGet();
          }
        };
    try (var engine = place.open(directory)) {
      engine.listen(slow);
      for (int i = 0; i < 100; i++) {
        engine.start(retrying(0), "k" + i, Trail.EMPTY).await(LIMIT);
      }

      gate.countDown();
      engine.close(LIMIT);

      assertThat(ended).hasValue(100);
    }
  }

  private static void awaitQuietly(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void harmNothingWhenTheyThrowOrAreSlow(Place place) throws Exception {
    var never = new CountDownLatch(1);
    RunListener throwing =
        new RunListener() {
          @Override
          public void committed(HistoryRow row) {
            throw new IllegalStateException("listener");
          }
        };
    RunListener slow =
        new RunListener() {
          @Override
          public void started(RunRow run) {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    try (var engine = place.open(directory);
        var first = engine.listen(throwing);
        var second = engine.listen(slow);
        var third = engine.listen(recorder)) {
      assertThat(List.of(first, second, third)).hasSize(3);

      for (int i = 0; i < 20; i++) {
        var run = engine.start(retrying(0), "k" + i, Trail.EMPTY);
        run.await(LIMIT);
        assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      }

      Awaitility.await().until(() -> heard.contains("started k19"));
      never.countDown();
    }
  }
}
