package dev.pawl.testkit.conformance;

import dev.pawl.store.Commit;
import dev.pawl.store.Commit.Rejection;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.RunRow.Unique;
import dev.pawl.store.Store;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A store with its writer, and rows to put into it. Runs have numbers, which order their ids.
final class StoreFixture implements AutoCloseable {
  static final String WORKFLOW = "orders";

  /// Microseconds are what a store keeps.
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00.123456Z");

  private final Store store;
  private Writer writer;
  private long batch;

  StoreFixture(Store store) {
    this.store = store;
    this.writer = store.writer();
  }

  Store store() {
    return store;
  }

  Writer writer() {
    return writer;
  }

  /// Goes on with another writer.
  void replace(Writer other) {
    writer = other;
    batch = 0;
  }

  /// Writes the next batch.
  List<Rejection> write(Commit... commits) {
    return writer.commit(++batch, List.of(commits));
  }

  /// Writes the last batch again, as after a lost answer.
  List<Rejection> writeAgain(Commit... commits) {
    return writer.commit(batch, List.of(commits));
  }

  static RunId id(int number) {
    return RunId.of(NOW.toEpochMilli(), number, number);
  }

  /// An open run of [#WORKFLOW], owned by the writer, with a key of its own.
  RunRow run(int number) {
    return run(number, "key-" + number, Unique.OPEN);
  }

  RunRow run(int number, String key, Unique unique) {
    return run(number, WORKFLOW, key, unique, Optional.empty());
  }

  RunRow run(int number, String workflow, String key, Unique unique, Optional<String> request) {
    return new RunRow(
        id(number),
        workflow,
        "1",
        key,
        unique,
        request,
        Map.of(),
        bytes("input " + number),
        NOW,
        Optional.empty(),
        owned());
  }

  /// An open run that another has started.
  RunRow child(int number, RunRow.Parent parent) {
    var run = run(number);
    return new RunRow(
        run.id(),
        run.workflow(),
        run.version(),
        run.key(),
        run.unique(),
        run.request(),
        run.headers(),
        run.input(),
        run.created(),
        Optional.of(parent),
        run.state());
  }

  /// The state of a run that is running, and is the writer's.
  RunRow.State owned() {
    return state(RunStatus.RUNNING, writer.id());
  }

  /// The state of a run that waits, and is nobody's.
  static RunRow.State parked() {
    return state(RunStatus.WAITING, 0);
  }

  static RunRow.State completed() {
    return state(RunStatus.COMPLETED, 0);
  }

  static RunRow.State state(RunStatus status, long owner) {
    return new RunRow.State(status, Optional.empty(), "", owner, 0, NOW);
  }

  static CommitDraft start(RunRow row) {
    return new CommitDraft(row.id()).insert(row);
  }

  static CommitDraft goOn(int number) {
    return new CommitDraft(id(number));
  }

  /// A row of a visit that ended.
  static HistoryRow row(int number, long seq) {
    return row(number, seq, HistoryRow.Kind.LEFT, "", "next", seq);
  }

  static HistoryRow row(int number, long seq, Encoded state) {
    return row(number, seq, HistoryRow.Kind.LEFT, "", "next", seq, state);
  }

  static HistoryRow row(
      int number, long seq, HistoryRow.Kind kind, String branch, String next, long floor) {
    return row(number, seq, kind, branch, next, floor, bytes("state " + seq));
  }

  private static HistoryRow row(
      int number,
      long seq,
      HistoryRow.Kind kind,
      String branch,
      String next,
      long floor,
      Encoded state) {
    return new HistoryRow(
        id(number),
        seq,
        kind,
        branch,
        1,
        "node",
        1,
        "port",
        next,
        Optional.of(state),
        Optional.empty(),
        Optional.empty(),
        NOW,
        Duration.ofMillis(3),
        floor,
        (int) seq,
        1,
        Optional.empty());
  }

  static Encoded bytes(String text) {
    return new Encoded.Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    store.close();
  }
}
