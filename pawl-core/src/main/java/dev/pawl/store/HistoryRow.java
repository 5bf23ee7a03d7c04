package dev.pawl.store;

import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One committed transition of a run. The key is run and sequence number.
///
/// @param run the run
/// @param seq its sequence number, from 1 on, without gaps
/// @param kind what happened
/// @param branch the branch it happened to; the root's name is empty
/// @param visit which visit of that branch
/// @param node the node's name; nodes of called workflows carry the caller's name and a slash first
/// @param attempt which attempt of the visit
/// @param port what the way out is called; of an `OPENED` row the number of children, of a
///   `GAVE_UP` or `SPENT` row the node that failed, of a `PAUSED`, `CANCELLED` or `ABANDONED` row
///   the reason, of an attempt that is to undo a visit `undo` and the row that ended it
/// @param next where the branch stands now: the name of a node, or of several parted by `|` after a
///   fork, the join first; empty at an end
/// @param state the state after it, or for a finished item its result, or what a signal carries
/// @param error type and message of the error, if there was one
/// @param due when the next attempt is due
/// @param at when it was decided
/// @param took how long the attempt took
/// @param floor the oldest sequence number that is still needed to go on from here
/// @param steps how many visits the run has made
/// @param branches how many branches the run has started
/// @param message the sender's id of the signal that the row is about
public record HistoryRow(
    RunId run,
    long seq,
    Kind kind,
    String branch,
    int visit,
    String node,
    int attempt,
    String port,
    String next,
    Optional<Encoded> state,
    Optional<String> error,
    Optional<Instant> due,
    Instant at,
    Duration took,
    long floor,
    int steps,
    int branches,
    Optional<String> message) {
  /// What happened. The order is part of the stored form: add at the end.
  public enum Kind {
    /// A visit ended and the branch left its node.
    LEFT,
    /// A call or a map began; `port` says with how many children.
    OPENED,
    /// An attempt failed and another is due.
    RETRY,
    /// A visit gave up, and with it the branch.
    GAVE_UP,
    /// An attempt that a crash may have cut is about to run again.
    AGAIN,
    /// Somebody paused the run, or it paused itself.
    PAUSED,
    /// Somebody resumed the run.
    RESUMED,
    /// Somebody asked for the run to be cancelled.
    CANCELLED,
    /// The states of the branches were merged before a node that is no step.
    MERGED,
    /// The run spent its budget.
    SPENT,
    /// A signal has met the wait of a branch; `port` names it, `state` is what it carries.
    RECEIVED,
    /// A signal was handled, and the branch stays in its visit with another state; `port` names it,
    /// and is empty for what a node does before it waits.
    STAYED,
    /// A visit that had ended was undone; `port` is the sequence number of the row that ended it.
    UNDONE,
    /// Somebody asked for the run to be cancelled without undoing anything.
    ABANDONED,
    /// A visit ended well although its branch had been cancelled meanwhile; nothing follows it.
    FINISHED,
    /// The run lasted longer than its workflow allows; `error` names the limit.
    EXPIRED,
    /// A signal was dropped, because no branch stood where it is waited for; `port` names it,
    /// `node` is where the run stood.
    DROPPED
  }
}
