package dev.pawl.workflow.step;

import java.time.Duration;

/// How a node is run: a value, so that nodes share one (`static final Policy BANK = ...`).
///
/// @param retry what happens after a failed attempt
/// @param perAttempt an attempt that takes longer is interrupted and counts as failed; more than
///   zero, and at most 36,500 days
/// @param perVisit a visit that takes longer, over all its attempts and waits, leaves by its
///   timeout edge, or fails; more than zero, and at most 36,500 days
/// @param concurrency how many attempts at this node run at once in an engine; at least 1
public record Policy(Retry retry, Duration perAttempt, Duration perVisit, int concurrency) {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /// One attempt, five minutes for it, ten years for a visit, no limit of concurrency. An inline
  /// run does not enforce the five minutes; it does enforce any other limit per attempt.
  public static final Policy DEFAULT =
      new Policy(Retry.none(), Duration.ofMinutes(5), Duration.ofDays(3650), Integer.MAX_VALUE);

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException naming the component that is out of range
  public Policy {
    check(isLimit(perAttempt), "timeout", perAttempt);
    check(isLimit(perVisit), "within", perVisit);
    check(concurrency >= 1, "concurrency", concurrency);
  }

  private static boolean isLimit(Duration limit) {
    return limit.isPositive() && limit.compareTo(LONGEST) <= 0;
  }

  private static void check(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("policy: " + name + " is out of range: " + value);
    }
  }

  /// The default with exponential retries.
  public static Policy retry(Duration first, int attempts) {
    return DEFAULT.retry(Retry.exponential(first, attempts));
  }

  /// The default with a limit for the visit.
  public static Policy within(Duration visit) {
    return new Policy(Retry.none(), DEFAULT.perAttempt, visit, Integer.MAX_VALUE);
  }

  /// With these retries.
  public Policy retry(Retry retry) {
    return new Policy(retry, perAttempt, perVisit, concurrency);
  }

  /// With no retry for these types.
  @SafeVarargs
  public final Policy never(Class<? extends Throwable>... types) {
    return retry(retry.never(types));
  }

  /// With this limit for an attempt.
  public Policy timeout(Duration attempt) {
    return new Policy(retry, attempt, perVisit, concurrency);
  }

  /// With this many attempts at once.
  public Policy concurrency(int limit) {
    return new Policy(retry, perAttempt, perVisit, limit);
  }
}
