package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Check;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import dev.pawl.workflow.step.SignalStep;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.Unhandled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;

/// The graph of a state machine: a node for each status, and a node "start" that leads each run to
/// the status it starts in.
///
/// @param <K> what tells one status from another
final class StatusGraph<S, K> {
  private static final Duration LATEST = Duration.ofDays(36_500);
  private final List<K> known;
  private final Function<K, String> name;
  private final BiPredicate<S, K> isIn;
  private final Map<K, Status<S, K>> statuses = new LinkedHashMap<>();
  private Unhandled unhandled = Unhandled.KEEP;

  /// @param known all statuses, in order
  /// @param name names a status
  /// @param isIn whether a state is in a status
  StatusGraph(List<K> known, Function<K, String> name, BiPredicate<S, K> isIn) {
    this.known = known;
    this.name = name;
    this.isIn = isIn;
    known.forEach(this::status);
  }

  /// What was said about a status.
  private static final class Status<S, K> {
    final List<Handler<S, K>> handlers = new ArrayList<>();
    final List<Timer<S, K>> timers = new ArrayList<>();
    final List<Answer<S, K>> answers = new ArrayList<>();
    final Map<Signal<?>, Check<S, Object>> checks = new LinkedHashMap<>();
    Policy policy = Policy.DEFAULT;
    boolean isEnd;

    boolean isHandled() {
      return !handlers.isEmpty() || waits();
    }

    boolean waits() {
      return !timers.isEmpty() || !answers.isEmpty();
    }

    /// Where it may lead, if it waits.
    List<K> leaving() {
      return Stream.concat(
              answers.stream().filter(a -> !a.handler.stays()).map(Answer::targets),
              timers.stream().map(Timer::targets))
          .flatMap(List::stream)
          .distinct()
          .toList();
    }

    Stream<List<K>> targets() {
      return Stream.of(
              handlers.stream().map(Handler::targets),
              answers.stream().map(Answer::targets),
              timers.stream().map(Timer::targets))
          .flatMap(targets -> targets);
    }
  }

  /// What happens on entering a status.
  private record Handler<S, K>(Step<S, S> step, List<K> targets) {}

  /// What happens after some time in a status.
  private record Timer<S, K>(Duration after, Step<S, S> step, List<K> targets) {}

  /// What happens when a signal comes.
  ///
  /// @param targets empty if the status stays
  private record Answer<S, K>(Work.Await.Handler<S, ?> handler, List<K> targets) {}

  void on(K from, Step<S, S> step, List<K> targets) {
    status(from).handlers.add(new Handler<>(step, targets));
  }

  void onTimeout(K from, Duration after, Step<S, S> step, List<K> targets) {
    if (!after.isPositive() || after.compareTo(LATEST) > 0) {
      throw new IllegalArgumentException(
          name.apply(from)
              + ": a timeout comes after some time, at most 36,500 days, not after "
              + after);
    }
    status(from).timers.add(new Timer<>(after, step, targets));
  }

  <T> void onSignal(K from, Signal<T> signal, SignalStep<S, T, S> step, List<K> targets) {
    SignalStep<S, T, S> guarded =
        (state, payload, context) -> led(from, targets, step.run(state, payload, context));
    status(from).answers.add(new Answer<>(handler(signal, guarded, false), targets));
  }

  <T> void update(K in, Signal<T> signal, Fold<S, T> change) {
    SignalStep<S, T, S> guarded =
        (state, payload, context) -> led(in, List.of(in), change.apply(state, payload));
    status(in).answers.add(new Answer<>(handler(signal, guarded, true), List.of(in)));
  }

  <T> void check(K in, Signal<T> signal, Check<? super S, ? super T> check) {
    status(in)
        .checks
        .put(signal, (state, payload) -> check.check(state, signal.type().cast(payload)));
  }

  private static <S, T> Work.Await.Handler<S, T> handler(
      Signal<T> signal, SignalStep<S, T, S> step, boolean stays) {
    return new Work.Await.Handler<>(
        requireNonNull(signal, "signal"), Optional.empty(), step, stays);
  }

  /// The state that a step of a status made, which must be in a status that it names.
  private S led(K from, List<K> targets, S state) {
    if (targets.stream().noneMatch(target -> isIn.test(state, target))) {
      throw new IllegalStateException(
          "a step of " + name.apply(from) + " may lead to " + names(targets) + ", not to " + state);
    }
    return state;
  }

  void unhandled(Unhandled unhandled) {
    this.unhandled = unhandled;
  }

  void with(K at, Policy policy) {
    status(at).policy = policy;
  }

  void end(K status) {
    status(status).isEnd = true;
  }

  private Status<S, K> status(K key) {
    return statuses.computeIfAbsent(key, k -> new Status<>());
  }

  /// Builds the workflow on an empty graph.
  Workflow<S> build(Graph<S> graph) {
    check(graph);
    var start = graph.unhandled(unhandled).step("start", state -> state).leadingOn();
    graph.start(start);
    var nodes = new LinkedHashMap<K, Node<S>>();
    known.forEach(status -> nodes.put(status, node(graph, status)));
    nodes.forEach((key, node) -> {
      var status = status(key);
      if (status.isHandled()) {
        lead(start, List.of(key), nodes);
        lead(node, status, nodes);
      }
    });
    return graph.build();
  }

  private Node<S> node(Graph<S> graph, K key) {
    var status = status(key);
    if (!status.handlers.isEmpty()) {
      return graph.step(name.apply(key), status.handlers.getFirst().step).with(limited(status));
    }
    return status.waits()
        ? graph.plain(name.apply(key), () -> await(key, status)).with(status.policy)
        : graph.end(name.apply(key));
  }

  private Work<S> await(K key, Status<S, K> status) {
    List<Work.Await.Handler<S, ?>> handlers = new ArrayList<>();
    status.answers.forEach(answer -> handlers.add(checked(answer.handler, status)));
    var timers = new ArrayList<Work.Await.Timer<S>>();
    for (var timer : status.timers) {
      timers.add(
          new Work.Await.Timer<>(
              (state, entered) -> entered.plus(timer.after),
              (state, context) -> led(key, timer.targets, timer.step.run(state, context))));
    }
    return new Work.Await<>(handlers, timers, Work.Await.Mode.ANY);
  }

  private static <S, T> Work.Await.Handler<S, T> checked(
      Work.Await.Handler<S, T> handler, Status<S, ?> status) {
    var check = status.checks.get(handler.signal());
    return check == null ? handler : handler.checked(check);
  }

  /// The status's policy, with its timeout as the limit for a visit.
  private static <S, K> Policy limited(Status<S, K> status) {
    var policy = status.policy;
    return status.timers.stream()
        .findFirst()
        .map(timer ->
            new Policy(policy.retry(), policy.perAttempt(), timer.after, policy.concurrency()))
        .orElse(policy);
  }

  private void lead(Node<S> node, Status<S, K> status, Map<K, Node<S>> nodes) {
    if (status.handlers.isEmpty()) {
      lead(node, status.leaving(), nodes);
      return;
    }
    lead(node, status.handlers.getFirst().targets, nodes);
    for (var timer : status.timers) {
      timer.targets.stream()
          .limit(1)
          .flatMap(target -> Stream.ofNullable(nodes.get(target)))
          .forEach(target -> node.late(timer.step, target));
    }
  }

  private void lead(Node<S> from, List<K> targets, Map<K, Node<S>> nodes) {
    for (var target : targets) {
      var next = nodes.get(target);
      if (next != null) {
        from.when(name.apply(target), state -> isIn.test(state, target), next);
      }
    }
  }

  private void check(Graph<S> graph) {
    known.forEach(key -> check(key, status(key), graph));
    var mentioned = new LinkedHashSet<>(statuses.keySet());
    statuses.values().stream().flatMap(Status::targets).forEach(mentioned::addAll);
    mentioned.stream()
        .filter(key -> !known.contains(key))
        .forEach(key ->
            graph.report(
                Problem.error(
                    "",
                    name.apply(key) + " is not a status of this machine",
                    "use one of " + names(known))));
  }

  private void check(K key, Status<S, K> status, Graph<S> graph) {
    if (status.isEnd && status.isHandled()) {
      report(
          graph,
          key,
          "it is an end, but is handled",
          "take it out of ends(...), or do not handle it");
    }
    if (!status.isEnd && !status.isHandled()) {
      report(
          graph,
          key,
          "nothing handles this status, and it is no end",
          "handle it with on(...) or onTimeout(...), or name it in ends(...)");
    }
    if (status.handlers.size() > 1) {
      report(graph, key, "it has " + status.handlers.size() + " handlers", "keep one of them");
    }
    if (!status.handlers.isEmpty() && status.timers.size() > 1) {
      report(
          graph,
          key,
          "it has " + status.timers.size() + " timeouts beside its handler",
          "keep one of them");
    }
    if (!status.handlers.isEmpty() && !status.answers.isEmpty()) {
      report(
          graph,
          key,
          "it runs a step, and handles signals besides",
          "let the step lead to a status that waits for them");
    }
    status.answers.stream()
        .collect(
            groupingBy(answer -> answer.handler.signal().name(), LinkedHashMap::new, counting()))
        .forEach((signal, count) -> {
          if (count > 1) {
            report(graph, key, "it handles signal " + signal + " " + count + " times", "keep one");
          }
        });
    status.checks.keySet().stream()
        .filter(signal ->
            status.answers.stream().noneMatch(answer -> answer.handler.signal().equals(signal)))
        .forEach(signal ->
            report(
                graph,
                key,
                "it checks signal " + signal.name() + ", which it does not handle",
                "handle it with onSignal(...) or update(...)"));
    if (status.handlers.isEmpty() && status.waits() && status.leaving().isEmpty()) {
      report(graph, key, "nothing leads out of it", "add onSignal(...) or onTimeout(...)");
    }
    if (status.targets().anyMatch(List::isEmpty)) {
      report(graph, key, "it leads to no status", "name those that its step may lead to");
    }
    if (!status.handlers.isEmpty()) {
      status.timers.stream()
          .filter(timer -> timer.targets.size() > 1)
          .forEach(timer ->
              report(
                  graph,
                  key,
                  "its timeout leads to several statuses: " + names(timer.targets),
                  "lead it to one, as there is a handler besides"));
    }
  }

  private void report(Graph<S> graph, K key, String message, String mend) {
    graph.report(Problem.error(name.apply(key), message, mend));
  }

  private String names(List<K> keys) {
    return keys.stream().map(name).collect(joining(", "));
  }
}
