package dev.pawl.testkit.conformance;

import dev.pawl.store.Commit;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Mail;
import dev.pawl.store.MessageRow;
import dev.pawl.store.OnceRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Settled;
import dev.pawl.store.WaitRow;
import dev.pawl.workflow.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A commit in the making.
final class CommitDraft {
  private final RunId run;
  private final List<HistoryRow> history = new ArrayList<>();
  private final List<WaitRow> waits = new ArrayList<>();
  private final List<String> over = new ArrayList<>();
  private final List<OnceRow> once = new ArrayList<>();
  private final List<OutboxRow> outbox = new ArrayList<>();
  private final List<Settled> settled = new ArrayList<>();
  private final List<MessageRow> received = new ArrayList<>();
  private final List<Long> used = new ArrayList<>();
  private Optional<RunRow> insert = Optional.empty();
  private Optional<RunRow.State> update = Optional.empty();
  private long expectedOwner;

  CommitDraft(RunId run) {
    this.run = run;
  }

  CommitDraft insert(RunRow row) {
    insert = Optional.of(row);
    return this;
  }

  CommitDraft row(HistoryRow row) {
    history.add(row);
    return this;
  }

  CommitDraft update(long owner, RunRow.State state) {
    expectedOwner = owner;
    update = Optional.of(state);
    return this;
  }

  CommitDraft wait(String branch, Instant until) {
    waits.add(new WaitRow(run, branch, 1, until));
    return this;
  }

  CommitDraft over(String branch) {
    over.add(branch);
    return this;
  }

  CommitDraft sends(OutboxRow row) {
    outbox.add(row);
    return this;
  }

  CommitDraft settles(Settled row) {
    settled.add(row);
    return this;
  }

  CommitDraft once(String branch, int visit, String name, Encoded value) {
    once.add(new OnceRow(run, branch, visit, name, value));
    return this;
  }

  CommitDraft received(MessageRow message) {
    received.add(message);
    return this;
  }

  CommitDraft used(long number) {
    used.add(number);
    return this;
  }

  Commit commit() {
    return new Commit(
        run,
        insert,
        history,
        update,
        expectedOwner,
        waits,
        over,
        once,
        outbox,
        settled,
        new Mail(received, used));
  }
}
