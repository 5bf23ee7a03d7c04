package dev.pawl.engine;

import dev.pawl.run.Branch;
import dev.pawl.run.RunState;
import dev.pawl.store.HistoryRow;
import dev.pawl.workflow.RunStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What came of a signal that a run has accepted: found in its history, which outlives whoever was
/// told first. Belongs to one thread.
final class Answer<S> {
  private static final int PAGE = 500;
  private final RunHandle<S> handle;
  private final Predicate<HistoryRow> isReceipt;
  private long seen;
  private @Nullable HistoryRow received;
  private @Nullable HistoryRow handled;

  private Answer(RunHandle<S> handle, long seen, Predicate<HistoryRow> isReceipt) {
    this.handle = handle;
    this.seen = seen;
    this.isReceipt = isReceipt;
  }

  /// What comes of the signal that a branch took by a row.
  static <S> Answer<S> at(RunHandle<S> handle, long seq) {
    return new Answer<>(handle, seq - 1, row -> row.seq() == seq);
  }

  /// What comes of the signal that its sender gave an id.
  static <S> Answer<S> to(RunHandle<S> handle, String id) {
    return new Answer<>(handle, 0, row -> row.message().filter(id::equals).isPresent());
  }

  /// Whether the signal has been handled.
  ///
  /// @throws SignalRefused if it was dropped
  /// @throws RunFailed if the run fails because it was not
  /// @throws BranchFailed if its branch has ended without, and the run goes on
  /// @throws IllegalStatus if the run is over, or goes to its end, without
  boolean isThere() {
    var end = handle.end();
    var durable = handle.durable();
    read(durable == null ? Long.MAX_VALUE : durable.seq());
    if (handled != null) {
      check(handled, durable);
      return true;
    }
    if (end.isPresent()) {
      throw new IllegalStatus(handle.key(), end.get(), "updated");
    }
    if (received != null && durable != null && isGone(durable, received)) {
      throw new BranchFailed(received.node(), received.attempt(), "its branch was cancelled");
    }
    return false;
  }

  /// Reads on, no further than memory knows of, so that both say the same.
  private void read(long last) {
    for (boolean more = true; more && handled == null && seen < last; ) {
      var rows = handle.history(seen, PAGE);
      more = rows.size() == PAGE;
      for (var row : rows) {
        if (row.seq() <= last && handled == null) {
          read(row);
        }
      }
    }
  }

  private void read(HistoryRow row) {
    seen = row.seq();
    if (isReceipt.test(row)) {
      if (row.kind() == HistoryRow.Kind.DROPPED) {
        throw new SignalRefused(handle.key(), row.node(), row.port());
      }
      received = row;
    } else if (received != null && isEnd(row, received)) {
      handled = row;
    }
  }

  private static boolean isEnd(HistoryRow row, HistoryRow received) {
    return row.branch().equals(received.branch())
        && switch (row.kind()) {
          case LEFT, STAYED, GAVE_UP, SPENT -> true;
          default -> false;
        };
  }

  private static boolean isGone(RunState run, HistoryRow received) {
    var branch = run.branches().get(received.branch());
    boolean isOpen = run.goal() == null && run.end() < 0;
    return isOpen
        && (branch == null
            || branch.visit() != received.visit()
            || branch.phase() == Branch.Phase.DRAINING);
  }

  /// @param run as memory has it; null if it is not there
  private void check(HistoryRow end, @Nullable RunState run) {
    if (end.kind() != HistoryRow.Kind.GAVE_UP && end.kind() != HistoryRow.Kind.SPENT) {
      return;
    }
    boolean fails =
        run == null
            ? handle.end().filter(status -> status == RunStatus.FAILED).isPresent()
            : run.goal() != null;
    var error = end.error().orElse("");
    throw fails
        ? new RunFailed(handle.key(), end.port(), end.attempt(), new RecordedError(error))
        : new BranchFailed(end.port(), end.attempt(), error);
  }

  /// The state of the root then.
  @SuppressWarnings("unchecked")
  S state() {
    var last = Objects.requireNonNull(handled);
    var newest = last.branch().isEmpty() ? Optional.of(last) : newestOfRoot(last);
    return newest.map(handle::stateOf).orElseGet(() -> (S) handle.input().get());
  }

  /// The row that the state of a root comes from which is live at `last`; empty for the input.
  private Optional<HistoryRow> newestOfRoot(HistoryRow last) {
    var newest = Optional.<HistoryRow>empty();
    for (long from = Math.max(0, last.floor() - 1); from < last.seq(); ) {
      for (var row : handle.history(from, PAGE)) {
        from = row.seq();
        newest = from <= last.seq() && RunHandle.changesRoot(row) ? Optional.of(row) : newest;
      }
    }
    return newest;
  }
}
