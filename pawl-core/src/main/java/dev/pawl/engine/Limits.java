package dev.pawl.engine;

import java.time.Duration;

/// What an engine and its runs may use. A value; begin with [#DEFAULT].
///
/// @param steps visits a run, without those of items
/// @param branches branches a run, items among them
/// @param stateBytes bytes a state, encoded
/// @param queuedCommits commits that wait to be written; what would add more waits
/// @param attempts attempts at once
/// @param poisonAfter a run is paused after the process died so often during attempts of one visit;
///   0 never
/// @param messages messages a run that no wait has used
/// @param nesting runs above a run that others start
/// @param release a run that waits for longer gives up its place in memory
public record Limits(
    int steps,
    int branches,
    int stateBytes,
    int queuedCommits,
    int attempts,
    int poisonAfter,
    int messages,
    int nesting,
    Duration release) {
  /// 100,000 steps and branches, 4 MiB, 10,000 commits, 1,000 attempts, five deaths, 10,000
  /// messages, ten runs above one, ten seconds.
  public static final Limits DEFAULT =
      new Limits(100_000, 100_000, 4 << 20, 10_000, 1_000, 5, 10_000, 10, Duration.ofSeconds(10));

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException naming the limit that is out of range
  public Limits {
    check(steps, "steps");
    check(branches, "branches");
    check(stateBytes, "stateBytes");
    check(queuedCommits, "queuedCommits");
    check(attempts, "attempts");
    check(messages, "messages");
    check(nesting, "nesting");
    if (poisonAfter < 0 || release.isNegative()) {
      throw new IllegalArgumentException("limits: poisonAfter and release cannot be negative");
    }
  }

  private static void check(int limit, String name) {
    if (limit < 1) {
      throw new IllegalArgumentException("limits: " + name + " must be positive, not " + limit);
    }
  }

  /// With this many visits a run.
  public Limits steps(int steps) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }

  /// With this many branches a run.
  public Limits branches(int branches) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }

  /// With this many bytes a state.
  public Limits stateBytes(int stateBytes) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }

  /// With this many commits waiting to be written.
  public Limits queuedCommits(int queuedCommits) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }

  /// With this many attempts at once.
  public Limits attempts(int attempts) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }

  /// With this many deaths before a run counts as poison; 0 for never.
  public Limits poisonAfter(int poisonAfter) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }

  /// With this many unused messages a run; what would add more is refused.
  public Limits messages(int messages) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }

  /// With this many runs above a run that others start; what would start one below more fails.
  public Limits nesting(int nesting) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }

  /// With this wait as the longest that a run spends in memory.
  public Limits release(Duration release) {
    return new Limits(
        steps,
        branches,
        stateBytes,
        queuedCommits,
        attempts,
        poisonAfter,
        messages,
        nesting,
        release);
  }
}
