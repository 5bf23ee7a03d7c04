package dev.pawl.engine;

import dev.pawl.engine.schedule.Schedules;
import dev.pawl.engine.turns.Turns;
import dev.pawl.store.EventLog;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.stream.EventStream;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs workflows. Thread-safe; close it to stop its threads and free its store.
public interface Engine extends AutoCloseable {
  /// Sets up a durable engine.
  static EngineBuilder builder() {
    return new EngineBuilder();
  }

  /// An engine that runs on the caller's thread, keeps nothing and needs no closing: for
  /// [#run(Workflow, Object)] alone. Its other methods throw [UnsupportedOperationException].
  ///
  /// Branches of forks and parallel nodes and items of maps run on virtual threads, unless the node
  /// is marked [dev.pawl.workflow.Node#pure()]; so does an attempt whose node limits its time: it
  /// is interrupted at the limit, and left behind if it goes on. All others have ended when the run
  /// has. The limits of time of a default policy, and
  /// [dev.pawl.workflow.step.Policy#concurrency()], are not enforced. Waits between attempts hold
  /// the caller's thread. An interrupt of the caller stops all branches, and then the run ends with
  /// an [InterruptedException]. One that a step throws on the caller's thread counts as such an
  /// interrupt, because what throws it has cleared the thread's mark; on all other threads it is a
  /// failure like any.
  ///
  /// Steps find the workflow's name as [dev.pawl.workflow.step.StepContext#key()], and no headers.
  static Engine inline() {
    return InlineEngine.INSTANCE;
  }

  /// As [#inline()], with time, randomness and threads from here: for tests that do not wait.
  static Engine inline(Turns turns) {
    return new InlineEngine(turns);
  }

  /// Starts a run; it is durable when this returns. Its key must not be that of an open run.
  ///
  /// @throws KeyTaken if an open run has the key
  <S> Run<S> start(Workflow<S> workflow, String key, S state);

  /// Starts a run.
  ///
  /// @throws KeyTaken if the key is taken and the options say to refuse
  <S> Run<S> start(Workflow<S> workflow, String key, S state, StartOptions options);

  /// Starts many runs, in this order and in few commits; they are durable when this returns. Waits
  /// while 10,000 runs are in memory. If it throws, some of them may have been started: give them
  /// request ids, and start all of them again.
  ///
  /// @return what became of each, in the same order
  List<Started> startAll(List<? extends Start<?>> starts);

  /// Runs a workflow to its end.
  ///
  /// @return the state at the end
  /// @throws RunFailed if it failed
  /// @throws NotInline if the workflow waits, and this engine cannot
  <S> S run(Workflow<S> workflow, S state) throws InterruptedException;

  /// The run that holds this key, or else the newest that had it.
  <S> Optional<Run<S>> find(Workflow<S> workflow, String key);

  /// The run with this id.
  ///
  /// @throws IllegalArgumentException if it is a run of another workflow
  <S> Optional<Run<S>> find(Workflow<S> workflow, RunId id);

  /// Sends a signal to the open run that has a key, or starts a run that has accepted the signal: a
  /// crash leaves both or none. What the options of the start say of a taken key does not matter.
  ///
  /// Sending it again changes nothing if the start has a request id or the signal an id, as long as
  /// no later run has had the key. A start whose key is unique among nothing always starts a run.
  ///
  /// @throws IllegalArgumentException as [Run#signal]
  /// @throws IllegalStatus if the run that has the key is on its way to its end
  /// @throws KeyTaken if the run that had the key is over, and keeps it
  /// @throws InboxFull if the run has too many signals that wait to be taken
  <S, T> Run<S> signalWithStart(Start<S> start, Signal<T> signal, T payload, SignalOptions options);

  /// Sends a signal to many runs: those of a workflow that are open, were started before, and that
  /// a filter matches, in the order of their starts and in few commits. Each accepts it by itself;
  /// one that does not, because it has ended meanwhile for example, keeps no other from it. If this
  /// throws, some may have accepted it: give it an id, and send it again.
  ///
  /// @param filter which of the runs; the workflow that it names does not matter
  /// @throws IllegalArgumentException if no node of the workflow waits for the signal
  <T> Signalled signalAll(
      Workflow<?> workflow,
      Store.Filter filter,
      Signal<T> signal,
      T payload,
      SignalOptions options);

  /// Completes a step that others do: see [dev.pawl.workflow.Graph#external]. When this returns the
  /// run has accepted the result for good; a second completion of the same visit changes nothing.
  ///
  /// @param key the idempotency key that the step handed out
  /// @param result of the type that the node names
  /// @throws IllegalArgumentException if no run has such a step, or the result is of another type
  /// @throws IllegalStatus if the run is over
  void complete(String key, Object result);

  /// Stored runs in the order of their starts, at most `limit`, after the id `after`.
  List<RunRow> runs(Store.Filter filter, Optional<RunId> after, int limit);

  /// How many runs there are by status.
  Map<RunStatus, Long> counts(Store.Filter filter);

  /// Makes definitions known; their open runs go on.
  ///
  /// @throws IncompatibleDefinition if open runs stand at nodes that the new shape has not
  void register(Workflow<?>... workflows);

  /// What starts runs at the times of timetables.
  Schedules schedules();

  /// Calls `listener` for each committed change, in order per run, on a thread of its own. A slow
  /// or failing listener delays and harms nothing but itself.
  ///
  /// @return closes the subscription
  AutoCloseable listen(RunListener listener);

  /// What runs have sent and nobody has taken yet, and what was parked.
  Outbox outbox();

  /// The stream over the log of this engine's store: what steps publish is there as soon as it is
  /// committed, unless [EngineBuilder#publishTo] names another stream. It closes with the engine.
  EventStream events();

  /// The log of events of this engine's store, for sources that keep their cursors in it.
  EventLog log();

  /// The steps that were told to stop and go on: names of run, node and attempt, with the time.
  List<StuckStep> stuckSteps();

  /// Closes within 10 seconds, as [#close(Duration)].
  @Override
  void close();

  /// Starts nothing more, waits for attempts in flight to end and commit, interrupts those that
  /// have not ended after half of `deadline`, lets listeners hear what was committed, and returns
  /// after `deadline` at the latest.
  ///
  /// @return the steps that still run
  List<StuckStep> close(Duration deadline);
}
