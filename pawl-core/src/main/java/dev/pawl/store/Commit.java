package dev.pawl.store;

import dev.pawl.workflow.RunId;
import java.util.List;
import java.util.Optional;

/// What one transition of one run writes. It is written whole or not at all.
///
/// @param run the run
/// @param insert the run, when it starts
/// @param history rows to add
/// @param update the new changing part of the run, if it changes; never together with `insert`
/// @param expectedOwner with `update`: the owner that the run must have, or the commit is rejected;
///   0 for none
/// @param waits waits to add, or to replace
/// @param over branches whose waits are deleted
/// @param once recorded results to add
/// @param outbox what the run sends out
/// @param settled what became of rows of the outbox
/// @param mail messages that the run accepts and uses
public record Commit(
    RunId run,
    Optional<RunRow> insert,
    List<HistoryRow> history,
    Optional<RunRow.State> update,
    long expectedOwner,
    List<WaitRow> waits,
    List<String> over,
    List<OnceRow> once,
    List<OutboxRow> outbox,
    List<Settled> settled,
    Mail mail) {
  /// Copies the lists.
  public Commit {
    history = List.copyOf(history);
    waits = List.copyOf(waits);
    over = List.copyOf(over);
    once = List.copyOf(once);
    outbox = List.copyOf(outbox);
    settled = List.copyOf(settled);
  }

  /// Why a commit was not written, while the rest of its batch was.
  ///
  /// @param index its place in the batch
  /// @param reason why
  public record Rejection(int index, Reason reason) {}

  /// Why a commit was not written.
  public enum Reason {
    /// Another run holds the key, or was started by the same request.
    KEY_TAKEN,
    /// The run has moved on: a sequence number is taken, or another writer owns the run.
    STALE,
    /// There is no such run.
    UNKNOWN_RUN,
    /// A row is larger than the store takes.
    TOO_LARGE
  }
}
