package dev.pawl.workflow.step;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// What an attempt knows about itself. Belongs to that attempt: once it has ended, also by a
/// timeout, every method throws [IllegalStateException].
///
/// Inline runs share one context between the steps of a run, closed when the run ends.
public interface StepContext {
  /// The key of the run, as its caller gave it.
  String key();

  /// The name of the node.
  String node();

  /// Which attempt of this visit this is, from 1 on. An attempt that was cut short by a crash
  /// repeats under its number.
  int attempt();

  /// The engine's time now.
  Instant now();

  /// When this attempt is interrupted.
  Instant deadline();

  /// A source of randomness, the engine's own; not repeatable over attempts.
  RandomGenerator random();

  /// The same for all attempts of one visit, over crashes, take-overs and operator retries; new for
  /// each new visit. Made of run, branch, node and visit.
  String idempotencyKey();

  /// The headers that the run was started with (tenant, user, trace context).
  Map<String, String> headers();

  /// Runs `action` once a visit: its result is durable before this returns, and later attempts get
  /// the recorded result instead of running it again. Between the action's end and its commit a
  /// crash repeats it, so an effect on another system still wants an idempotency key.
  ///
  /// @param name unique in this visit; used twice in one attempt it is an error
  /// @throws Exception what `action` throws, unrecorded
  <T> T once(String name, Class<T> type, Callable<? extends T> action) throws Exception;

  /// As [#once(String, Class, Callable)], for a generic type.
  <T> T once(String name, TypeRef<T> type, Callable<? extends T> action) throws Exception;

  /// As [#once(String, Class, Callable)], for an effect without a result.
  void once(String name, Action action) throws Exception;

  /// Sends an event under the key of the run, as [#publish(String, String, Object)].
  void publish(String topic, Object event);

  /// Sends an event when this attempt's result is committed, and not at all if the attempt fails.
  /// It arrives at least once; events of one topic and key arrive in the order of their commits,
  /// those of one attempt in the order of these calls. Its id is the [#idempotencyKey()], `#` and
  /// its number in the attempt. The headers of the run go with it.
  ///
  /// An attempt publishes 1,000 events at most.
  ///
  /// @param topic what it is about; not empty
  /// @param key of what or whom; not empty
  /// @param event stored as a value of its class
  /// @throws UnsupportedOperationException if the run is inline: it has no store
  /// @throws IllegalArgumentException if topic or key is empty
  void publish(String topic, String key, Object event);

  /// Shows a value to the feeds of the run at once, before anything of this attempt is committed.
  /// It is not stored: only feeds that are open now see it, and they are told when the attempt
  /// fails. Inline runs have no feeds.
  <E> void emit(Channel<E> channel, E value);
}
