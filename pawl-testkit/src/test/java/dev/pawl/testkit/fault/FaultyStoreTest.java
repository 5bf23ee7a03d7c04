package dev.pawl.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.store.Commit;
import dev.pawl.store.Encoded;
import dev.pawl.store.Mail;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import dev.pawl.store.Writer;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class FaultyStoreTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final FaultyStore store = FaultyStore.over(new MemoryStore());
  private final Writer writer = store.writer();

  private static RunId id(int number) {
    return RunId.of(NOW.toEpochMilli(), number, number);
  }

  /// The start of a run.
  private static List<Commit> start(int number) {
    var input = new Encoded.Bytes("1".getBytes(StandardCharsets.UTF_8));
    var state = new RunRow.State(RunStatus.RUNNING, Optional.empty(), "", 0, 0, NOW);
    var row =
        new RunRow(
            id(number),
            "orders",
            "1",
            "key " + number,
            RunRow.Unique.OPEN,
            Optional.empty(),
            Map.of(),
            input,
            NOW,
            Optional.empty(),
            state);
    return List.of(
        new Commit(
            id(number),
            Optional.of(row),
            List.of(),
            Optional.empty(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Mail.NONE));
  }

  private void isRefused(Kind kind, Writer asked, long batch, int run) {
    assertThatThrownBy(() -> asked.commit(batch, start(run)))
        .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void writesNothingOfABatchThatFailsUntilItIsSentAgain() {
    store.on(2).fail(2);
    writer.commit(1, start(1));

    isRefused(Kind.UNAVAILABLE, writer, 2, 2);
    isRefused(Kind.UNAVAILABLE, writer, 2, 2);
    assertThat(store.run(id(2))).isEmpty();
    var rejections = writer.commit(2, start(2));

    assertThat(rejections).isEmpty();
    assertThat(store.run(id(2))).isPresent();
    assertThat(store.batches()).isEqualTo(2);
    assertThat(store.injected())
        .extracting(Injected::batch, Injected::fault)
        .containsExactly(tuple(2L, Fault.FAILED), tuple(2L, Fault.FAILED));
    assertThat(store.injected().getFirst()).hasToString("batch 2 [" + id(2) + "]: FAILED");
  }

  @Test
  void writesABatchWhoseAnswerIsLostAndAnswersItWhenItIsSentAgain() {
    store.on(1).loseAnswer();

    isRefused(Kind.UNAVAILABLE, writer, 1, 1);
    assertThat(store.run(id(1))).isPresent();
    var rejections = writer.commit(1, start(1));

    assertThat(rejections).isEmpty();
    assertThat(store.injected()).extracting(Injected::fault).containsExactly(Fault.ANSWER_LOST);
  }

  @ParameterizedTest
  @EnumSource(names = {"FULL", "READ_ONLY", "UNAVAILABLE"})
  void refusesAllThatWritesUntilItIsMended(Kind kind) {
    store.when(FaultyStore.of(id(2))).refuse(kind);
    writer.commit(1, start(1));

    isRefused(kind, writer, 2, 2);
    isRefused(kind, writer, 3, 3);
    assertThatThrownBy(() -> writer.putShape("orders", "1", "x"))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(store::writer).isInstanceOf(StoreException.class);
    assertThat(store.runs(Store.Filter.ALL, Optional.empty(), 10)).hasSize(1);
    store.mend();

    store.writer().commit(1, start(3));
    assertThat(store.run(id(3))).isPresent();
  }

  @Test
  void fencesTheWriterThatSentTheBatchAndNoOther() {
    store.on(1).refuse(Kind.FENCED);

    isRefused(Kind.FENCED, writer, 1, 1);
    store.mend();
    isRefused(Kind.FENCED, writer, 2, 1);
    var next = store.writer();

    assertThat(next.commit(1, start(1))).isEmpty();
  }

  @Test
  void refusesAKindThatNoBatchIsAnsweredBy() {
    assertThatThrownBy(() -> store.on(1).refuse(Kind.LOCKED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LOCKED");
  }

  @Test
  void holdsABatchUntilItsGateIsOpened() throws Exception {
    Thread thread;
    try (var gate = store.on(1).hold()) {
      thread = Thread.ofVirtual().start(() -> writer.commit(1, start(1)));

      gate.awaitReached(LIMIT);
      assertThat(store.run(id(1))).isEmpty();
    }
    thread.join();

    assertThat(store.run(id(1))).isPresent();
    assertThat(store.injected()).extracting(Injected::fault).containsExactly(Fault.HELD);
  }

  @Test
  void saysThatNoBatchCameToAGate() {
    try (var gate = store.on(1).hold()) {
      assertThatThrownBy(() -> gate.awaitReached(Duration.ofMillis(1)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("no batch");
    }
  }

  @Test
  void drawsTheSameBatchesFromTheSameSeed() {
    store.share(0.3, 7).loseAnswer();
    var other = FaultyStore.over(new MemoryStore()).on(2).fail().share(0.3, 7).loseAnswer();

    var drawn = lost(store, writer);
    var drawnAgain = lost(other, other.writer());

    assertThat(drawn).hasSizeBetween(10, 50);
    assertThat(drawnAgain).isEqualTo(drawn.stream().filter(number -> number != 2).toList());
  }

  /// The numbers of those of a hundred batches whose answers are lost.
  private static List<Long> lost(FaultyStore store, Writer writer) {
    for (int i = 1; i <= 100; i++) {
      try {
        writer.commit(i, start(i));
      } catch (StoreException e) {
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        writer.commit(i, start(i));
      }
    }
    return store.injected().stream()
        .filter(injected -> injected.fault() == Fault.ANSWER_LOST)
        .map(Injected::batch)
        .toList();
  }

  @Test
  void worksBelowAnEngineInVirtualTime() throws Exception {
    var g = Workflow.graph("count", Integer.class);
    var a = g.step("a", count -> count + 1);
    var b = g.step("b", (count, ctx) -> count + ctx.once("two", Integer.class, () -> 2));
    g.start(a).path(a, b, g.end());
    var workflow = g.build();
    store.when(FaultyStore.leaves("a")).fail(3).when(FaultyStore.records("b", "two")).loseAnswer();
    try (var engine = TestEngine.builder(workflow).store(() -> store).start()) {

      var run = engine.start(workflow, "k", 0);

      assertThat(run.await(LIMIT)).isEqualTo(3);
      assertThat(store.injected())
          .extracting(Injected::fault)
          .containsExactly(Fault.FAILED, Fault.FAILED, Fault.FAILED, Fault.ANSWER_LOST);
    }
  }
}
