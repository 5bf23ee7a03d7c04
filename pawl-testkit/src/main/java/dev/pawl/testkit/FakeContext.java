package dev.pawl.testkit;

import static java.util.Objects.requireNonNull;

import dev.pawl.store.Codec;
import dev.pawl.store.Encoded;
import dev.pawl.testkit.StateChecks.Where;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Action;
import dev.pawl.workflow.step.Channel;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.StepContext;
import dev.pawl.workflow.step.TypeRef;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/// The context of one visit, for a step that is tested by itself: without an engine, a store or a
/// clock. What it says is set by the test; `once` remembers as the engine does. Begin with
/// [#at(String)]. Not thread-safe.
public final class FakeContext implements StepContext {
  private final String node;
  private final Codec codec;
  private final Map<String, Recorded> recorded = new LinkedHashMap<>();
  private final Map<String, List<Object>> emitted = new LinkedHashMap<>();
  private final Set<String> named = new HashSet<>();
  private final List<Published> published = new ArrayList<>();
  private String key = "test";
  private int attempt = 1;
  private int visit = 1;
  private Instant now = Scheduler.START;
  private Instant deadline = now.plus(Policy.DEFAULT.perAttempt());
  private Map<String, String> headers = Map.of();
  private RandomGenerator random = new SplittableRandom(1);

  private FakeContext(String node, Codec codec) {
    this.node = node;
    this.codec = codec;
  }

  private record Recorded(Encoded value, Type type) {}

  /// An event that the step has published.
  ///
  /// @param topic its topic
  /// @param key its key
  /// @param event the event
  public record Published(String topic, String key, Object event) {}

  /// The first attempt at this node, for a run of key `test`, at [Scheduler#START]. Results of
  /// `once` are kept by the codec that `ServiceLoader` finds, or as they are where it finds none.
  public static FakeContext at(String node) {
    var codec = ServiceLoader.load(Codec.class).findFirst().orElseGet(Codec::references);
    return new FakeContext(requireNonNull(node, "node"), codec);
  }

  /// For a run with this key.
  public FakeContext key(String key) {
    this.key = requireNonNull(key, "key");
    return this;
  }

  /// Begins this attempt of the visit; the same number again is an attempt that a crash has cut.
  /// What the visit has recorded stays, and the names may be used once more; what it has published
  /// is forgotten.
  ///
  /// @param attempt from 1 on
  public FakeContext attempt(int attempt) {
    if (attempt < 1) {
      throw new IllegalArgumentException("attempts count from 1 on, not " + attempt);
    }
    this.attempt = attempt;
    named.clear();
    published.clear();
    return this;
  }

  /// Begins another visit: nothing is recorded, and the idempotency key is a new one.
  public FakeContext nextVisit() {
    visit++;
    recorded.clear();
    return attempt(1);
  }

  /// At this time. The deadline moves along.
  public FakeContext now(Instant now) {
    this.now = now;
    this.deadline = now.plus(Policy.DEFAULT.perAttempt());
    return this;
  }

  /// With this deadline.
  public FakeContext deadline(Instant deadline) {
    this.deadline = deadline;
    return this;
  }

  /// With these headers.
  public FakeContext headers(Map<String, String> headers) {
    this.headers = Map.copyOf(headers);
    return this;
  }

  /// With randomness from this seed; without it the seed is 1.
  public FakeContext seed(long seed) {
    this.random = new SplittableRandom(seed);
    return this;
  }

  /// Runs the code of this context's node in a workflow: one attempt, with the checks that a
  /// [TestEngine] makes.
  ///
  /// @return the state after it; edges are not followed
  /// @throws IllegalArgumentException if the workflow has no such step, choice or delay (nodes of
  ///   nested workflows are found in these)
  /// @throws AssertionError if the step changes its input, or the state cannot be stored and read
  /// @throws Exception what the step throws
  public <S> S run(Workflow<S> workflow, S state) throws Exception {
    var definition = workflow.definition();
    var step = step(definition);
    var checks = new StateChecks(codec);
    var where = new Where(workflow.name(), node, "run " + key);
    var before = Leaves.of(state);
    try {
      S after = step.run(state, this);
      checks.survives(where, requireNonNull(after, node + " returned null"), definition.result());
      return after;
    } finally {
      checks.unchanged(where, before, state);
      checks.tell();
    }
  }

  private <S> Step<S, S> step(Definition<S> definition) {
    for (var model : definition.nodes()) {
      if (model.name().equals(node)) {
        return step(model);
      }
    }
    throw new IllegalArgumentException(
        "workflow "
            + definition.name()
            + " has no node "
            + node
            + "; it has "
            + String.join(", ", definition.nodes().stream().map(NodeModel::name).toList()));
  }

  private <S> Step<S, S> step(NodeModel<S> model) {
    return switch (model.work()) {
      case Work.Run<S> run -> run.step();
      case Work.Delay<S> delay -> delay.then().orElse((state, context) -> state);
      case Work.Await<S> await -> {
        if (await.entering().isPresent()) {
          yield await.entering().get();
        }
        if (!await.handlers().isEmpty() || await.timers().size() > 1) {
          throw noStep();
        }
        yield await.timers().getFirst().then();
      }
      case Work.Choose<S, ?> choose -> chosen(choose);
      case Work.Child<S, ?> child -> throw noStep();
      case Work.Call<S, ?> call -> throw noStep();
      case Work.Each<S, ?, ?> each -> throw noStep();
      case Work.Parallel<S> parallel -> throw noStep();
      case Work.Meet<S> meet -> throw noStep();
      case Work.End<S> end -> throw noStep();
    };
  }

  private static <S, P extends Enum<P>> Step<S, S> chosen(Work.Choose<S, P> choose) {
    return (state, ctx) -> {
      Outcome<S, P> outcome = choose.step().run(state, ctx);
      return outcome.state();
    };
  }

  private IllegalArgumentException noStep() {
    return new IllegalArgumentException("node " + node + " runs no step of its own");
  }

  /// What `once` has recorded in this visit, by name, as later attempts get it.
  public Map<String, Object> recorded() {
    var values = new LinkedHashMap<String, Object>();
    recorded.forEach((name, known) -> values.put(name, codec.decode(known.value, known.type)));
    return values;
  }

  /// What the step has published in this attempt, in order.
  public List<Published> published() {
    return List.copyOf(published);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  /// As the engine makes it, with the run's key in the place of its id.
  @Override
  public String idempotencyKey() {
    return key + "::" + node + ":" + visit;
  }

  @Override
  public Map<String, String> headers() {
    return headers;
  }

  @Override
  public <E> void emit(Channel<E> channel, E value) {
    emitted.computeIfAbsent(channel.name(), name -> new ArrayList<>()).add(value);
  }

  /// What was emitted on a channel, in order.
  public <E> List<E> emitted(Channel<E> channel) {
    return emitted.getOrDefault(channel.name(), List.of()).stream()
        .map(channel.type()::cast)
        .toList();
  }

  @Override
  public <T> T once(String name, Class<T> type, Callable<? extends T> action) throws Exception {
    return once(name, (Type) type, action);
  }

  @Override
  public <T> T once(String name, TypeRef<T> type, Callable<? extends T> action) throws Exception {
    return once(name, type.type(), action);
  }

  @Override
  public void once(String name, Action action) throws Exception {
    once(
        name,
        (Type) Boolean.class,
        () -> {
          action.run();
          return Boolean.TRUE;
        });
  }

  @Override
  public void publish(String topic, Object event) {
    publish(topic, key, event);
  }

  @Override
  public void publish(String topic, String key, Object event) {
    if (topic.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException("the topic or the key of an event is empty");
    }
    codec.encode(event, event.getClass());
    published.add(new Published(topic, key, event));
  }

  @SuppressWarnings("unchecked") // recorded under the type that it is asked for with
  private <T> T once(String name, Type type, Callable<? extends T> action) throws Exception {
    if (!named.add(name)) {
      throw new IllegalArgumentException(
          "once(\""
              + name
              + "\") was called before in this attempt of "
              + node
              + "; give each a name of its own");
    }
    var known = recorded.get(name);
    if (known != null) {
      return (T) codec.decode(known.value, type);
    }
    T result = action.call();
    recorded.put(name, new Recorded(codec.encode(result, type), type));
    return result;
  }
}
