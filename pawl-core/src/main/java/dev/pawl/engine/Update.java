package dev.pawl.engine;

import dev.pawl.run.Branch;
import dev.pawl.run.Event;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Check;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One call of [Run#update]: looks for a branch that waits for the signal, asks its check, which is
/// users' code, without holding the run's lock, and lets the branch take the signal if it still
/// waits with the same state. Belongs to the thread of the sender.
final class Update<S, T> {
  private final RunHandle<S> handle;
  private final DurableEngine engine;
  private final Signal<T> signal;
  private final T payload;
  private final SignalOptions options;
  private final Object stored;
  private @Nullable OpenRun run; // held in memory
  private @Nullable Answer<S> answer;

  Update(RunHandle<S> handle, Signal<T> signal, T payload, SignalOptions options) {
    this.handle = handle;
    this.engine = handle.engine();
    this.signal = signal;
    this.payload = payload;
    this.options = options;
    this.stored = engine.values().of(payload, signal.type(), null);
  }

  /// Sends it.
  ///
  /// @return the state of the root as of the row by which it was handled
  S send(Duration limit) throws InterruptedException {
    long began = engine.turns().nanoTime();
    var accepted = accepted(limit);
    if (!await(accepted::isThere, limit.minusNanos(engine.turns().nanoTime() - began))) {
      throw AwaitTimeout.unanswered(what(), limit);
    }
    return accepted.state();
  }

  private Answer<S> accepted(Duration limit) throws InterruptedException {
    try {
      await(this::isAccepted, limit);
    } finally {
      letGo();
    }
    if (answer == null) {
      throw AwaitTimeout.unaccepted(what(), limit);
    }
    return answer;
  }

  private String what() {
    return "signal " + signal.name() + " to run " + handle.key();
  }

  private boolean await(BooleanSupplier holds, Duration limit) throws InterruptedException {
    return engine
        .watchers()
        .awaitInterruptibly(
            handle.id(),
            () -> {
              engine.checkOpen();
              engine.checkWritable();
              return holds.getAsBoolean();
            },
            limit);
  }

  private boolean isAccepted() {
    if (options.id().filter(id -> engine.store().accepted(handle.id(), id)).isPresent()) {
      answer = Answer.to(handle, options.id().get());
      return true;
    }
    handle.checkHasNoEnd("updated");
    var open = open();
    if (open == null) {
      return false;
    }
    var arrived =
        new Event.Arrived(
            signal.name(), options.correlation(), options.id(), stored, engine.turns().now());
    var receiver = open.receiver(arrived);
    if (receiver.isEmpty() || !isTaken(open, receiver.get())) {
      return false;
    }
    var taken = engine.runner().take(open, receiver.get(), arrived);
    if (taken != null) {
      handle.found(open);
      answer = Answer.at(handle, taken.seq());
    }
    return taken != null;
  }

  /// The run, held in memory; null if it has come to its end meanwhile.
  private @Nullable OpenRun open() {
    if (run != null && run.isLeaving()) {
      letGo();
    }
    while (run == null) {
      var brought = handle.bring();
      if (brought == null) {
        return null;
      }
      if (brought.hold()) {
        run = brought;
      }
    }
    return run;
  }

  private void letGo() {
    var held = run;
    run = null;
    if (held != null && !engine.isClosing()) {
      engine.runner().letGo(held);
    }
  }

  /// Whether the check of a wait takes the payload.
  ///
  /// @return false if the sender was interrupted in it
  /// @throws SignalRefused if it does not
  private boolean isTaken(OpenRun open, Branch receiver) {
    var plan = open.registered.plan();
    var check = check(plan.await(receiver.node()).orElseThrow());
    if (check.isEmpty()) {
      return true;
    }
    var state = engine.userCode().state(open, receiver);
    try {
      check.get().check(state, payload);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      throw new SignalRefused(handle.key(), plan.name(receiver.node()), signal.name(), e);
    }
  }

  @SuppressWarnings("unchecked") // the types of signals of one name are the same in a workflow
  private Optional<Check<Object, Object>> check(Work.Await<?> await) {
    return (Optional<Check<Object, Object>>)
        (Optional<?>) await.handlers().get(await.find(signal.name())).check();
  }
}
