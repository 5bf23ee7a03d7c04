package dev.pawl.run;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import dev.pawl.workflow.step.Unhandled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A definition laid out flat: the nodes of nested workflows stand in one list with those of the
/// outer one, under names such as `papers/invoice`, and everything that decides where a branch goes
/// is an int. Made once for each definition; immutable.
public final class Plan {
  /// What a node does, as far as transitions need to know.
  public enum Kind {
    /// Runs a step.
    STEP,
    /// Runs a step that names its port.
    CHOICE,
    /// Waits for a time.
    DELAY,
    /// Waits for signals.
    AWAIT,
    /// Starts a run of another workflow.
    CHILD,
    /// Runs a workflow.
    CALL,
    /// Runs a workflow for each item.
    MAP,
    /// Runs typed branches.
    PARALLEL,
    /// Joins the branches of a fork.
    MEET,
    /// Ends its workflow.
    END;

    /// Whether it waits for what comes from outside of the run: time, signals, or another run.
    public boolean waits() {
      return this == DELAY || this == AWAIT || this == CHILD;
    }

    /// Whether it opens children of its own.
    public boolean isBlock() {
      return this == CALL || this == MAP || this == PARALLEL;
    }
  }

  private record Place(
      String name,
      Kind kind,
      NodeModel<?> model,
      Definition<?> scope,
      int offset,
      Optional<Work.Await<?>> await,
      List<Integer> first,
      List<Definition<?>> nested) {}

  private final List<Place> places = new ArrayList<>();
  private final Map<String, Integer> byName = new HashMap<>();
  private final Map<String, Signal<?>> signals = new LinkedHashMap<>();
  private final Map<String, Signal<?>> ends = new HashMap<>();
  private final Definition<?> root;

  private Plan(Definition<?> root) {
    this.root = root;
    lay(root, "");
    for (int i = 0; i < places.size(); i++) {
      byName.put(places.get(i).name, i);
      var known = child(i).isPresent() ? ends : signals;
      await(i)
          .ifPresent(await ->
              await.handlers().forEach(h -> known.putIfAbsent(h.signal().name(), h.signal())));
    }
  }

  /// Lays a definition out.
  public static Plan of(Definition<?> definition) {
    return new Plan(definition);
  }

  /// Places the nodes of one definition side by side, then those nested in them; returns where its
  /// start is.
  private int lay(Definition<?> definition, String prefix) {
    int offset = places.size();
    var nested = new ArrayList<List<Definition<?>>>();
    for (var node : definition.nodes()) {
      nested.add(node.work().nested());
      places.add(
          new Place(
              prefix + node.name(),
              kind(node.work()),
              node,
              definition,
              offset,
              await(node.work()),
              new ArrayList<>(),
              nested.getLast()));
    }
    for (int i = 0; i < nested.size(); i++) {
      var place = places.get(offset + i);
      for (var inner : nested.get(i)) {
        place.first.add(lay(inner, place.name + "/"));
      }
    }
    return offset + definition.start();
  }

  private static Optional<Work.Await<?>> await(Work<?> work) {
    return switch (work) {
      case Work.Await<?> await -> Optional.of(await);
      case Work.Child<?, ?> child -> child.end().map(end -> end);
      default -> Optional.empty();
    };
  }

  private static Kind kind(Work<?> work) {
    return switch (work) {
      case Work.Run<?> run -> Kind.STEP;
      case Work.Choose<?, ?> choose -> Kind.CHOICE;
      case Work.Delay<?> delay -> Kind.DELAY;
      case Work.Await<?> await -> Kind.AWAIT;
      case Work.Child<?, ?> child -> Kind.CHILD;
      case Work.Call<?, ?> call -> Kind.CALL;
      case Work.Each<?, ?, ?> each -> Kind.MAP;
      case Work.Parallel<?> parallel -> Kind.PARALLEL;
      case Work.Meet<?> meet -> Kind.MEET;
      case Work.End<?> end -> Kind.END;
    };
  }

  /// The definition that was laid out.
  public Definition<?> definition() {
    return root;
  }

  /// How many nodes there are.
  public int size() {
    return places.size();
  }

  /// The first node of a run.
  public int start() {
    return root.start();
  }

  /// The full name of a node.
  public String name(int node) {
    return places.get(node).name;
  }

  /// The node with this full name, or -1.
  public int find(String name) {
    return byName.getOrDefault(name, -1);
  }

  /// What a node does.
  public Kind kind(int node) {
    return places.get(node).kind;
  }

  /// The node as its author made it; its indexes count within its own definition.
  public NodeModel<?> model(int node) {
    return places.get(node).model;
  }

  /// The definition that a node belongs to.
  public Definition<?> scope(int node) {
    return places.get(node).scope;
  }

  /// How a node is run.
  public Policy policy(int node) {
    return places.get(node).model.policy();
  }

  /// What a node waits for, if it waits for signals, or for the end of another run.
  public Optional<Work.Await<?>> await(int node) {
    return places.get(node).await;
  }

  /// The runs that a node starts, if it does.
  public Optional<Work.Child<?, ?>> child(int node) {
    return places.get(node).model.work() instanceof Work.Child<?, ?> child
        ? Optional.of(child)
        : Optional.empty();
  }

  /// The workflows that runs of this one start.
  public Stream<Definition<?>> children() {
    return IntStream.range(0, places.size())
        .mapToObj(this::child)
        .flatMap(Optional::stream)
        .map(Work.Child::workflow);
  }

  /// Whether a branch at this node may use a signal there.
  boolean handles(int node, String signal) {
    return await(node).filter(await -> await.find(signal) >= 0).isPresent();
  }

  /// What becomes of signals that a node does not wait for.
  Unhandled unhandled(int node) {
    return places.get(node).model.unhandled();
  }

  /// Whether all nodes keep signals that they do not wait for.
  boolean keepsSignals() {
    return places.stream().allMatch(place -> place.model.unhandled() == Unhandled.KEEP);
  }

  /// Whether a node that waits for signals has to ask users' code what for, or how long.
  boolean asks(int node) {
    return await(node).filter(Work.Await::asks).isPresent();
  }

  /// Whether a wait for signals has nothing to ask users' code for but how long it lasts, and
  /// nothing else ends it.
  boolean isTimed(int node) {
    return await(node).filter(await -> !await.correlates()).isPresent()
        && asks(node)
        && !limitsVisits(node);
  }

  /// All signals that some node waits for, by name.
  public Map<String, Signal<?>> signals() {
    return signals;
  }

  /// What a message of a run is, by its name: a signal, or the end of a run that it has started.
  public Optional<Signal<?>> message(String name) {
    return Optional.<Signal<?>>ofNullable(signals.get(name))
        .or(() -> Optional.ofNullable(ends.get(name)));
  }

  /// Where a port leads.
  public int target(int node, int port) {
    var place = places.get(node);
    return place.offset + place.model.exits().target(port);
  }

  /// What a port is called.
  public String label(int node, int port) {
    return places.get(node).model.exits().label(port);
  }

  /// The first nodes of a fork's branches; empty if the node does not fork.
  public List<Integer> fork(int node) {
    var place = places.get(node);
    return place.model.exits().fork().stream().map(target -> place.offset + target).toList();
  }

  /// Where the branches of a fork meet.
  public int join(int node) {
    var place = places.get(node);
    return place.offset + place.model.exits().join();
  }

  /// How many of `branches` must reach this join.
  public int needed(int join, int branches) {
    return places.get(join).model.work() instanceof Work.Meet<?> meet
        ? meet.mode().of(branches)
        : branches;
  }

  /// Whether finished visits of a node can be undone.
  public boolean compensates(int node) {
    return places.get(node).model.compensation().isPresent();
  }

  /// Whether a node has error edges.
  public boolean catches(int node) {
    return !places.get(node).model.exits().errors().isEmpty();
  }

  /// How many children a call or a parallel node opens.
  public int children(int node) {
    return places.get(node).first.size();
  }

  /// The first node of a child of a call, map or parallel node.
  public int first(int node, int child) {
    var first = places.get(node).first;
    return first.get(kind(node) == Kind.MAP ? 0 : child);
  }

  /// How many children open at once when a branch enters a node: those of a parallel node, and
  /// those of parallel nodes that these begin with.
  int opens(int node) {
    if (kind(node) != Kind.PARALLEL) {
      return 0;
    }
    int opens = 0;
    for (int first : places.get(node).first) {
      opens += 1 + opens(first);
    }
    return opens;
  }

  /// When something happens to a branch by itself: its wait is over, or its visit has taken too
  /// long.
  public Optional<Instant> wake(Branch branch) {
    var due = Optional.ofNullable(branch.due());
    if (!branch.mayBeLate() || !limitsVisits(branch.node())) {
      return due;
    }
    var deadline = deadline(branch);
    return due.filter(time -> time.isBefore(deadline)).or(() -> Optional.of(deadline));
  }

  /// When something happens to a run by itself: to one of its branches, or to all of it, because
  /// its time is over.
  ///
  /// @param started when it was started
  public Optional<Instant> wake(RunState run, Instant started) {
    var earliest = expiry(run, started);
    for (var branch : run.branches()) {
      var wake = wake(branch);
      if (wake.isPresent() && earliest.filter(time -> !time.isAfter(wake.get())).isEmpty()) {
        earliest = wake;
      }
    }
    return earliest;
  }

  /// When the time of a run is over, if it is limited and the run goes on.
  ///
  /// @param started when it was started
  public Optional<Instant> expiry(RunState run, Instant started) {
    return run.goesOn() ? root.perRun().map(started::plus) : Optional.empty();
  }

  /// Whether a visit of a node may take too long.
  boolean limitsVisits(int node) {
    return policy(node).perVisit().compareTo(Policy.DEFAULT.perVisit()) < 0;
  }

  /// When a visit will have taken too long, of a node whose visits may.
  Instant deadline(Branch branch) {
    return branch.entered().plus(policy(branch.node()).perVisit());
  }

  /// The definition that a child of a call, map or parallel node runs.
  public Definition<?> nested(int node, int child) {
    return places.get(node).nested.get(kind(node) == Kind.MAP ? 0 : child);
  }

  /// How many children of a node run at once.
  public int width(int node) {
    return places.get(node).model.work() instanceof Work.Each<?, ?, ?> each
        ? each.width()
        : Integer.MAX_VALUE;
  }

  /// How many of `count` children may fail.
  public int tolerated(int node, int count) {
    return places.get(node).model.work() instanceof Work.Each<?, ?, ?> each
        ? (int) Math.floor(each.tolerated() * count)
        : 0;
  }
}
