package dev.pawl.workflow;

import static java.util.stream.Collectors.joining;

import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;

/// The graph of a state machine: a node for each status, and a node "start" that leads each run to
/// the status it starts in.
///
/// @param <K> what tells one status from another
final class StatusGraph<S, K> {
  private final List<K> known;
  private final Function<K, String> name;
  private final BiPredicate<S, K> isIn;
  private final Map<K, Status<S, K>> statuses = new LinkedHashMap<>();

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
    Policy policy = Policy.DEFAULT;
    boolean isEnd;

    boolean isHandled() {
      return !handlers.isEmpty() || !timers.isEmpty();
    }

    Stream<List<K>> targets() {
      return Stream.concat(
          handlers.stream().map(Handler::targets), timers.stream().map(Timer::targets));
    }
  }

  /// What happens on entering a status.
  private record Handler<S, K>(Step<S, S> step, List<K> targets) {}

  /// What happens after some time in a status.
  private record Timer<S, K>(Duration after, Step<S, S> step, List<K> targets) {}

  void on(K from, Step<S, S> step, List<K> targets) {
    status(from).handlers.add(new Handler<>(step, targets));
  }

  void onTimeout(K from, Duration after, Step<S, S> step, List<K> targets) {
    if (!after.isPositive()) {
      throw new IllegalArgumentException(
          name.apply(from) + ": a timeout comes after some time, not after " + after);
    }
    status(from).timers.add(new Timer<>(after, step, targets));
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
    var start = graph.step("start", state -> state);
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
    if (!status.timers.isEmpty()) {
      var timer = status.timers.getFirst();
      return graph
          .plain(
              name.apply(key),
              () -> new Work.Delay<>((state, entered) -> entered.plus(timer.after), timer.step))
          .with(status.policy);
    }
    return graph.end(name.apply(key));
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
      lead(node, status.timers.getFirst().targets, nodes);
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
    if (status.timers.size() > 1) {
      report(graph, key, "it has " + status.timers.size() + " timeouts", "keep one of them");
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
