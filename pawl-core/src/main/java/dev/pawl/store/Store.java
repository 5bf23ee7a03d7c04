package dev.pawl.store;

import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where runs are kept. Thread-safe. Reads see what was committed before them. Every store passes
/// the conformance kit of `pawl-testkit`.
public interface Store extends AutoCloseable {
  /// Takes the right to write. All earlier writers are dead from then on: what they send is
  /// refused.
  ///
  /// @throws StoreException `LOCKED` if another engine holds the store and lives, `READ_ONLY`
  Writer writer();

  /// The run with this id.
  Optional<RunRow> run(RunId id);

  /// The run that holds this key, or else the newest that had it.
  Optional<RunRow> find(String workflow, String key);

  /// The run that this request started.
  Optional<RunRow> requested(String workflow, String request);

  /// Runs in the order of their ids, which is the order of their starts.
  ///
  /// @param after the id to go on after; empty for the first page
  /// @param limit how many at most
  List<RunRow> runs(Filter filter, Optional<RunId> after, int limit);

  /// How many runs there are by status.
  Map<RunStatus, Long> counts(Filter filter);

  /// Committed rows of a run, in order.
  ///
  /// @param after the sequence number to go on after; 0 for the first page
  /// @param limit how many at most
  List<HistoryRow> history(RunId run, long after, int limit);

  /// All that is needed to go on with a run: its row, its history from the newest row's floor on,
  /// its waits in the order of their branches, and its messages in the order of their numbers.
  Optional<Loaded> load(RunId run);

  /// As [#load(RunId)], for many runs; those that are not there are left out, and the order is the
  /// store's.
  List<Loaded> load(Collection<RunId> runs);

  /// As [#load(RunId)], for runs that a writer owns or owned (their `owner` is not 0), in the order
  /// of their ids: what has to be recovered.
  List<Loaded> owned(String workflow, Optional<RunId> after, int limit);

  /// The rows that ended the child branches `parent/visit.0`, `parent/visit.1` and so on: their
  /// sequence numbers by index of the child, 0 where a child has not ended. An ending row is a
  /// `LEFT` with an empty `next`, or a `GAVE_UP`.
  ///
  /// @param count how many children there are
  long[] ends(RunId run, String parent, int visit, int count);

  /// The row with this sequence number.
  Optional<HistoryRow> row(RunId run, long seq);

  /// Waits of open runs without an owner that are due at `until` or before: the earliest first,
  /// those of one time in the order of their runs and branches. None is given before its time,
  /// though a store may keep times to the microsecond only.
  ///
  /// @param after a wait that an earlier call gave; only those behind it are given
  List<WaitRow> due(Optional<WaitRow> after, Instant until, int limit);

  /// The results that a visit recorded.
  List<OnceRow> once(RunId run, String branch, int visit);

  /// Rows of the outbox that wait for their delivery, in the order of their numbers.
  ///
  /// @param hook those for the hook of this name; empty for the events
  /// @param after the number to go on after; 0 for the first page
  /// @param limit how many at most
  List<OutboxRow> outbox(Optional<String> hook, long after, int limit);

  /// Rows of the outbox for other runs, in the order of their numbers.
  ///
  /// @param after the number to go on after; 0 for the first page
  /// @param limit how many at most
  List<OutboxRow> outboxOfRuns(long after, int limit);

  /// Rows of the outbox that are no longer tried, in the order of their numbers.
  ///
  /// @param after the number to go on after; 0 for the first page
  /// @param limit how many at most
  List<OutboxRow> parked(long after, int limit);

  /// The log of events of this store; it ends with the store.
  EventLog log();

  /// Whether the run has accepted a message with this id.
  boolean accepted(RunId run, String message);

  /// The remembered shape of a definition.
  Optional<String> shape(String workflow, String version);

  /// Whether this writer gave the right back by closing, before another took it: what its engine
  /// was doing had come to an end, and was not cut by a death.
  boolean gaveBack(long writer);

  /// All schedules, in the order of their names.
  List<ScheduleRow> schedules();

  /// Closes the store and its writer.
  @Override
  void close();

  /// Which runs to list. Empty parts match all.
  ///
  /// @param workflow the name of the workflow
  /// @param version the version
  /// @param statuses the statuses
  /// @param parent the run that started it
  record Filter(
      Optional<String> workflow,
      Optional<String> version,
      List<RunStatus> statuses,
      Optional<RunId> parent) {
    /// Matches all runs.
    public static final Filter ALL = new Filter(Optional.empty(), Optional.empty(), List.of());

    /// Copies the list.
    public Filter {
      statuses = List.copyOf(statuses);
    }

    /// Matches whoever started them.
    public Filter(Optional<String> workflow, Optional<String> version, List<RunStatus> statuses) {
      this(workflow, version, statuses, Optional.empty());
    }

    /// The runs that a run has started.
    public static Filter childrenOf(RunId parent) {
      return new Filter(Optional.empty(), Optional.empty(), List.of(), Optional.of(parent));
    }
  }

  /// What is needed to go on with a run.
  ///
  /// @param run its row
  /// @param history its rows from the newest row's floor on
  /// @param waits its waits
  /// @param inbox messages that it has accepted and not used
  record Loaded(RunRow run, List<HistoryRow> history, List<WaitRow> waits, List<MessageRow> inbox) {
    /// Copies the lists.
    public Loaded {
      history = List.copyOf(history);
      waits = List.copyOf(waits);
      inbox = List.copyOf(inbox);
    }
  }
}
