package dev.pawl.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happens to a run. Those that name a visit and an attempt are dropped when the branch has
/// moved on.
public sealed interface Event {
  /// What an attempt came to.
  sealed interface OfAttempt extends Event {
    /// The branch.
    String branch();

    /// The visit.
    int visit();

    /// The attempt.
    int attempt();
  }

  /// An attempt begins.
  record Begun(String branch, int visit, int attempt) implements OfAttempt {}

  /// An attempt begins that a crash may have cut before.
  record Again(String branch, int visit, int attempt, Instant at) implements OfAttempt {}

  /// An attempt ended, and the branch leaves by a port; -1 forks, or ends the workflow.
  record Left(
      String branch,
      int visit,
      int attempt,
      int port,
      Object state,
      @Nullable Failure failure,
      Instant at,
      Duration took)
      implements OfAttempt {}

  /// An attempt found out how many children a call or map has; for a call, `state` is the child's.
  record Opened(
      String branch, int visit, int attempt, int children, @Nullable Object state, Instant at)
      implements OfAttempt {}

  /// An attempt merged the children's states before a node that is no step.
  record Merged(String branch, int visit, int attempt, Object state, Instant at)
      implements OfAttempt {}

  /// An attempt found out when a delay ends.
  record Delayed(String branch, int visit, int attempt, Instant until) implements OfAttempt {}

  /// An attempt found out which messages a wait for signals is for, and when its earliest timer
  /// runs out.
  record Listens(
      String branch,
      int visit,
      int attempt,
      List<Optional<String>> correlations,
      @Nullable Instant until,
      Instant at)
      implements OfAttempt {}

  /// An attempt handled a signal, and the branch stays in its visit.
  record Stayed(String branch, int visit, int attempt, Object state, Instant at, Duration took)
      implements OfAttempt {}

  /// An attempt failed and is to be repeated.
  record Retry(
      String branch,
      int visit,
      int attempt,
      Failure failure,
      Instant due,
      Instant at,
      Duration took)
      implements OfAttempt {}

  /// An attempt failed, and the visit gives up.
  record GaveUp(String branch, int visit, int attempt, Failure failure, Instant at, Duration took)
      implements OfAttempt {}

  /// A wait of a branch is over: of those that it may have had in its visit, the one until `due`.
  record Due(String branch, int visit, int attempt, Instant due) implements OfAttempt {}

  /// A visit has taken too long.
  record Late(String branch, int visit) implements Event {}

  /// A signal has come.
  record Arrived(
      String signal, Optional<String> correlation, Optional<String> id, Object payload, Instant at)
      implements Event {}

  /// A run that a branch waits for is over.
  ///
  /// @param branch the branch
  /// @param row the row of the outbox that says so
  /// @param message what it says
  record Ended(String branch, long row, Arrived message) implements Event {}

  /// The attempt of a cancelled branch has ended.
  ///
  /// @param left what it came to, if it ended well all the same
  record Drained(String branch, Optional<Left> left) implements Event {}

  /// Somebody pauses the run.
  record Pause(String reason, Instant at) implements Event {}

  /// Somebody resumes the run.
  record Resume(Instant at) implements Event {}

  /// An attempt undid a finished visit.
  record Undone(String branch, int visit, int attempt, Instant at, Duration took)
      implements OfAttempt {}

  /// Somebody cancels the run.
  ///
  /// @param undo whether finished visits are undone
  record Cancel(String reason, boolean undo, Instant at) implements Event {}

  /// The run has lasted longer than it may.
  record Expired(Failure failure, Instant at) implements Event {}
}
