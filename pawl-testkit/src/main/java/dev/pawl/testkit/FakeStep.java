package dev.pawl.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/// What befalls the attempts at one node, in all runs of its workflow. Failures and crashes befall
/// the next attempts, one each, in the order in which they are given here, over restarts too:
/// `fails(2, ...).crashesAfterEffect(1)` lets two attempts fail, a third crash, and the fourth be.
/// Attempts that nothing befalls run the node's own code.
///
/// Belongs to the thread of its engine.
public final class FakeStep {
  private final Queue<Fault> faults = new ArrayDeque<>();
  private Duration time = Duration.ZERO;

  FakeStep() {}

  /// What befalls one attempt.
  sealed interface Fault {
    /// It fails without running any code.
    record Fails(Supplier<? extends Exception> error) implements Fault {}

    /// The process dies after its code.
    record Crashes() implements Fault {}
  }

  /// The next attempts fail without running the node's code.
  ///
  /// @param attempts how many, from 1 on
  /// @param error makes the error of each
  public FakeStep fails(int attempts, Supplier<? extends Exception> error) {
    requireNonNull(error, "error");
    return add(attempts, new Fault.Fails(error));
  }

  /// Each attempt from now on takes this long in virtual time, before its code runs. An attempt
  /// that may not take so long is interrupted by the engine as in production.
  ///
  /// @param time zero for no time at all
  /// @throws IllegalArgumentException if it is negative
  public FakeStep takes(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a step cannot take " + time);
    }
    this.time = time;
    return this;
  }

  /// In the next attempts the process dies after the node's code has returned, before its result is
  /// committed, and is started again by itself. The attempt repeats under its number. A run whose
  /// process died so five times in one visit is paused (`Limits.poisonAfter`).
  ///
  /// @param attempts how many, from 1 on
  public FakeStep crashesAfterEffect(int attempts) {
    return add(attempts, new Fault.Crashes());
  }

  private FakeStep add(int attempts, Fault fault) {
    if (attempts < 1) {
      throw new IllegalArgumentException(attempts + " attempts; say from 1 on how many");
    }
    for (int i = 0; i < attempts; i++) {
      faults.add(fault);
    }
    return this;
  }

  /// What befalls the attempt that begins now.
  Optional<Fault> next() {
    return Optional.ofNullable(faults.poll());
  }

  /// How long an attempt takes.
  Duration time() {
    return time;
  }
}
