package dev.pawl.testkit.workload;

import dev.pawl.workflow.step.Action;
import dev.pawl.workflow.step.Channel;
import dev.pawl.workflow.step.StepContext;
import dev.pawl.workflow.step.TypeRef;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// The context of a step that [Reference] runs.
record ReferenceContext(String branch, String node, int visit, int attempt) implements StepContext {
  @Override
  public String key() {
    return "reference";
  }

  @Override
  public Instant now() {
    return Instant.EPOCH;
  }

  @Override
  public Instant deadline() {
    return Instant.MAX;
  }

  @Override
  public RandomGenerator random() {
    return new Random(visit);
  }

  @Override
  public String idempotencyKey() {
    return "reference:" + branch + ":" + node + ":" + visit;
  }

  @Override
  public Map<String, String> headers() {
    return Map.of();
  }

  @Override
  public <E> void emit(Channel<E> channel, E value) {
    // Nobody listens.
  }

  @Override
  public <T> T once(String name, Class<T> type, Callable<? extends T> action) throws Exception {
    return action.call();
  }

  @Override
  public <T> T once(String name, TypeRef<T> type, Callable<? extends T> action) throws Exception {
    return action.call();
  }

  @Override
  public void once(String name, Action action) throws Exception {
    action.run();
  }

  @Override
  public void publish(String topic, Object event) {
    publish(topic, key(), event);
  }

  @Override
  public void publish(String topic, String key, Object event) {
    // The result of a run does not depend on who hears of it.
  }
}
