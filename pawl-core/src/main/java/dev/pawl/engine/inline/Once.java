package dev.pawl.engine.inline;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/// What `once` has done in one visit. Thread-safe, because an attempt that ignored its interrupt
/// may still be running beside the next.
final class Once {
  private final int visit;
  private final Map<String, Object> results = new ConcurrentHashMap<>();
  private final Map<String, Integer> lastAttempts = new ConcurrentHashMap<>();

  Once(int visit) {
    this.visit = visit;
  }

  boolean isOf(int visit) {
    return this.visit == visit;
  }

  @SuppressWarnings("unchecked") // what was recorded under a name came from the same call
  <T> T run(Context context, String name, Callable<? extends T> action) throws Exception {
    int attempt = context.attempt();
    if (Integer.valueOf(attempt).equals(lastAttempts.put(name, attempt))) {
      throw new IllegalStateException(
          context.node() + " used once(" + name + ") twice in one attempt; give each its own name");
    }
    var known = results.get(name);
    if (known != null) {
      return (T) known;
    }
    T result = action.call();
    if (result == null) {
      throw new NullPointerException("once(" + name + ") in " + context.node() + " returned null");
    }
    context.open();
    results.put(name, result);
    return result;
  }
}
