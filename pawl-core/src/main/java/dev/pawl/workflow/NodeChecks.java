package dev.pawl.workflow;

import static java.util.stream.Collectors.joining;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Policy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What can be wrong with a node by itself.
final class NodeChecks<S> {
  private final Node<S> node;
  private final Work<S> work;
  private final List<Problem> problems = new ArrayList<>();

  private NodeChecks(Node<S> node) {
    this.node = node;
    work = node.work();
  }

  static <S> List<Problem> problems(Node<S> node) {
    var checks = new NodeChecks<>(node);
    checks.name();
    checks.strangers();
    if (checks.work instanceof Work.End<S>) {
      checks.end();
    } else {
      checks.edges();
      checks.labels();
      checks.fork();
      checks.errors();
      checks.timeout();
    }
    if (checks.work instanceof Work.Await<S> await) {
      checks.signals(await);
    }
    if (checks.work instanceof Work.Parallel<S> parallel) {
      checks.branches(parallel);
    }
    return checks.problems;
  }

  private void name() {
    Names.flaw(node.name).ifPresent(flaw -> error("its name " + flaw, Names.MEND));
  }

  private void strangers() {
    node.targets()
        .filter(target -> target.graph != node.graph)
        .forEach(target ->
            error(
                "an edge leads to " + target.name + ", a node of another graph",
                "lead to nodes of this graph only"));
  }

  private void end() {
    if (node.targets().findAny().isPresent()) {
      error("it is an end, but has an edge", "remove its edges, or make it a step");
    }
  }

  private void edges() {
    var plain = !node.conditions().isEmpty() || !node.otherwise.isEmpty();
    if (node instanceof Choice<S, ?> choice) {
      choice(choice, plain);
    } else if (plain && !node.fork.isEmpty()) {
      error(
          "it forks, and has edges besides",
          "make the edges branches of the fork, or put them on a node after it");
    } else if (!plain && node.fork.isEmpty()) {
      error("no edge leads on from it", "add otherwise(node), or make it an end");
    }
    several("edges are taken when no other is", distinct(node.otherwise));
  }

  private void choice(Choice<S, ?> choice, boolean plain) {
    if (plain || !node.fork.isEmpty()) {
      error(
          "a choice leaves by its ports, but it has other edges",
          "use on(port, node), and put other edges on a node after it");
    }
    if (choice.constants().length == 0) {
      error("its enum has no constants to leave by", "add one for each way out");
    }
    for (var port : choice.constants()) {
      var targets = distinct(choice.targets(port));
      if (targets.isEmpty()) {
        error("no edge leads on from its port " + port.name(), "add on(" + port.name() + ", node)");
      }
      several("edges lead on from its port " + port.name(), targets);
    }
  }

  private void several(String what, Set<Node<S>> targets) {
    if (targets.size() > 1) {
      error(targets.size() + " " + what + ", to " + names(targets), "keep one of them");
    }
  }

  private void labels() {
    var seen = new HashSet<String>();
    for (var arrow : node.conditions()) {
      var label = arrow.label();
      Names.flawOfLabel(label)
          .ifPresent(
              flaw -> error("the label \"" + label + "\" of an edge " + flaw, Names.LABEL_MEND));
      if (!seen.add(label)) {
        error("two edges have the label \"" + label + "\"", "give each edge a label of its own");
      }
    }
  }

  private void fork() {
    if (node.fork.size() == 1) {
      error("it forks into a single branch", "fork into more, or use otherwise(node)");
    }
  }

  private void errors() {
    for (int i = 0; i < node.errors.size(); i++) {
      var type = node.errors.get(i).type();
      node.errors.stream()
          .limit(i)
          .filter(earlier -> earlier.type().isAssignableFrom(type))
          .findFirst()
          .ifPresent(earlier ->
              warning(
                  "its error edge for "
                      + type.getSimpleName()
                      + " is never taken: the one for "
                      + earlier.type().getSimpleName()
                      + " comes before it",
                  "declare the narrower type first"));
    }
  }

  private void timeout() {
    if (node.timeouts.isEmpty()) {
      return;
    }
    if (node.timeouts.size() > 1) {
      error("it has " + node.timeouts.size() + " timeout edges", "keep one of them");
    }
    if (node.policy().perVisit().equals(Policy.DEFAULT.perVisit())) {
      error(
          "its timeout edge is never taken: nothing limits its visits",
          node.policy().equals(node.given())
              ? "add with(Policy.within(...))"
              : "map over a workflow, whose map has a policy of its own");
    }
  }

  private void signals(Work.Await<S> await) {
    var seen = new HashSet<String>();
    for (var handler : await.handlers()) {
      if (!seen.add(handler.signal().name())) {
        error("it waits for signal " + handler.signal().name() + " twice", "keep one of them");
      }
    }
    if (await.handlers().isEmpty() && await.timers().isEmpty()) {
      error("it waits for nothing", "name the signals that it waits for");
    }
  }

  private void branches(Work.Parallel<S> parallel) {
    var names = parallel.branches().stream().map(Definition::name).toList();
    for (var name : new LinkedHashSet<>(names)) {
      Names.flaw(name)
          .ifPresent(flaw -> error("the name of its branch " + name + " " + flaw, Names.MEND));
      if (names.indexOf(name) != names.lastIndexOf(name)) {
        error(
            "several of its branches have the name " + name,
            "the name is the branch's durable identity: give each its own");
      }
    }
  }

  private void error(String message, String mend) {
    problems.add(Problem.error(node.name, message, mend));
  }

  private void warning(String message, String mend) {
    problems.add(Problem.warning(node.name, message, mend));
  }

  private static <S> Set<Node<S>> distinct(List<Node<S>> nodes) {
    return new LinkedHashSet<>(nodes);
  }

  private static <S> String names(Set<Node<S>> nodes) {
    return nodes.stream().map(node -> node.name).collect(joining(" and "));
  }
}
