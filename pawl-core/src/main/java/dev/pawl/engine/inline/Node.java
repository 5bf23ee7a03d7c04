package dev.pawl.engine.inline;

import dev.pawl.run.Plan;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.StepContext;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A node as the inline path runs it: what each visit needs lies ready. States have any type here;
/// the definition has checked them. Immutable.
final class Node {
  /// Stands for the target of a node that forks.
  static final int FORK = -1;

  private static final int BY_TEST = -2;

  final Plan plan;
  final int index;
  final String name;
  final Plan.Kind kind;
  final NodeModel<Object> model;

  /// Whether a visit is nothing but calls of its step, each on the thread of the branch.
  final boolean plain;

  /// Whether it limits the time of an attempt, of a visit, and of the visit's attempts.
  final boolean limitsAttempts;

  final boolean limitsVisits;
  final boolean limitsRetries;

  /// Whether its children run one after another on the thread that waits for them.
  final boolean inOrder;

  /// The first nodes of the branches that it forks, and their names.
  final int[] fork;

  final List<String> forkNames;

  private final Step<Object, Object> step;
  private final Step<Object, Outcome<Object, ? extends Enum<?>>> choice;
  private final int only;
  private final Predicate<Object>[] tests;
  private final int[] targets;

  @SuppressWarnings("unchecked") // a plan has nodes of all state types
  Node(Plan plan, int index) {
    this.plan = plan;
    this.index = index;
    this.name = plan.name(index);
    this.kind = plan.kind(index);
    this.model = (NodeModel<Object>) plan.model(index);
    var policy = model.policy();
    this.limitsAttempts = !policy.perAttempt().equals(Policy.DEFAULT.perAttempt());
    this.limitsVisits = !policy.perVisit().equals(Policy.DEFAULT.perVisit());
    this.limitsRetries = !policy.retry().elapsed().equals(Retry.none().elapsed());
    this.inOrder = (model.pure() || kind == Plan.Kind.CALL) && !limitsVisits;
    this.fork = plan.fork(index).stream().mapToInt(Integer::intValue).toArray();
    this.forkNames = plan.fork(index).stream().map(plan::name).toList();
    this.plain =
        (kind == Plan.Kind.STEP || kind == Plan.Kind.CHOICE)
            && fork.length == 0
            && !(limitsAttempts || limitsVisits || limitsRetries);
    this.step =
        model.work() instanceof Work.Run<Object> run ? run.step() : (state, context) -> state;
    this.choice =
        model.work() instanceof Work.Choose<Object, ?> choose
            ? (Step<Object, Outcome<Object, ? extends Enum<?>>>) (Step<Object, ?>) choose.step()
            : Node::noChoice;
    var edges = model.exits().edges();
    this.tests = (Predicate<Object>[]) new Predicate<?>[edges.size()];
    this.targets = new int[edges.size()];
    for (int port = 0; port < targets.length; port++) {
      tests[port] = edges.get(port).test().orElse(state -> true);
      targets[port] = plan.target(index, port);
    }
    this.only = only();
  }

  private static Outcome<Object, ? extends Enum<?>> noChoice(Object state, StepContext context) {
    throw new IllegalStateException(context.node() + " has no ports");
  }

  private int only() {
    if (kind == Plan.Kind.END) {
      return index;
    }
    if (fork.length > 0) {
      return FORK;
    }
    boolean always = targets.length > 0 && model.exits().edges().getFirst().test().isEmpty();
    return always ? targets[0] : BY_TEST;
  }

  /// The state after the step; as it was for a node without one.
  Object step(Object state, StepContext context) throws Exception {
    return checked(step.run(state, context));
  }

  /// What the step of a choice came to.
  Outcome<Object, ? extends Enum<?>> choose(Object state, StepContext context) throws Exception {
    return checked(choice.run(state, context));
  }

  /// What a function of this node returned.
  ///
  /// @throws NullPointerException if that is null
  <T> T checked(@Nullable T returned) {
    if (returned == null) {
      throw new NullPointerException(name + " returned null; a step returns a state");
    }
    return returned;
  }

  /// Where the branch goes with this state: to the target of the first edge that takes it.
  int next(Object state) {
    return only != BY_TEST ? only : byTest(state);
  }

  private int byTest(Object state) {
    for (int port = 0; port < tests.length; port++) {
      if (tests[port].test(state)) {
        return targets[port];
      }
    }
    throw new IllegalStateException("no edge of " + name + " matches; add otherwise(...)");
  }

  /// Where the branch goes by a port of a choice.
  @SuppressWarnings("EnumOrdinal") // the order of the constants is the order of the ports
  int byPort(Enum<?> port) {
    return targets[port.ordinal()];
  }

  /// Where the branch goes by an error edge.
  int onError(int edge) {
    return plan.target(index, targets.length + edge);
  }

  /// Where the branch goes by the timeout edge.
  int onTimeout() {
    return plan.target(index, model.exits().ports() - 1);
  }
}
