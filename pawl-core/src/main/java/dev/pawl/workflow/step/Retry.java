package dev.pawl.workflow.step;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How often and when a failed attempt is tried again. A value; the waits are timers and hold no
/// thread. No duration is longer than 36,500 days.
///
/// @param attempts how many attempts a visit has at most, from 1 on
/// @param first the wait after the first failed attempt
/// @param factor what each further wait is multiplied by; 1 keeps them equal
/// @param longest no wait is longer than this, before jitter
/// @param jitter the share of a wait that is random, from 0 to 1: a wait of `w` becomes one between
///   `w * (1 - jitter)` and `w`
/// @param elapsed after this time in the visit no further attempt starts
/// @param only if not empty, only errors of these types are tried again
/// @param never errors of these types are not tried again, whatever `only` says
public record Retry(
    int attempts,
    Duration first,
    double factor,
    Duration longest,
    double jitter,
    Duration elapsed,
    List<Class<? extends Throwable>> only,
    List<Class<? extends Throwable>> never) {
  private static final Duration FOREVER = Duration.ofDays(36_500);
  private static final Retry NONE =
      new Retry(1, Duration.ZERO, 1, Duration.ZERO, 0, FOREVER, List.of(), List.of());

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException naming the component that is out of range
  public Retry {
    check(attempts >= 1, "attempts", attempts);
    check(!first.isNegative() && first.compareTo(FOREVER) <= 0, "first", first);
    check(factor >= 1 && factor <= 1000, "factor", factor);
    check(!longest.isNegative() && longest.compareTo(FOREVER) <= 0, "longest", longest);
    check(jitter >= 0 && jitter <= 1, "jitter", jitter);
    check(!elapsed.isNegative() && elapsed.compareTo(FOREVER) <= 0, "elapsed", elapsed);
    only = List.copyOf(only);
    never = List.copyOf(never);
  }

  private static void check(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException("retry: " + name + " is out of range: " + value);
    }
  }

  /// One attempt.
  public static Retry none() {
    return NONE;
  }

  /// Waits `first`, then twice as long each time, up to a minute, with a fifth of each wait random.
  public static Retry exponential(Duration first, int attempts) {
    var longest = first.compareTo(Duration.ofMinutes(1)) > 0 ? first : Duration.ofMinutes(1);
    return new Retry(attempts, first, 2, longest, 0.2, FOREVER, List.of(), List.of());
  }

  /// Waits `wait` between attempts, exactly.
  public static Retry fixed(Duration wait, int attempts) {
    return new Retry(attempts, wait, 1, wait, 0, FOREVER, List.of(), List.of());
  }

  /// With no wait longer than `longest`.
  public Retry longest(Duration longest) {
    return new Retry(attempts, first, factor, longest, jitter, elapsed, only, never);
  }

  /// With `jitter` as the random share of each wait.
  public Retry jitter(double jitter) {
    return new Retry(attempts, first, factor, longest, jitter, elapsed, only, never);
  }

  /// With no further attempt once the visit has lasted `elapsed`.
  public Retry elapsed(Duration elapsed) {
    return new Retry(attempts, first, factor, longest, jitter, elapsed, only, never);
  }

  /// With retries only for these types (and those named before).
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is read, never written
  public final Retry only(Class<? extends Throwable>... types) {
    return new Retry(attempts, first, factor, longest, jitter, elapsed, with(only, types), never);
  }

  /// With no retry for these types (and those named before).
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is read, never written
  public final Retry never(Class<? extends Throwable>... types) {
    return new Retry(attempts, first, factor, longest, jitter, elapsed, only, with(never, types));
  }

  private static <T> List<T> with(List<T> old, T[] more) {
    var all = new ArrayList<>(old);
    Collections.addAll(all, more);
    return all;
  }

  /// Whether an error of this type may be tried again.
  public boolean covers(Throwable error) {
    return never.stream().noneMatch(type -> type.isInstance(error))
        && (only.isEmpty() || only.stream().anyMatch(type -> type.isInstance(error)));
  }

  /// The wait after failed attempt number `attempt` (from 1 on).
  ///
  /// @param random from 0 to 1, decides the jitter
  public Duration waitAfter(int attempt, double random) {
    double nanos =
        Math.min(first.toNanos() * Math.pow(factor, attempt - 1), (double) longest.toNanos());
    return Duration.ofNanos((long) (nanos * (1 - jitter * random)));
  }
}
