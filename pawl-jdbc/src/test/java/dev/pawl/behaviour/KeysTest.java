package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.KeyTaken;
import dev.pawl.engine.StartOptions;
import dev.pawl.engine.StartOptions.Taken;
import dev.pawl.store.RunRow.Unique;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class KeysTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final CountDownLatch gate = new CountDownLatch(1);

  @TempDir private Path directory;
  private Workflow<Trail> workflow;

  /// States below zero wait for the gate.
  @BeforeEach
  void makeWorkflow() {
    var g = Workflow.graph("keys", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              if (state.count() < 0) {
                gate.await();
              }
              return state.mark("a");
            });
    g.start(a).path(a, g.end());
    workflow = g.build();
  }

  private static Trail waiting() {
    return Trail.EMPTY.plus(-1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refusesTheKeyOfAnOpenRunAndTakesThatOfAFinishedOne(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var first = engine.start(workflow, "k", waiting());

      assertThatThrownBy(() -> engine.start(workflow, "k", Trail.EMPTY))
          .isInstanceOfSatisfying(
              KeyTaken.class, e -> assertThat(e.holder()).isEqualTo(first.id()));
      gate.countDown();
      first.await(LIMIT);
      var second = engine.start(workflow, "k", Trail.EMPTY.plus(7));

      assertThat(second.await(LIMIT)).isEqualTo(Trail.EMPTY.plus(7).mark("a"));
      assertThat(second.history(0, 10)).hasSize(1);
      assertThat(first.state()).isEqualTo(waiting().mark("a"));
      assertThat(engine.find(workflow, "k").orElseThrow().id()).isEqualTo(second.id());
      assertThat(engine.find(workflow, first.id()).orElseThrow().key()).isEqualTo("k");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepsAKeyForEverWhereAsked(Place place) throws Exception {
    var ever = StartOptions.DEFAULT.unique(Unique.EVER);
    try (var engine = place.open(directory)) {
      engine.start(workflow, "k", Trail.EMPTY, ever).await(LIMIT);

      assertThatThrownBy(() -> engine.start(workflow, "k", Trail.EMPTY, ever))
          .isInstanceOf(KeyTaken.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void givesTheRunThatHasTheKeyWhereAsked(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var first = engine.start(workflow, "k", waiting());

      var second =
          engine.start(workflow, "k", Trail.EMPTY, StartOptions.DEFAULT.taken(Taken.ATTACH));

      assertThat(second.id()).isEqualTo(first.id());
      gate.countDown();
      assertThat(second.await(LIMIT)).isEqualTo(waiting().mark("a"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void replacesTheRunThatHasTheKeyWhereAsked(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var first = engine.start(workflow, "k", waiting());

      var second =
          engine.start(workflow, "k", Trail.EMPTY, StartOptions.DEFAULT.taken(Taken.REPLACE));

      assertThat(second.await(LIMIT)).isEqualTo(Trail.EMPTY.mark("a"));
      assertThat(first.status()).isEqualTo(RunStatus.CANCELLED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startsARequestOnce(Place place) throws Exception {
    var request = StartOptions.DEFAULT.request("r-1");
    try (var engine = place.open(directory)) {
      var first = engine.start(workflow, "k", Trail.EMPTY, request);
      first.await(LIMIT);

      var second = engine.start(workflow, "k", Trail.EMPTY, request);

      assertThat(second.id()).isEqualTo(first.id());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void letsManyRunsHaveAKeyThatNoneOfThemClaims(Place place) throws Exception {
    var unclaimed = StartOptions.DEFAULT.unique(Unique.NONE);
    try (var engine = place.open(directory)) {
      var first = engine.start(workflow, "k", waiting(), unclaimed);
      var second = engine.start(workflow, "k", Trail.EMPTY, unclaimed);

      assertThat(second.id()).isNotEqualTo(first.id());
      assertThat(engine.find(workflow, "k").orElseThrow().id()).isEqualTo(second.id());
      gate.countDown();
      first.await(LIMIT);
      second.await(LIMIT);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refusesAnEmptyKeyAndAnEmptyRequest(Place place) {
    try (var engine = place.open(directory)) {
      assertThatThrownBy(() -> engine.start(workflow, "", Trail.EMPTY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("key");
      assertThatThrownBy(() -> StartOptions.DEFAULT.request(""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("request");

      assertThat(engine.runs(Store.Filter.ALL, Optional.empty(), 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void letsOneOfManyStartsAtOnceHaveTheKey(Place place) throws Exception {
    var started = new AtomicInteger();
    var refused = new AtomicInteger();
    var together = new CyclicBarrier(16);
    try (var engine = place.open(directory)) {
      var threads =
          IntStream.range(0, 16)
              .mapToObj(i ->
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          together.await();
                          engine.start(workflow, "k", waiting());
                          started.incrementAndGet();
                        } catch (KeyTaken e) {
                          refused.incrementAndGet();
                        } catch (Exception e) {
                          throw new IllegalStateException(e);
                        }
                      }))
              .toList();
      for (var thread : threads) {
        thread.join();
      }

      assertThat(started).hasValue(1);
      assertThat(refused).hasValue(15);
      gate.countDown();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void comparesKeysExactly(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var keys = List.of("a b", "a_b", "A B", "a,b", "a%", "ä", "a b ");

      for (var key : keys) {
        engine.start(workflow, key, waiting());
      }

      for (var key : keys) {
        assertThat(engine.find(workflow, key).orElseThrow().key()).isEqualTo(key);
      }
      assertThat(engine.find(workflow, "a")).isEmpty();
      gate.countDown();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void comparesNamesOfWorkflowsExactly(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var names = List.of("a b", "a_b", "A B", "a-b");

      for (var name : names) {
        engine.start(marking(name), "k", Trail.EMPTY).await(LIMIT);
      }

      for (var name : names) {
        assertThat(engine.find(marking(name), "k").orElseThrow().state().marks())
            .containsExactly(name);
      }
    }
  }

  private static Workflow<Trail> marking(String name) {
    var g = Workflow.graph(name, Trail.class);
    var a = g.step("a", state -> state.mark(name));
    g.start(a).path(a, g.end());
    return g.build();
  }
}
