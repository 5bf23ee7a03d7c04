package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.bytes;
import static dev.pawl.testkit.conformance.StoreFixture.goOn;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.parked;
import static dev.pawl.testkit.conformance.StoreFixture.row;
import static dev.pawl.testkit.conformance.StoreFixture.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.Commit.Reason;
import dev.pawl.store.Commit.Rejection;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.OnceRow;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.RunStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What is written, and what is refused.
interface CommitCases {
  /// The store of this test.
  StoreFixture fixture();

  @Test
  default void givesBackARunAsItWasWritten() {
    var state =
        new RunRow.State(
            RunStatus.PAUSED, Optional.of(RunStatus.CANCELLED), "wartet auf 結果 👍", 7, 3, NOW);
    var run =
        new RunRow(
            id(1),
            "Aufträge",
            "2",
            "key\twith\nlines\\n and 🔑",
            RunRow.Unique.EVER,
            Optional.of("request 1"),
            Map.of("tenant", "ä\tb\nc\\d\r", "", "empty name"),
            bytes("{\"input\":\"\\u0000\"}"),
            NOW,
            Optional.empty(),
            state);

    fixture().write(start(run).commit());

    assertThat(fixture().store().run(id(1)).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(run);
  }

  @Test
  default void givesBackHistoryAsItWasWritten() {
    var full =
        new HistoryRow(
            id(1),
            1,
            HistoryRow.Kind.RETRY,
            "/1.0/2.1",
            3,
            "outer/inner",
            4,
            "port",
            "join|a|b",
            Optional.of(bytes("ünïcödé")),
            Optional.of("java.io.IOException: zu spät 😀"),
            Optional.of(NOW.plusSeconds(5)),
            NOW,
            Duration.ofNanos(1_234_567_000),
            1,
            17,
            5,
            Optional.of("sender's id"));
    var patch =
        new HistoryRow(
            id(1),
            2,
            HistoryRow.Kind.LEFT,
            "",
            1,
            "node",
            1,
            "",
            "",
            Optional.of(new Encoded.Patch(1, new byte[] {0, -1, 127})),
            Optional.empty(),
            Optional.empty(),
            NOW,
            Duration.ZERO,
            1,
            18,
            5,
            Optional.empty());
    var bare =
        new HistoryRow(
            id(1),
            3,
            HistoryRow.Kind.CANCELLED,
            "",
            0,
            "",
            0,
            "asked for",
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            NOW,
            Duration.ZERO,
            1,
            18,
            5,
            Optional.empty());

    fixture().write(start(fixture().run(1)).row(full).row(patch).row(bare).commit());

    assertThat(fixture().store().history(id(1), 0, 10))
        .usingRecursiveComparison()
        .isEqualTo(List.of(full, patch, bare));
    assertThat(fixture().store().row(id(1), 2).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(patch);
  }

  @Test
  default void keepsAStateOfOneMebibyte() {
    var large = new byte[1 << 20];
    new Random(1).nextBytes(large);
    var row = row(1, 1, new Encoded.Bytes(large));

    fixture()
        .write(
            start(fixture().run(1))
                .row(row)
                .once("", 1, "result", new Encoded.Bytes(large))
                .commit());

    var read = fixture().store().row(id(1), 1).orElseThrow().state().orElseThrow();
    assertThat(((Encoded.Bytes) read).bytes()).isEqualTo(large);
    var once = fixture().store().once(id(1), "", 1).getFirst().value();
    assertThat(((Encoded.Bytes) once).bytes()).isEqualTo(large);
  }

  @Test
  default void writesTheCommitsOfABatchInOrder() {
    var rejections =
        fixture()
            .write(
                start(fixture().run(1)).commit(),
                goOn(1).row(row(1, 1)).commit(),
                goOn(1).row(row(1, 2)).row(row(1, 3)).commit());

    assertThat(rejections).isEmpty();
    assertThat(fixture().store().history(id(1), 0, 10))
        .extracting(HistoryRow::seq)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  default void leavesARejectedCommitOutWholeAndWritesTheRestOfTheBatch() {
    fixture()
        .write(start(fixture().run(1)).row(row(1, 1)).commit(), start(fixture().run(2)).commit());
    var before = fixture().store().load(id(1)).orElseThrow();
    var me = fixture().writer().id();

    var rejections =
        fixture()
            .write(
                goOn(2).row(row(2, 1)).commit(),
                goOn(1)
                    .update(me, parked())
                    .row(row(1, 1))
                    .wait("", NOW)
                    .once("", 1, "result", bytes("42"))
                    .commit(),
                goOn(2).row(row(2, 2)).commit());

    assertThat(rejections).containsExactly(new Rejection(1, Reason.STALE));
    assertThat(fixture().store().load(id(1)).orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(before);
    assertThat(fixture().store().once(id(1), "", 1)).isEmpty();
    assertThat(fixture().store().due(Optional.empty(), NOW, 10)).isEmpty();
    assertThat(fixture().store().history(id(2), 0, 10)).hasSize(2);
  }

  @Test
  default void leavesOutEachOfManyRejectedCommits() {
    fixture().write(start(fixture().run(1)).row(row(1, 1)).commit());
    var stale = goOn(1).update(fixture().writer().id(), fixture().owned()).row(row(1, 1)).commit();

    var rejections =
        fixture()
            .write(
                stale,
                start(fixture().run(2)).commit(),
                stale,
                stale,
                start(fixture().run(3)).commit(),
                goOn(9).row(row(9, 1)).commit());

    assertThat(rejections)
        .containsExactly(
            new Rejection(0, Reason.STALE),
            new Rejection(2, Reason.STALE),
            new Rejection(3, Reason.STALE),
            new Rejection(5, Reason.UNKNOWN_RUN));
    assertThat(fixture().store().run(id(2))).isPresent();
    assertThat(fixture().store().run(id(3))).isPresent();
  }

  @Test
  default void countsABatchOfWhichAllIsRejected() {
    var rejections = fixture().write(goOn(1).row(row(1, 1)).commit());
    var next = fixture().write(start(fixture().run(1)).commit());

    assertThat(rejections).containsExactly(new Rejection(0, Reason.UNKNOWN_RUN));
    assertThat(next).isEmpty();
  }

  @Test
  default void rejectsWhateverIsWrittenOfAnUnknownRun() {
    var rejections =
        fixture()
            .write(
                goOn(1).row(row(1, 1)).commit(),
                goOn(2).update(0, fixture().owned()).commit(),
                goOn(3).once("", 1, "result", bytes("42")).commit(),
                goOn(4).wait("", NOW).commit());

    assertThat(rejections)
        .containsExactly(
            new Rejection(0, Reason.UNKNOWN_RUN),
            new Rejection(1, Reason.UNKNOWN_RUN),
            new Rejection(2, Reason.UNKNOWN_RUN),
            new Rejection(3, Reason.UNKNOWN_RUN));
  }

  @Test
  default void rejectsTheStartOfARunThatIsKnown() {
    fixture().write(start(fixture().run(1)).commit());

    var rejections = fixture().write(start(fixture().run(1, "other", RunRow.Unique.NONE)).commit());

    assertThat(rejections).containsExactly(new Rejection(0, Reason.STALE));
    assertThat(fixture().store().run(id(1)).orElseThrow().key()).isEqualTo("key-1");
  }

  @Test
  default void letsOneOfTwoClaimARunThatIsNobodys() {
    fixture().write(start(fixture().run(1)).commit());
    var me = fixture().writer().id();
    fixture().write(goOn(1).update(me, parked()).commit());

    var rejections =
        fixture()
            .write(
                goOn(1).update(0, fixture().owned()).commit(),
                goOn(1).update(0, fixture().owned()).commit());

    assertThat(rejections).containsExactly(new Rejection(1, Reason.STALE));
    assertThat(fixture().store().run(id(1)).orElseThrow().state().owner()).isEqualTo(me);
  }

  @Test
  default void rejectsTheUpdateOfARunThatHasAnotherOwner() {
    fixture().write(start(fixture().run(1)).commit());
    var before = fixture().store().run(id(1)).orElseThrow().state();

    var rejections = fixture().write(goOn(1).update(before.owner() + 1, parked()).commit());

    assertThat(rejections).containsExactly(new Rejection(0, Reason.STALE));
    assertThat(fixture().store().run(id(1)).orElseThrow().state()).isEqualTo(before);
  }

  @Test
  default void keepsTheFirstResultThatIsRecordedUnderAName() {
    fixture()
        .write(
            start(fixture().run(1)).once("", 1, "a", bytes("first")).commit(),
            goOn(1).once("", 1, "a", bytes("second")).once("", 1, "b", bytes("other")).commit(),
            goOn(1).once("", 2, "a", bytes("another visit")).commit(),
            goOn(1).once("/1.0", 1, "a", bytes("another branch")).commit());

    assertThat(fixture().store().once(id(1), "", 1))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyInAnyOrder(
            new OnceRow(id(1), "", 1, "a", bytes("first")),
            new OnceRow(id(1), "", 1, "b", bytes("other")));
    assertThat(fixture().store().once(id(1), "", 2)).hasSize(1);
  }

  @Test
  default void answersTheSameBatchAgainWithoutWritingItTwice() {
    var good = start(fixture().run(1)).row(row(1, 1)).once("", 1, "a", bytes("first")).commit();
    var stale = goOn(1).row(row(1, 1)).commit();
    var taken = start(fixture().run(2, "key-1", RunRow.Unique.OPEN)).commit();

    var answer = fixture().write(good, stale, taken);
    var again = fixture().writeAgain(good, stale, taken);
    var next = fixture().write(goOn(1).row(row(1, 2)).commit());

    assertThat(answer)
        .containsExactly(new Rejection(1, Reason.STALE), new Rejection(2, Reason.KEY_TAKEN));
    assertThat(again).isEqualTo(answer);
    assertThat(next).isEmpty();
    assertThat(fixture().store().history(id(1), 0, 10)).hasSize(2);
  }

  @Test
  default void takesAnEmptyBatch() {
    assertThat(fixture().write()).isEmpty();
    assertThat(fixture().write(start(fixture().run(1)).commit())).isEmpty();
  }

  @Test
  default void neverShowsAPartOfACommit() {
    var text = "x".repeat(200).getBytes(StandardCharsets.UTF_8);
    fixture().write(start(fixture().run(1)).row(row(1, 1)).commit());
    var me = fixture().writer().id();
    var torn = new AtomicReference<Object>();
    var stop = new AtomicBoolean();
    var reader =
        Thread.ofVirtual()
            .start(() -> {
              while (!stop.get()) {
                var loaded = fixture().store().load(id(1)).orElseThrow();
                long last = loaded.history().isEmpty() ? 1 : loaded.history().getLast().seq();
                if (loaded.run().state().inbox() != last - 1) {
                  torn.set(loaded);
                }
              }
            });

    for (int seq = 2; seq < 300; seq++) {
      var state = new RunRow.State(RunStatus.RUNNING, Optional.empty(), "", me, seq - 1L, NOW);
      var commit =
          goOn(1).update(me, state).row(row(1, seq)).once("", seq, "a", new Encoded.Bytes(text));
      assertThat(fixture().write(commit.commit())).isEmpty();
    }

    stop.set(true);
    assertThat(reader).satisfies(Thread::join);
    assertThat(torn.get()).isNull();
  }
}
