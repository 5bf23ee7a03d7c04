package dev.pawl.testkit.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/// What a [Scenario] may know of the world that it plays in.
public interface Stage {
  /// Randomness for inputs, drawn from the seed: the same seed, the same numbers. To be used while
  /// the scenario is made.
  SplittableRandom random();

  /// The right virtual time.
  Instant now();

  /// Lets virtual time go by on the thread of a step, for collaborators that take time. The process
  /// may die meanwhile: then what would come after does not happen.
  ///
  /// @throws InterruptedException if the step is told to stop
  void sleep(Duration time) throws InterruptedException;

  /// Takes time like [#sleep], now and then and any time up to minutes, if this course has
  /// [Fault#SLOW_STEPS].
  ///
  /// @throws InterruptedException if the step is told to stop
  void lag() throws InterruptedException;

  /// Fails now and then, if this course has [Fault#FAILED_STEP]: for collaborators, before and
  /// after their effects.
  ///
  /// @param what fails; part of the message
  /// @throws SimulatedFailure if it does
  void mayFail(String what);

  /// Adds a line to the trace.
  void note(String line);
}
