package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Change;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Fold;
import dev.pawl.workflow.step.Fold2;
import dev.pawl.workflow.step.Fold3;
import dev.pawl.workflow.step.Fold4;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Signal;
import dev.pawl.workflow.step.SignalStep;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.Unhandled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// A workflow that is being written: first the nodes, then the edges, then [#build()].
///
/// A node's name is its durable identity, given once: 1 to 100 characters, without control
/// characters, `/`, `|` and `,`. Not thread-safe.
public final class Graph<S> {
  private final Class<S> state;
  private final List<Node<S>> nodes = new ArrayList<>();
  private final List<Node<S>> starts = new ArrayList<>();
  private final List<FieldMerge<S, ?>> fieldMerges = new ArrayList<>();
  private final List<Reducer<S>> wholeMerges = new ArrayList<>();
  private final Set<String> strangers = new LinkedHashSet<>();
  private final List<Problem> reported = new ArrayList<>();
  private Header header;
  private Unhandled unhandled = Unhandled.KEEP;
  private int unnamedEnds;

  Graph(Header header, Class<S> state) {
    this.header = header;
    this.state = requireNonNull(state, "state");
  }

  /// How one component is merged.
  record FieldMerge<S, T>(Field<S, T> field, Reducer<T> reducer) {}

  /// The version that new runs are pinned to; "1" if none is given.
  public Graph<S> version(String version) {
    header = header.version(version);
    return this;
  }

  /// Limits how long a run may last, from its start on, by the wall clock and also while it is
  /// paused. When the time is over, what runs is interrupted, finished visits are undone, and the
  /// run fails with a [dev.pawl.engine.TimedOut]. A run that is being undone by then is left alone.
  /// The limit holds for runs of this workflow, not where another workflow calls it.
  ///
  /// @throws IllegalArgumentException if the limit is not positive, or longer than 36,500 days
  public Graph<S> within(Duration limit) {
    header = header.within(limit);
    return this;
  }

  /// What becomes of signals while no branch stands at a node that waits for them. Without it they
  /// are kept.
  public Graph<S> unhandled(Unhandled unhandled) {
    this.unhandled = requireNonNull(unhandled, "unhandled");
    return this;
  }

  /// A step that needs no context.
  public Node<S> step(String name, Change<S> step) {
    requireNonNull(step, "step");
    return plain(name, () -> new Work.Run<>((state, context) -> step.apply(state)));
  }

  /// A step on the whole state.
  public Node<S> step(String name, Step<? super S, ? extends S> step) {
    requireNonNull(step, "step");
    return plain(name, () -> new Work.Run<>(exact(step)));
  }

  /// A step on a part of the state.
  ///
  /// @param in takes the step's input out of the state
  /// @param out puts its result into the state; a [Field] does
  public <I, O> Node<S> step(
      String name,
      Function<? super S, ? extends I> in,
      Step<? super I, ? extends O> step,
      Fold<S, ? super O> out) {
    requireNonNull(in, "in");
    requireNonNull(step, "step");
    requireNonNull(out, "out");
    Step<S, S> whole =
        (state, context) -> {
          O result = step.run(in.apply(state), context);
          return out.apply(state, requireNonNull(result, () -> name + " made null"));
        };
    return plain(name, () -> new Work.Run<>(whole));
  }

  /// A step that names the port to leave by. Give each constant of `ports` an edge with
  /// [Choice#on].
  public <P extends Enum<P>> Choice<S, P> choice(
      String name, Class<P> ports, Step<? super S, Outcome<S, P>> step) {
    return add(
        new Choice<>(
            this,
            requireNonNull(name, "name"),
            requireNonNull(ports, "ports"),
            narrowed(requireNonNull(step, "step"))));
  }

  /// Waits, on a timer that holds no thread and outlives the process. The wall clock of the engine
  /// decides, never before its time; when that clock jumps forward, the delay ends up to ten
  /// minutes later than it would have to.
  ///
  /// @param until when to go on; a time in the past does not wait
  public Node<S> delay(String name, Function<? super S, Instant> until) {
    requireNonNull(until, "until");
    return plain(
        name, () -> new Work.Delay<>((state, entered) -> until.apply(state), Optional.empty()));
  }

  /// Waits for a signal, and folds what it carries into the state. The wait holds no thread and
  /// outlives the process; [Policy#within(Duration)] and [Node#onTimeout] end it.
  ///
  /// @param fold makes the state to go on with, in an attempt
  public <T> AwaitNode<S, T> await(String name, Signal<T> signal, Fold<S, ? super T> fold) {
    return await(name, arrival(signal, fold));
  }

  /// Waits for a signal that is meant for this branch.
  ///
  /// @param correlation tells from the state which messages are: those sent with the same; should
  ///   be pure, and is called again after a crash
  /// @param fold makes the state to go on with, in an attempt
  public <T> AwaitNode<S, T> await(
      String name,
      Signal<T> signal,
      Function<? super S, String> correlation,
      Fold<S, ? super T> fold) {
    return await(name, arrival(signal, correlation, fold));
  }

  private <T> AwaitNode<S, T> await(String name, Arrival<S, T> signal) {
    return add(new AwaitNode<>(this, requireNonNull(name, "name"), signal));
  }

  /// One of the signals of [#awaitAny] or [#awaitAll].
  ///
  /// @param fold makes the state to go on with, in an attempt
  public <T> Arrival<S, T> arrival(Signal<T> signal, Fold<S, ? super T> fold) {
    requireNonNull(fold, "fold");
    return new Arrival<>(
        new Work.Await.Handler<>(
            requireNonNull(signal, "signal"),
            Optional.empty(),
            (state, payload, context) -> fold.apply(state, payload),
            false));
  }

  /// One of the signals of [#awaitAny] or [#awaitAll], of which only those with the same
  /// correlation are meant.
  public <T> Arrival<S, T> arrival(
      Signal<T> signal, Function<? super S, String> correlation, Fold<S, ? super T> fold) {
    requireNonNull(fold, "fold");
    return new Arrival<>(
        new Work.Await.Handler<>(
            requireNonNull(signal, "signal"),
            Optional.of(requireNonNull(correlation, "correlation")),
            (state, payload, context) -> fold.apply(state, payload),
            false));
  }

  /// Waits for the first of several signals, and folds what it carries into the state.
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is copied
  public final Node<S> awaitAny(String name, Arrival<S, ?>... signals) {
    return await(name, List.of(signals), Work.Await.Mode.ANY);
  }

  /// Waits for one of each of several signals, and folds what they carry into the state as they
  /// come.
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is copied
  public final Node<S> awaitAll(String name, Arrival<S, ?>... signals) {
    return await(name, List.of(signals), Work.Await.Mode.ALL);
  }

  private Node<S> await(String name, List<Arrival<S, ?>> signals, Work.Await.Mode mode) {
    List<Work.Await.Handler<S, ?>> handlers = new ArrayList<>();
    signals.forEach(signal -> handlers.add(signal.handler()));
    return plain(name, () -> new Work.Await<>(handlers, List.of(), mode));
  }

  /// A step that others complete: it tells them to, and the node waits for what they answer with
  /// [dev.pawl.engine.Engine#complete], which needs no more than the
  /// [dev.pawl.workflow.step.StepContext#idempotencyKey()] of the step. [Policy#within(Duration)]
  /// and [Node#onTimeout] end the wait.
  ///
  /// @param result the type of the answer, which is stored
  /// @param tell tells others what to do, and hands out the key; runs as any step
  /// @param fold makes the state to go on with
  public <T> Node<S> external(
      String name, Class<T> result, Step<? super S, ? extends S> tell, Fold<S, ? super T> fold) {
    requireNonNull(tell, "tell");
    requireNonNull(fold, "fold");
    Signal<T> answer = Signal.of("completion of " + name, result);
    SignalStep<S, T, S> step = (state, payload, context) -> fold.apply(state, payload);
    return plain(
        name,
        () ->
            new Work.Await<>(
                Optional.of(exact(tell)),
                List.of(new Work.Await.Handler<>(answer, Optional.empty(), step, false)),
                List.of(),
                Work.Await.Mode.ANY));
  }

  /// Starts a run of another workflow, with a history, limits and an end of its own, and waits
  /// until it is over. The wait holds no thread; [Policy#within(Duration)] and [Node#onTimeout] end
  /// it.
  ///
  /// The child's key is that of its parent, a slash and the name of the node, and in a branch other
  /// than the root that of the branch; its headers are those of its parent. A run has at most as
  /// many others above it as [dev.pawl.engine.Limits#nesting()] says. If the child fails or is
  /// cancelled, the node gives up with a `ChildFailed`. If the visit ends without it, the child is
  /// cancelled: see [ChildNode#outlives()].
  ///
  /// @param in makes the state that the child starts with; should be pure, and is called again
  ///   after a crash
  /// @param out folds the state that the child ended with
  public <T> ChildNode<S> child(
      String name,
      Workflow<T> workflow,
      Function<? super S, ? extends T> in,
      Fold<S, ? super T> out) {
    return add(
        new ChildNode<>(
            this,
            requireNonNull(name, "name"),
            workflow.definition(),
            requireNonNull(in, "in"),
            requireNonNull(out, "out")));
  }

  /// Starts a run of another workflow for each item, waits until they are over, and folds the
  /// states that they ended with: as [#child] for one of them, as [#map] for all. In names of
  /// nodes, what starts them is `<name>/run`.
  ///
  /// @param items what the children start with, in order; should be pure, and is called again after
  ///   a crash
  public <T> MapNode<S, T> children(
      String name,
      Workflow<T> workflow,
      Function<? super S, ? extends Collection<T>> items,
      Fold<S, ? super Results<T, T>> out) {
    var started = workflow.definition();
    return add(
        new MapNode<>(
            this,
            requireNonNull(name, "name"),
            new MapNode.OfStep<>(
                requireNonNull(items, "items"),
                policy -> OneStep.child("run", started, policy),
                requireNonNull(out, "out"))));
  }

  /// Starts a run of another workflow, as [#child] does, and goes on at once. The child is durable
  /// then, and nothing that happens to its parent touches it.
  ///
  /// @param in makes the state that the child starts with; should be pure, and is called again
  ///   after a crash
  public <T> Node<S> launch(
      String name, Workflow<T> workflow, Function<? super S, ? extends T> in) {
    requireNonNull(in, "in");
    var started = workflow.definition();
    return plain(name, () -> new Work.Child<>(started, in, Optional.empty(), true));
  }

  /// Runs another workflow in the same run, up to one of its ends.
  ///
  /// @param in makes the state that `sub` starts with
  /// @param out folds the state that `sub` ends with
  public <T> Node<S> call(
      String name, Workflow<T> sub, Function<? super S, ? extends T> in, Fold<S, ? super T> out) {
    requireNonNull(in, "in");
    requireNonNull(out, "out");
    var called = sub.definition();
    return plain(name, () -> new Work.Call<>(called, in, out));
  }

  /// Runs a step for each item. In names of nodes, the items' step is `<name>/each`.
  ///
  /// @param items the items, in order; should be pure, and is called again after a crash
  /// @param result the type of an item's result, which is stored
  /// @param out folds the results
  public <I, R> MapNode<S, I> map(
      String name,
      Function<? super S, ? extends Collection<I>> items,
      Class<R> result,
      Step<? super I, ? extends R> step,
      Fold<S, ? super Results<I, R>> out) {
    requireNonNull(result, "result");
    requireNonNull(step, "step");
    return add(
        new MapNode<>(
            this,
            requireNonNull(name, "name"),
            new MapNode.OfStep<>(
                requireNonNull(items, "items"),
                policy -> OneStep.of("each", Object.class, result, policy, step),
                requireNonNull(out, "out"))));
  }

  /// Runs a workflow for each item, with the item as its state. In names of nodes, those of `each`
  /// are `<name>/<its name>`.
  ///
  /// @param items the items, in order; should be pure, and is called again after a crash
  /// @param out folds the states that the items ended with
  public <T> MapNode<S, T> map(
      String name,
      Function<? super S, ? extends Collection<T>> items,
      Workflow<T> each,
      Fold<S, ? super Results<T, T>> out) {
    return add(
        new MapNode<>(
            this,
            requireNonNull(name, "name"),
            new MapNode.OfWorkflow<>(
                requireNonNull(items, "items"), each.definition(), requireNonNull(out, "out"))));
  }

  /// A branch for a parallel node.
  ///
  /// @param result the type of the step's result, which is stored
  public <T> Branch<S, T> branch(String name, Class<T> result, Step<? super S, ? extends T> step) {
    return new Branch<>(
        this,
        requireNonNull(name, "name"),
        requireNonNull(result, "result"),
        requireNonNull(step, "step"));
  }

  /// Runs two branches at the same time and folds their results. In names of nodes, a branch is
  /// `<name>/<branch>`.
  public <A, B> Node<S> parallel(
      String name, Branch<S, A> a, Branch<S, B> b, Fold2<S, ? super A, ? super B> out) {
    requireNonNull(out, "out");
    return parallel(
        name, List.of(a, b), (state, r) -> out.apply(state, as(a, r.get(0)), as(b, r.get(1))));
  }

  /// Runs three branches at the same time and folds their results.
  public <A, B, C> Node<S> parallel(
      String name,
      Branch<S, A> a,
      Branch<S, B> b,
      Branch<S, C> c,
      Fold3<S, ? super A, ? super B, ? super C> out) {
    requireNonNull(out, "out");
    return parallel(
        name,
        List.of(a, b, c),
        (state, r) -> out.apply(state, as(a, r.get(0)), as(b, r.get(1)), as(c, r.get(2))));
  }

  /// Runs four branches at the same time and folds their results.
  public <A, B, C, D> Node<S> parallel(
      String name,
      Branch<S, A> a,
      Branch<S, B> b,
      Branch<S, C> c,
      Branch<S, D> d,
      Fold4<S, ? super A, ? super B, ? super C, ? super D> out) {
    requireNonNull(out, "out");
    return parallel(
        name,
        List.of(a, b, c, d),
        (state, r) ->
            out.apply(state, as(a, r.get(0)), as(b, r.get(1)), as(c, r.get(2)), as(d, r.get(3))));
  }

  private Node<S> parallel(String name, List<Branch<S, ?>> branches, Work.FoldAll<S> out) {
    branches.stream()
        .filter(branch -> branch.graph != this)
        .forEach(branch -> strangers.add(branch.name));
    return plain(
        name,
        () ->
            new Work.Parallel<>(
                branches.stream().<Definition<?>>map(Branch::definition).toList(), out));
  }

  private static <T> T as(Branch<?, T> branch, Object result) {
    return branch.cast(result);
  }

  /// Where the branches of a fork meet, and their states are merged.
  ///
  /// @param mode how many branches must have arrived; those not needed any more are cancelled
  public Node<S> join(String name, Join mode) {
    requireNonNull(mode, "mode");
    return plain(name, () -> new Work.Meet<>(mode));
  }

  /// Merges a component that several branches of a fork changed.
  public <T> Graph<S> merge(Field<S, T> field, Reducer<T> reducer) {
    fieldMerges.add(
        new FieldMerge<>(requireNonNull(field, "field"), requireNonNull(reducer, "reducer")));
    return this;
  }

  /// Merges the whole states of a fork's branches, instead of component by component.
  public Graph<S> merge(Reducer<S> reducer) {
    wholeMerges.add(requireNonNull(reducer, "reducer"));
    return this;
  }

  /// An end named "end"; further ones are "end-2", "end-3", ...
  public Node<S> end() {
    unnamedEnds++;
    return end(unnamedEnds == 1 ? "end" : "end-" + unnamedEnds);
  }

  /// An end. Its name tells how a run ended.
  public Node<S> end(String name) {
    return plain(name, Work.End::new);
  }

  /// The node that runs start at.
  public Graph<S> start(Node<S> first) {
    if (first.graph != this) {
      strangers.add(first.name);
    }
    starts.add(first);
    return this;
  }

  /// An edge from each node to the next, taken when no other is: as [Node#otherwise].
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is read, never written
  public final Graph<S> path(Node<S>... nodes) {
    for (int i = 1; i < nodes.length; i++) {
      if (nodes[i - 1].graph != this) {
        strangers.add(nodes[i - 1].name);
      }
      nodes[i - 1].otherwise(nodes[i]);
    }
    return this;
  }

  /// The workflow, which later changes of this graph do not touch.
  ///
  /// @throws InvalidWorkflow naming all that is wrong with the graph
  public Workflow<S> build() {
    var outline = Outline.of(this);
    var regions = new Regions(outline);
    var problems = GraphChecks.problems(this, outline, regions);
    if (problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR)) {
      throw new InvalidWorkflow(name(), problems);
    }
    return new Workflow<>(new Compiler<>(this, outline, regions).compile(), problems);
  }

  String name() {
    return header.name();
  }

  Header header() {
    return header;
  }

  Class<S> state() {
    return state;
  }

  /// What becomes of signals that a node does not wait for.
  Unhandled unhandled(Node<S> node) {
    return node.leadsOn() ? Unhandled.KEEP : unhandled;
  }

  List<Node<S>> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  List<Node<S>> starts() {
    return Collections.unmodifiableList(starts);
  }

  List<FieldMerge<S, ?>> fieldMerges() {
    return Collections.unmodifiableList(fieldMerges);
  }

  List<Reducer<S>> wholeMerges() {
    return Collections.unmodifiableList(wholeMerges);
  }

  /// Adds a problem that was found before the graph was made.
  void report(Problem problem) {
    reported.add(problem);
  }

  List<Problem> reported() {
    return Collections.unmodifiableList(reported);
  }

  /// Names of what is part of other graphs, but was used in this one.
  Set<String> strangers() {
    return Collections.unmodifiableSet(strangers);
  }

  Node<S> plain(String name, Supplier<Work<S>> work) {
    return add(new PlainNode<>(this, requireNonNull(name, "name"), work));
  }

  private <N extends Node<S>> N add(N node) {
    nodes.add(node);
    return node;
  }

  @SuppressWarnings("unchecked") // a step that takes more, and makes less, takes and makes S
  static <S> Step<S, S> exact(Step<? super S, ? extends S> step) {
    return (Step<S, S>) step;
  }

  @SuppressWarnings("unchecked") // a step that takes more is one that takes S
  private <P> Step<S, Outcome<S, P>> narrowed(Step<? super S, Outcome<S, P>> step) {
    return (Step<S, Outcome<S, P>>) step;
  }
}
