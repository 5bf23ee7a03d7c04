package dev.pawl.run;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/// A run that a test leads from event to event, and all that was recorded of it. Each state is
/// named after the row that it came with.
final class Walk {
  static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant DUE = AT.plusSeconds(7);
  static final Duration TOOK = Duration.ofMillis(5);

  final Plan plan;
  final Transitions transitions;
  private final List<Fact> history = new ArrayList<>();
  private Transition newest;

  Walk(Workflow<?> workflow) {
    this(workflow, new Limits(100, 100, 3));
  }

  Walk(Workflow<?> workflow, Limits limits) {
    plan = Plan.of(workflow.definition());
    transitions = new Transitions(plan, limits);
    newest = transitions.start("input", AT);
  }

  RunState run() {
    return newest.after();
  }

  Branch branch(String id) {
    return Objects.requireNonNull(run().branches().get(id));
  }

  /// The branch whose wait a signal would end.
  Optional<Branch> receiver(Event.Arrived signal) {
    return transitions.receiver(run(), signal);
  }

  /// The branch that refuses a signal.
  Optional<Branch> refuses(Event.Arrived signal) {
    return transitions.refusing(run(), signal);
  }

  /// What was to be done after the newest event.
  List<Effect> effects() {
    return newest.effects();
  }

  /// What the newest event did.
  Transition newest() {
    return newest;
  }

  /// All facts so far.
  List<Fact> history() {
    return List.copyOf(history);
  }

  /// The newest fact.
  Fact fact() {
    return history.getLast();
  }

  /// The newest fact as a line: what happened where, by which port, where the branch went.
  String recorded() {
    var fact = fact();
    var line = new StringJoiner(" ");
    line.add(fact.seq() + ": " + fact.kind());
    if (fact.node() >= 0) {
      line.add(name(fact.branch())).add(plan.name(fact.node()) + "#" + fact.visit());
      line.add("attempt " + fact.attempt());
    }
    line.add("'" + fact.port() + "'");
    if (!fact.next().isEmpty()) {
      line.add("to " + String.join("|", fact.next().stream().map(plan::name).toList()));
    }
    if (fact.state() != null) {
      line.add("with " + fact.state());
    }
    if (fact.failure() != null) {
      line.add("because " + fact.failure().error() + " at " + fact.failure().node());
    }
    if (fact.due() != null) {
      line.add("until " + fact.due());
    }
    return line + " after " + fact.took().toMillis() + " ms";
  }

  /// The run as it is now: how far it is, then a line for each branch.
  String shown() {
    var run = run();
    var lines = new StringJoiner("\n");
    lines.add(
        "%d: %d steps, %d branches, %s"
            .formatted(run.seq(), run.steps(), run.started(), run.status()));
    run.branches().forEach(branch -> lines.add(shown(branch)));
    return lines.toString();
  }

  private String shown(Branch branch) {
    var line = new StringJoiner(" ");
    line.add(name(branch.id())).add(plan.name(branch.node()) + "#" + branch.visit());
    line.add(branch.phase().toString());
    if (branch.task() != Task.WORK) {
      line.add(branch.task().toString());
    }
    if (branch.attempt() > 1) {
      line.add("attempt " + branch.attempt());
    }
    line.add(branch.state() + "@" + branch.base());
    if (branch.due() != null) {
      line.add("until " + branch.due());
    }
    if (branch.marks() > 0) {
      line.add("after " + branch.marks() + " deaths");
    }
    var block = branch.block();
    if (block != null) {
      line.add(
          "(of %d: %d started, %d done, %d failed, %d needed)"
              .formatted(
                  block.total(), block.started(), block.done(), block.failed(), block.needed()));
    }
    if (branch.failure() != null) {
      line.add("because " + branch.failure().error() + " at " + branch.failure().node());
    }
    return line.toString();
  }

  private static String name(String branch) {
    return branch.isEmpty() ? "root" : branch;
  }

  /// Whether an event does nothing.
  boolean ignores(Event event) {
    return transitions.on(run(), event).isNothing();
  }

  Walk on(Event event) {
    newest = transitions.on(run(), event);
    history.addAll(newest.facts());
    return this;
  }

  Walk begin(String branch) {
    var at = branch(branch);
    return on(new Event.Begun(branch, at.visit(), at.attempt()));
  }

  /// Leaves the node where a branch is, by its first port or its fork.
  Walk leave(String branch) {
    var at = begun(branch);
    int port = plan.model(at.node()).exits().edges().isEmpty() ? -1 : 0;
    return leave(at, port, null);
  }

  /// Leaves the node where a branch is, after a failure.
  Walk rescue(String branch, int port) {
    return leave(begun(branch), port, failure(branch));
  }

  private Walk leave(Branch at, int port, Failure failure) {
    var state = "s" + (run().seq() + 1);
    return on(new Event.Left(at.id(), at.visit(), at.attempt(), port, state, failure, AT, TOOK));
  }

  Walk open(String branch, int children) {
    return open(branch, children, null);
  }

  Walk open(String branch, int children, Object state) {
    var at = begun(branch);
    return on(new Event.Opened(branch, at.visit(), at.attempt(), children, state, AT));
  }

  Walk merge(String branch) {
    var at = begun(branch);
    return on(new Event.Merged(branch, at.visit(), at.attempt(), "merged", AT));
  }

  Walk delay(String branch) {
    var at = begun(branch);
    return on(new Event.Delayed(branch, at.visit(), at.attempt(), DUE));
  }

  Walk retry(String branch) {
    var at = begun(branch);
    return on(new Event.Retry(branch, at.visit(), at.attempt(), failure(branch), DUE, AT, TOOK));
  }

  /// The wait of a branch is over.
  Walk due(String branch) {
    var at = branch(branch);
    return on(new Event.Due(branch, at.visit(), at.attempt(), DUE));
  }

  Walk giveUp(String branch) {
    var at = begun(branch);
    return on(new Event.GaveUp(branch, at.visit(), at.attempt(), failure(branch), AT, TOOK));
  }

  Walk again(String branch) {
    var at = branch(branch);
    return on(new Event.Again(branch, at.visit(), at.attempt(), AT));
  }

  Walk late(String branch) {
    return on(new Event.Late(branch, branch(branch).visit()));
  }

  Walk drained(String branch) {
    return on(new Event.Drained(branch, Optional.empty()));
  }

  /// Takes the run from its history and its waits, as after a crash.
  Walk crash() {
    var waits = new ArrayList<Transitions.Waiting>();
    for (var branch : run().branches()) {
      if (branch.phase() == Phase.WAITING || branch.task() == Task.ELAPSED) {
        waits.add(new Transitions.Waiting(branch.id(), branch.visit(), DUE));
      }
    }
    newest =
        transitions.restore(
            "input", AT, history, waits, run().inbox(), Undos.none(), run().paused(), run().goal());
    return this;
  }

  private Branch begun(String branch) {
    return begin(branch).branch(branch);
  }

  private Failure failure(String branch) {
    var at = branch(branch);
    return new Failure(plan.name(at.node()), at.attempt(), "error", Optional.empty());
  }
}
