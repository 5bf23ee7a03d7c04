package dev.pawl.testkit.workload;

import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.ChildFailed;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Exits.ErrorEdge;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Reducer.Change;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.StepContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The plainest interpreter of workflows, to hold engines against: one thread, one thing after the
/// other, recursion where the graph nests. It shares no code with the engines.
///
/// Time stands still: delays are over at once, retries do not wait, no limit of time is ever
/// reached. Budgets are not enforced.
@SuppressWarnings("unchecked") // the builder of a workflow has checked its types
public final class Reference {
  private static final int NOWHERE = -1;
  private static final RunId NOBODY = new RunId(0, 0);
  private final Choices choices;
  private final Map<String, Object> payloads;
  private final String key;
  private final Map<String, Integer> visits = new HashMap<>();
  private boolean raced;

  private Reference(Choices choices, Map<String, Object> payloads, String key) {
    this.choices = choices;
    this.payloads = payloads;
    this.key = key;
  }

  /// How a run can go.
  ///
  /// @param ending how it ends
  /// @param visits how often each node was visited, by full name; children that an engine may
  ///   cancel count in full
  /// @param raced whether that depended on which of several branches was faster
  public record Course<S>(Ending<S> ending, Map<String, Integer> visits, boolean raced) {
    /// Copies the map.
    public Course {
      visits = Map.copyOf(visits);
    }
  }

  /// How a run ends.
  public sealed interface Ending<S> {
    /// At an end.
    ///
    /// @param end its name
    /// @param state the state there
    record Completed<S>(String end, S state) implements Ending<S> {}

    /// With a node that gave up.
    ///
    /// @param node its full name
    /// @param attempts how often it was tried
    /// @param error type and message of its last error
    record Failed<S>(String node, int attempts, String error) implements Ending<S> {}
  }

  /// The ways a run can go: one, unless branches race each other.
  ///
  /// @param limit how many ways to find at most
  public static <S> List<Course<S>> courses(Workflow<S> workflow, S input, int limit) {
    return courses(workflow, input, limit, Map.of(), "reference");
  }

  /// As [#courses(Workflow, Object, int)], where others send signals: as many as are waited for.
  ///
  /// @param payloads what each signal carries, by its name
  /// @param key that of the run
  public static <S> List<Course<S>> courses(
      Workflow<S> workflow, S input, int limit, Map<String, Object> payloads, String key) {
    var choices = new Choices();
    var courses = new ArrayList<Course<S>>();
    do {
      courses.add(new Reference(choices, payloads, key).course(workflow.definition(), input));
    } while (courses.size() < limit && choices.advance());
    return courses;
  }

  private <S> Course<S> course(Definition<S> definition, S input) {
    var scope = new Scope((Definition<Object>) definition, "");
    var ending = ending(scope, input);
    return new Course<>((Ending<S>) ending, visits, raced);
  }

  private Ending<Object> ending(Scope scope, Object input) {
    try {
      var last = walk(scope, new Branch(""), scope.definition.start(), NOWHERE, input);
      return new Ending.Completed<>(scope.definition.node(last.node).name(), last.state);
    } catch (GaveUp e) {
      return new Ending.Failed<>(e.node, e.attempts, described(e.error));
    }
  }

  /// A definition and what stands before the names of its nodes.
  private record Scope(Definition<Object> definition, String prefix) {
    String name(NodeModel<?> node) {
      return prefix + node.name();
    }

    Scope inside(NodeModel<?> node, Definition<?> inner) {
      return new Scope((Definition<Object>) inner, name(node) + "/");
    }
  }

  /// One position in the graph.
  private static final class Branch {
    private final String name;
    private int visits;

    private Branch(String name) {
      this.name = name;
    }

    private Branch child(Object segment) {
      return new Branch(name + "/" + visits + "." + segment);
    }
  }

  /// Where a branch goes, and with which state.
  ///
  /// @param meeting the branches that meet there, if it comes out of a fork
  private record Next(int node, Object state, @Nullable Meeting meeting) {
    Next(int node, Object state) {
      this(node, state, null);
    }
  }

  /// What the branches of a fork bring to their join.
  private record Meeting(List<Change<Object>> changes, List<String> names) {}

  private static final class GaveUp extends Exception {
    private static final long serialVersionUID = 1;
    private final String node;
    private final int attempts;
    private final Throwable error;

    private GaveUp(String node, int attempts, Throwable error) {
      super(error);
      this.node = node;
      this.attempts = attempts;
      this.error = error;
    }
  }

  /// A child gave up, and with it the node that waits for it.
  private static final class ChildGaveUp extends Exception {
    private static final long serialVersionUID = 1;
    private final GaveUp child;

    private ChildGaveUp(GaveUp child) {
      super(child);
      this.child = child;
    }
  }

  /// Follows a branch from `start` to the node `stop` or an end.
  private Next walk(Scope scope, Branch branch, int start, int stop, Object input) throws GaveUp {
    var next = new Next(start, input);
    for (; ; ) {
      var node = scope.definition.node(next.node);
      boolean arrived = next.node == stop || node.work() instanceof Work.End;
      if (arrived && next.meeting == null) {
        return next;
      }
      next = new Visit(scope, branch, node, next).leave();
    }
  }

  /// One visit of a node.
  private final class Visit {
    private final Scope scope;
    private final Branch branch;
    private final NodeModel<Object> node;
    private final @Nullable Meeting meeting;
    private Object state;

    private Visit(Scope scope, Branch branch, NodeModel<Object> node, Next entering) {
      this.scope = scope;
      this.branch = branch;
      this.node = node;
      this.meeting = entering.meeting;
      this.state = entering.state;
    }

    private Next leave() throws GaveUp {
      branch.visits++;
      visits.merge(scope.name(node), 1, Integer::sum);
      try {
        return work();
      } catch (GaveUp e) {
        return leaveWith(e.error, e.attempts, e);
      } catch (ChildGaveUp e) {
        var child = e.child;
        var error = new BranchFailed(child.node, child.attempts, described(child.error));
        return leaveWith(error, 1, child);
      }
    }

    private Next work() throws GaveUp, ChildGaveUp {
      return switch (node.work()) {
        case Work.Run<Object> run -> step(run.step());
        case Work.Meet<Object> meet -> step((before, context) -> before);
        case Work.End<Object> end -> step((before, context) -> before);
        case Work.Choose<Object, ?> choose -> choose(choose);
        case Work.Delay<Object> delay -> delay(delay);
        case Work.Await<Object> await -> await(await);
        case Work.Child<Object, ?> child -> child((Work.Child<Object, Object>) child);
        case Work.Call<Object, ?> call -> call((Work.Call<Object, Object>) call);
        case Work.Each<Object, ?, ?> each -> each((Work.Each<Object, Object, Object>) each);
        case Work.Parallel<Object> parallel -> parallel(parallel);
      };
    }

    private Next step(Step<Object, Object> step) throws GaveUp, ChildGaveUp {
      var next = attempts(context -> byEdge(step.run(merged(), context)));
      return node.exits().fork().isEmpty() ? next : fork(next.state);
    }

    private Next choose(Work.Choose<Object, ?> choose) throws GaveUp {
      var step = (Step<Object, Outcome<Object, ?>>) (Step<Object, ?>) choose.step();
      return attempts(context -> {
        var outcome = given(step.run(merged(), context));
        int port = List.of(choose.ports().getEnumConstants()).indexOf(outcome.port());
        return new Next(node.exits().target(port), outcome.state());
      });
    }

    private Next delay(Work.Delay<Object> delay) throws GaveUp {
      state = attempts(context -> merged());
      attempts(context -> given(delay.until().at(state, Instant.EPOCH)));
      return attempts(context -> byEdge(state));
    }

    /// The first of its signals comes.
    private Next await(Work.Await<Object> await) throws GaveUp {
      state = attempts(context -> merged());
      var handler = (Work.Await.Handler<Object, Object>) await.handlers().getFirst();
      var payload = payloads.get(handler.signal().name());
      if (payload == null) {
        throw new IllegalArgumentException("nobody sends signal " + handler.signal().name());
      }
      return attempts(context -> byEdge(handler.step().run(state, payload, context)));
    }

    /// A run of its own, whose visits are not this one's.
    private Next child(Work.Child<Object, Object> child) throws GaveUp {
      state = attempts(context -> merged());
      var input = attempts(context -> given(child.in().apply(state)));
      if (child.out().isEmpty()) {
        return attempts(context -> byEdge(state));
      }
      var childKey = key + "/" + scope.name(node) + branch.name;
      var own = new Reference(choices, payloads, childKey).course(child.workflow(), input);
      raced |= own.raced();
      return switch (own.ending()) {
        case Ending.Completed<Object>(var end, var after) ->
            attempts(context -> byEdge(child.out().get().apply(state, after)));
        case Ending.Failed<Object>(var failed, var attempts, var error) ->
            throw new GaveUp(
                scope.name(node), 1, new ChildFailed(NOBODY, childKey, RunStatus.FAILED, error));
      };
    }

    private Next call(Work.Call<Object, Object> call) throws GaveUp, ChildGaveUp {
      state = attempts(context -> merged());
      var input = attempts(context -> given(call.in().apply(state)));
      var children = children(1, index -> end(call.sub(), "0", input));
      failIfMoreFailedThan(0, children);
      return attempts(context -> byEdge(call.out().apply(state, children.getFirst().result())));
    }

    private Next parallel(Work.Parallel<Object> parallel) throws GaveUp, ChildGaveUp {
      state = attempts(context -> merged());
      var branches = parallel.branches();
      var children =
          children(branches.size(), index -> end(branches.get(index), "" + index, state));
      failIfMoreFailedThan(0, children);
      var results = children.stream().map(Child::result).toList();
      return attempts(context -> byEdge(parallel.out().apply(state, results)));
    }

    private Next each(Work.Each<Object, Object, Object> each) throws GaveUp, ChildGaveUp {
      state = attempts(context -> merged());
      var items = attempts(context -> items(each));
      var names = List.copyOf(items.keySet());
      var inputs = List.copyOf(items.values());
      var children =
          children(names.size(), index -> end(each.each(), names.get(index), inputs.get(index)));
      failIfMoreFailedThan((int) Math.floor(each.tolerated() * names.size()), children);
      var results = new ArrayList<Results.Item<Object, Object>>();
      for (int i = 0; i < children.size(); i++) {
        results.add(children.get(i).told(inputs.get(i)));
      }
      return attempts(context -> byEdge(each.out().apply(state, new ListedResults<>(results))));
    }

    /// The items in their order, by key or else by number.
    private Map<String, Object> items(Work.Each<Object, Object, Object> each) {
      var items = new LinkedHashMap<String, Object>();
      for (var item : each.items().apply(state)) {
        var name = each.key().map(key -> key.apply(item)).orElse("" + items.size());
        if (items.containsKey(name)) {
          int first = List.copyOf(items.keySet()).indexOf(name);
          throw new IllegalArgumentException(
              "items " + first + " and " + items.size() + " have the same key " + name);
        }
        items.put(name, item);
      }
      return items;
    }

    private Next fork(Object base) throws GaveUp, ChildGaveUp {
      state = base;
      var first = node.exits().fork();
      int join = node.exits().join();
      int needed =
          scope.definition.node(join).work() instanceof Work.Meet<Object> meet
              ? meet.mode().of(first.size())
              : first.size();
      var children =
          children(
              first.size(),
              index -> walk(scope, branch.child("" + index), first.get(index), join, base).state);
      failIfMoreFailedThan(first.size() - needed, children);
      var changes = new ArrayList<Change<Object>>();
      var names = new ArrayList<String>();
      for (int arrived : arrivals(needed, children)) {
        changes.add(new Change<>(base, children.get(arrived).result()));
        names.add(scope.name(scope.definition.node(first.get(arrived))));
      }
      return new Next(join, base, new Meeting(changes, names));
    }

    /// The children that arrive in time, in branch order.
    private List<Integer> arrivals(int needed, List<Child> children) {
      var left = new ArrayList<Integer>();
      for (int i = 0; i < children.size(); i++) {
        if (children.get(i).failure == null) {
          left.add(i);
        }
      }
      raced |= needed < children.size();
      var arrivals = new ArrayList<Integer>();
      while (arrivals.size() < needed) {
        int rest = needed - arrivals.size() - 1;
        int pick = choices.pick(left.size() - rest);
        arrivals.add(left.get(pick));
        left.subList(0, pick + 1).clear();
      }
      return arrivals;
    }

    /// Runs a nested workflow to its end.
    private Object end(Definition<?> inner, String segment, Object input) throws GaveUp {
      var inside = scope.inside(node, inner);
      return walk(inside, branch.child(segment), inner.start(), NOWHERE, input).state;
    }

    private List<Child> children(int total, ChildBody body) {
      var children = new ArrayList<Child>();
      for (int i = 0; i < total; i++) {
        try {
          children.add(new Child(body.run(i), null));
        } catch (GaveUp e) {
          children.add(new Child(null, e));
        }
      }
      return children;
    }

    private void failIfMoreFailedThan(int tolerated, List<Child> children) throws ChildGaveUp {
      var failures = children.stream().flatMap(child -> Stream.ofNullable(child.failure)).toList();
      if (failures.size() > tolerated) {
        raced |= children.size() > 1;
        throw new ChildGaveUp(failures.get(choices.pick(failures.size())));
      }
    }

    /// The state that the visit began with; where branches meet, their merged states.
    private Object merged() {
      var merge = scope.definition.merge();
      return meeting == null ? state : merge.apply(state, meeting.changes, meeting.names);
    }

    private Next byEdge(@Nullable Object returned) {
      var after = given(returned);
      var exits = node.exits();
      if (exits.edges().isEmpty()) {
        return new Next(node.index(), after);
      }
      for (var edge : exits.edges()) {
        if (edge.test().isEmpty() || edge.test().get().test(after)) {
          return new Next(edge.target(), after);
        }
      }
      throw new IllegalStateException(
          "no edge of " + scope.name(node) + " matches; add otherwise(...)");
    }

    private <T> T given(@Nullable T returned) {
      if (returned == null) {
        throw new NullPointerException(scope.name(node) + " returned null; a step returns a state");
      }
      return returned;
    }

    private <T> T attempts(Body<T> body) throws GaveUp {
      var retry = node.policy().retry();
      for (int attempt = 1; ; attempt++) {
        try {
          return body.run(
              new ReferenceContext(branch.name, scope.name(node), branch.visits, attempt));
        } catch (Throwable e) {
          if (attempt == retry.attempts() || !retry.covers(e)) {
            throw new GaveUp(scope.name(node), attempt, e);
          }
        }
      }
    }

    private Next leaveWith(Throwable error, int attempts, GaveUp otherwise) throws GaveUp {
      var exits = node.exits();
      for (int i = 0; i < exits.errors().size(); i++) {
        var edge = (ErrorEdge<Object, Exception>) exits.errors().get(i);
        if (edge.type().isInstance(error)) {
          return new Next(edge.target(), folded(edge, edge.type().cast(error), attempts));
        }
      }
      throw otherwise;
    }

    private Object folded(ErrorEdge<Object, Exception> edge, Exception error, int attempts)
        throws GaveUp {
      try {
        return given(edge.fold().apply(state, error));
      } catch (Throwable e) {
        throw new GaveUp(scope.name(node), attempts, e);
      }
    }
  }

  private interface Body<T> {
    T run(StepContext context) throws Exception;
  }

  private interface ChildBody {
    Object run(int index) throws GaveUp;
  }

  /// What a child came to: a state or a failure.
  private record Child(@Nullable Object state, @Nullable GaveUp failure) {
    Object result() {
      return Objects.requireNonNull(state);
    }

    Results.Item<Object, Object> told(Object input) {
      return failure == null
          ? new Results.Done<>(input, result())
          : new Results.Failed<>(input, described(failure.error), failure.attempts);
    }
  }

  static String described(Throwable error) {
    var type = error.getClass().getName();
    return error.getMessage() == null ? type : type + ": " + error.getMessage();
  }
}
