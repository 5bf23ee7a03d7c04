package dev.pawl.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was decided, as it is recorded: one row of a run's history.
///
/// @param seq its sequence number
/// @param kind what happened
/// @param branch the branch it happened to
/// @param visit the visit
/// @param node the node; -1 for what concerns the whole run
/// @param attempt the attempt
/// @param port what the way out is called; for [Kind#OPENED] the number of children, for pauses and
///   cancellations the reason, for [Kind#SPENT] the limit, for [Kind#RECEIVED], [Kind#STAYED] and
///   [Kind#DROPPED] the signal, for [Kind#UNDONE] the row that ended what was undone
/// @param next where the branch stands now; for a fork the join, then the first nodes; empty at an
///   end
/// @param state the state after it, or what a signal carries, opaque here
/// @param failure what failed, if something did
/// @param due when the next attempt is due
/// @param at when it was decided
/// @param took how long the attempt took
/// @param steps the run's visits so far
/// @param branches the run's branches so far
/// @param message the sender's id of the signal that it is about
public record Fact(
    long seq,
    Kind kind,
    String branch,
    int visit,
    int node,
    int attempt,
    String port,
    List<Integer> next,
    @Nullable Object state,
    @Nullable Failure failure,
    @Nullable Instant due,
    Instant at,
    Duration took,
    int steps,
    int branches,
    Optional<String> message) {
  /// What happened.
  public enum Kind {
    /// A visit ended and the branch left its node.
    LEFT,
    /// A call or a map began.
    OPENED,
    /// An attempt failed and another is due.
    RETRY,
    /// A visit gave up, and with it the branch.
    GAVE_UP,
    /// An attempt that a crash may have cut is about to run again.
    AGAIN,
    /// The run was paused.
    PAUSED,
    /// The run was resumed.
    RESUMED,
    /// The run is to be cancelled.
    CANCELLED,
    /// The states of the children were merged before a node that is no step.
    MERGED,
    /// The run spent its budget.
    SPENT,
    /// A signal met the wait of a branch.
    RECEIVED,
    /// A signal was handled, and the branch stays in its visit.
    STAYED,
    /// A finished visit was undone.
    UNDONE,
    /// The run is to be cancelled, and nothing is undone.
    ABANDONED,
    /// A visit ended well although its branch had been cancelled.
    FINISHED,
    /// The run lasted longer than it may.
    EXPIRED,
    /// A signal was dropped: no branch stood where it is waited for.
    DROPPED
  }
}
