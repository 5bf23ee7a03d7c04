package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Compensation;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A node of a graph that is being built, and its outgoing edges. Its name is its durable identity.
/// Every method returns this node. Mistakes are reported by [Graph#build()], all at once.
///
/// Not thread-safe, like the [Graph] it belongs to.
public abstract sealed class Node<S> permits PlainNode, Choice, MapNode, AwaitNode, ChildNode {
  final Graph<S> graph;
  final String name;
  final List<Node<S>> otherwise = new ArrayList<>();
  final List<Node<S>> fork = new ArrayList<>();
  final List<ErrorArrow<S, ?>> errors = new ArrayList<>();
  final List<TimeoutArrow<S>> timeouts = new ArrayList<>();
  private final List<Arrow<S>> conditions = new ArrayList<>();
  private Policy policy = Policy.DEFAULT;
  private boolean pure;
  private boolean leadsOn;
  private @Nullable Compensation<? super S> undo;

  Node(Graph<S> graph, String name) {
    this.graph = graph;
    this.name = name;
  }

  /// An edge out of the node; without a test it is taken when no other is.
  record Arrow<S>(String label, Optional<Predicate<? super S>> test, Node<S> target) {}

  /// An edge that is taken when the node gives up.
  record ErrorArrow<S, X extends Exception>(
      Class<X> type, Fold<S, ? super X> fold, Node<S> target) {}

  /// An edge that is taken when a visit takes too long.
  record TimeoutArrow<S>(Step<S, S> change, Node<S> target) {}

  /// Runs the node under this policy; the last call counts. Without one it is [Policy#DEFAULT].
  public Node<S> with(Policy policy) {
    this.policy = requireNonNull(policy, "policy");
    return this;
  }

  /// Says that the branches of this fork or parallel node, or the items of this map, only compute:
  /// an inline run may then run them one after another, on the caller's thread.
  public Node<S> pure() {
    pure = true;
    return this;
  }

  /// Undoes a visit of this node that has ended well, when the run fails or is cancelled, or when
  /// its branch is not needed any more by the join of its fork. Visits are undone one after
  /// another, the latest first, when nothing else runs any more; the policy of the node holds for
  /// that, too. A compensation that gives up pauses the run, and is tried again when that is
  /// resumed.
  ///
  /// @param undo gets the state that the visit ended with
  public Node<S> compensate(Compensation<? super S> undo) {
    this.undo = requireNonNull(undo, "undo");
    return this;
  }

  /// An edge that is taken if `test` accepts the state after the node. Edges are tried in the order
  /// of their declaration; the test runs inside the attempt, and should be pure.
  ///
  /// @param label what the history and the diagrams call the edge; unique among those of the node
  public Node<S> when(String label, Predicate<? super S> test, Node<S> next) {
    conditions.add(
        new Arrow<>(
            requireNonNull(label, "label"),
            Optional.of(requireNonNull(test, "test")),
            requireNonNull(next, "next")));
    return this;
  }

  /// The edge that is taken when no other is. Without it, a state that no condition accepts fails
  /// the attempt.
  public Node<S> otherwise(Node<S> next) {
    otherwise.add(requireNonNull(next, "next"));
    return this;
  }

  /// Splits the run into parallel branches, which start at these nodes with the state after this
  /// one. They meet again at a [Graph#join], else at the first node that all of them must pass,
  /// else at the end; there their states are merged. A node that forks has no other edges, but may
  /// have error and timeout edges.
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is read, never written
  public final Node<S> fork(Node<S>... branches) {
    for (var branch : branches) {
      fork.add(requireNonNull(branch, "branch"));
    }
    return this;
  }

  /// The edge that is taken when the node gives up with an error of this type: it failed, and its
  /// policy allows no other attempt. Error edges are tried in the order of their declaration. A
  /// fork, a parallel node, a map and a call give up with a `BranchFailed`, whatever failed in
  /// them.
  ///
  /// @param fold makes the state to leave with, from the state before the node and the error
  public <X extends Exception> Node<S> onError(
      Class<X> type, Fold<S, ? super X> fold, Node<S> next) {
    errors.add(
        new ErrorArrow<>(
            requireNonNull(type, "type"),
            requireNonNull(fold, "fold"),
            requireNonNull(next, "next")));
    return this;
  }

  /// The node that does it otherwise when this one gives up, with the state before this one: an
  /// error edge for any [Exception] that those declared before it do not take.
  public Node<S> fallback(Node<S> next) {
    return onError(Exception.class, (state, error) -> state, next);
  }

  /// The edge that is taken when a visit takes longer than the policy's [Policy#perVisit()], which
  /// must be set.
  ///
  /// @param change makes the state to leave with, from the state before the node
  public Node<S> onTimeout(UnaryOperator<S> change, Node<S> next) {
    requireNonNull(change, "change");
    return late((state, context) -> change.apply(state), next);
  }

  final Node<S> late(Step<S, S> change, Node<S> next) {
    timeouts.add(new TimeoutArrow<>(change, requireNonNull(next, "next")));
    return this;
  }

  /// Says that it only leads to others, which tell what becomes of signals.
  final Node<S> leadingOn() {
    leadsOn = true;
    return this;
  }

  final boolean leadsOn() {
    return leadsOn;
  }

  final Optional<Compensation<? super S>> compensation() {
    return Optional.ofNullable(undo);
  }

  /// What the node does, as declared by now.
  abstract Work<S> work();

  final List<Arrow<S>> conditions() {
    return Collections.unmodifiableList(conditions);
  }

  /// The edges in the order in which they are tried.
  List<Arrow<S>> arrows() {
    var arrows = new ArrayList<>(conditions);
    otherwise.stream()
        .limit(1)
        .forEach(next -> arrows.add(new Arrow<>("", Optional.empty(), next)));
    return arrows;
  }

  final boolean isPure() {
    return pure;
  }

  /// The policy that was given, or the default.
  final Policy given() {
    return policy;
  }

  /// Whether nothing follows if all goes well.
  final boolean isDead() {
    return arrows().isEmpty() && fork.isEmpty();
  }

  /// Where all edges lead.
  final Stream<Node<S>> targets() {
    return Stream.concat(fork.stream(), others());
  }

  /// Where the edges lead, but for those of the fork.
  final Stream<Node<S>> others() {
    return Stream.of(
            conditions.stream().map(Arrow::target),
            otherwise.stream(),
            arrows().stream().map(Arrow::target),
            errors.stream().map(ErrorArrow::target),
            timeouts.stream().map(TimeoutArrow::target))
        .flatMap(targets -> targets)
        .distinct();
  }

  /// The policy of the node's own attempts.
  Policy policy() {
    return policy;
  }
}
