package dev.pawl.engine;

import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A handle on a run. Shows committed state only. Thread-safe, cheap to make and to drop; it stays
/// usable when the run is over, and until the engine closes.
public interface Run<S> {
  /// The run's id.
  RunId id();

  /// The key its caller chose.
  String key();

  /// The run that started it, if one did.
  Optional<RunId> parent();

  /// The runs that it has started, in the order of their starts, at most `limit`, after the id
  /// `after`.
  List<RunRow> children(Optional<RunId> after, int limit);

  /// Where it is in its life.
  RunStatus status();

  /// The committed state of its root branch.
  ///
  /// @throws dev.pawl.store.CodecException if the state cannot be read by today's code
  S state();

  /// Waits until the run is over.
  ///
  /// @return the state at the end
  /// @throws RunFailed if it failed
  /// @throws RunCancelled if it was cancelled
  /// @throws AwaitTimeout if it is still open after `limit`; it goes on
  S await(Duration limit) throws InterruptedException;

  /// As [#await(Duration)], as a value.
  Result<S> result(Duration limit) throws InterruptedException;

  /// Waits until the run has, or already had, one of these statuses after sequence number `after`.
  ///
  /// @return the status that it saw first
  /// @throws AwaitTimeout if none came within `limit`
  RunStatus awaitStatus(Set<RunStatus> statuses, Duration limit) throws InterruptedException;

  /// The committed rows of its history after sequence number `after`, at most `limit`.
  List<HistoryRow> history(long after, int limit);

  /// The names of the nodes that it went through, in order of commit, the end last.
  List<String> path();

  /// The events after sequence number `after`, as they are committed; ends with [Event.Ended].
  Feed<S> feed(long after);

  /// Starts nothing more; attempts in flight finish and commit. Durable when this returns. Pausing
  /// a paused run changes nothing.
  ///
  /// @throws IllegalStatus if the run is over
  void pause(String reason);

  /// Goes on. Resuming a run that is not paused changes nothing.
  ///
  /// @throws IllegalStatus if the run is over
  void resume();

  /// Interrupts what runs; once that has stopped, undoes finished visits whose nodes say how, the
  /// latest first, and ends the run. Cancelling a cancelled run changes nothing.
  ///
  /// @throws IllegalStatus if the run has completed or failed
  void cancel(String reason);

  /// As [#cancel], but undoes nothing.
  void abandon(String reason);

  /// Sends it a signal. When this returns the run has accepted it for good: it is buffered until a
  /// wait takes it, in order, also while the run is paused.
  ///
  /// @throws IllegalArgumentException if no node of the workflow waits for the signal, or for one
  ///   of this type
  /// @throws SignalRefused if the run stands where it is refused; see
  ///   [dev.pawl.workflow.step.Unhandled]
  /// @throws IllegalStatus if the run is over
  /// @throws InboxFull if too many signals wait to be taken
  /// @throws dev.pawl.store.CodecException if the payload cannot be stored
  default <T> void signal(Signal<T> signal, T payload) {
    signal(signal, payload, SignalOptions.DEFAULT);
  }

  /// Sends it a signal for one of several waits: see [SignalOptions#correlation()].
  default <T> void signal(Signal<T> signal, String correlation, T payload) {
    signal(signal, payload, SignalOptions.DEFAULT.correlation(correlation));
  }

  /// Sends it a signal. Sending one whose id it has accepted before changes nothing, also when the
  /// run is over by now.
  <T> void signal(Signal<T> signal, T payload, SignalOptions options);

  /// As [#update(Signal, Object, SignalOptions, Duration)], without an id.
  default <T> S update(Signal<T> signal, T payload, Duration limit) throws InterruptedException {
    return update(signal, payload, SignalOptions.DEFAULT, limit);
  }

  /// Sends it a signal, and waits for what comes of it. The run accepts the signal when a branch
  /// waits for it, unless the check of that wait refuses it; then it is as durable as any other. A
  /// paused run accepts none before it is resumed.
  ///
  /// An update that was interrupted, or whose process died, may have been accepted. Sending it
  /// again with its id is safe: it is accepted once, and answered alike.
  ///
  /// @param limit how long to wait, for a wait and for the answer
  /// @return the state of the root branch right after the signal was handled
  /// @throws SignalRefused if the check of the wait refuses it, or the run stands where the signal
  ///   is refused: nothing is recorded; or if it has been dropped, as one that was sent without
  ///   waiting with the same id
  /// @throws AwaitTimeout if nothing waited for it in time: then the run has not accepted it; or if
  ///   the run has accepted it, and not handled it in time: see [AwaitTimeout#isAccepted()]
  /// @throws IllegalStatus if the run is over, or ends before it has accepted or handled it
  /// @throws RunFailed if the run fails at handling it; its cause is a [RecordedError]
  /// @throws BranchFailed if a branch fails at handling it, or is cancelled, and the run goes on
  /// @throws IllegalArgumentException if no node of the workflow waits for the signal, or for one
  ///   of this type
  /// @throws dev.pawl.store.CodecException if the payload cannot be stored
  <T> S update(Signal<T> signal, T payload, SignalOptions options, Duration limit)
      throws InterruptedException;

  /// How a run stands.
  sealed interface Result<S> {
    /// It reached an end.
    ///
    /// @param end the name of the end
    /// @param state the state there
    record Completed<S>(String end, S state) implements Result<S> {}

    /// A node gave up, or the run lasted too long.
    ///
    /// @param node the node; empty if the run lasted too long
    /// @param attempts how often it was tried
    /// @param cause the last error; after a restart a [RecordedError] with its type and message
    /// @param state the state of the root branch
    record Failed<S>(String node, int attempts, Throwable cause, S state) implements Result<S> {}

    /// It was cancelled.
    ///
    /// @param reason why
    /// @param state the state of the root branch
    record Cancelled<S>(String reason, S state) implements Result<S> {}

    /// It goes on.
    ///
    /// @param nodes where its branches stand
    record StillOpen<S>(List<String> nodes) implements Result<S> {}
  }

  /// The events of a run, in order. Iterating blocks until the next event is committed; one thread
  /// at a time.
  interface Feed<S> extends Iterable<Event<S>>, AutoCloseable {
    /// Ends the iteration.
    @Override
    void close();
  }

  /// What a feed shows.
  sealed interface Event<S> {
    /// The sequence number to go on after.
    long sequence();

    /// A visit was committed, or a signal that was handled within one. For nodes whose state has
    /// another type (items, branches, called workflows) `state` is the state of the root branch.
    record Committed<S>(long sequence, String node, S state) implements Event<S> {}

    /// A step that is at work shows a value with `StepContext.emit`. It is not committed, and shown
    /// once, to feeds that are open then; one that is 10,000 values behind misses some.
    ///
    /// @param sequence the newest row that was committed when it was shown
    /// @param value the value, of the type of its channel
    record Emitted<S>(long sequence, String node, int attempt, String channel, Object value)
        implements Event<S> {}

    /// The attempt has failed, or was stopped: what it emitted counts for nothing.
    record Retracted<S>(long sequence, String node, int attempt) implements Event<S> {}

    /// The run is over.
    record Ended<S>(long sequence, Result<S> result) implements Event<S> {}
  }
}
