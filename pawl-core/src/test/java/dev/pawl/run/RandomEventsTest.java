package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The laws of a run, over random sequences of events on graphs of every kind of node.
class RandomEventsTest {
  private static final int SEQUENCES = Integer.getInteger("cases", 10_000);
  private static final int EVENTS = 60;
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant ANOTHER_TIME = AT.minusSeconds(1);
  private static final Limits LIMITS = new Limits(200, 200, 3);

  record State(int value, List<Integer> items) {}

  private static final Signal<String> A = Signal.of("a", String.class);
  private static final Signal<String> B = Signal.of("b", String.class);

  enum Way {
    LEFT,
    RIGHT
  }

  private static List<Plan> plans() {
    var plans = new ArrayList<Plan>();
    for (var join : List.of(Join.ALL, Join.ANY, Join.atLeast(2))) {
      plans.add(Plan.of(forks(join).definition()));
    }
    plans.add(Plan.of(blocks().definition()));
    plans.add(Plan.of(loop().definition()));
    plans.add(Plan.of(waits().definition()));
    return plans;
  }

  private static Workflow<State> forks(Join mode) {
    var g = Workflow.graph("forks", State.class);
    var begin = g.step("begin", s -> s);
    var a = g.step("a", s -> s);
    var b = g.step("b", s -> s);
    var c = g.step("c", s -> s);
    var d = g.step("d", s -> s);
    var e = g.step("e", s -> s);
    var inner = g.join("inner", Join.ALL);
    var outer = g.join("outer", mode);
    var rescue = g.step("rescue", s -> s);
    var end = g.end();
    g.start(begin);
    begin.fork(a, b, c);
    begin.onError(Exception.class, (s, x) -> s, rescue);
    a.fork(d, e);
    g.path(d, inner).path(e, inner).path(inner, outer).path(b, outer).path(c, outer);
    g.path(outer, end).path(rescue, end);
    return g.build();
  }

  private static Workflow<State> blocks() {
    var item = Workflow.graph("item", Integer.class);
    var first = item.step("first", i -> i);
    var second = item.step("second", i -> i);
    item.start(first).path(first, second, item.end());
    var each = item.build();
    var g = Workflow.graph("blocks", State.class);
    var map = g.map("map", State::items, each, (s, r) -> s).width(2).tolerate(0.3);
    var nap = g.delay("nap", s -> AT);
    var papers =
        g.parallel(
            "papers",
            g.branch("x", String.class, (s, ctx) -> ""),
            g.branch("y", String.class, (s, ctx) -> ""),
            (s, x, y) -> s);
    var call = g.call("call", each, State::value, (s, r) -> s);
    g.start(map).path(map, nap, papers, call, g.end());
    papers.onError(Exception.class, (s, x) -> s, call);
    return g.build();
  }

  private static Workflow<State> loop() {
    var g = Workflow.graph("loop", State.class);
    var turn =
        g.choice("turn", Way.class, (s, ctx) -> dev.pawl.workflow.step.Outcome.to(Way.LEFT, s));
    var left = g.step("left", s -> s);
    var end = g.end();
    g.start(turn).path(left, turn);
    turn.on(Way.LEFT, left).on(Way.RIGHT, end);
    return g.build();
  }

  private static Workflow<State> waits() {
    var item = Workflow.graph("item", Integer.class);
    var gate = item.step("gate", i -> i);
    var approval = item.await("approval", A, i -> "" + i, (i, s) -> i);
    item.start(gate).path(gate, approval, item.end());
    var g = Workflow.graph("waits", State.class);
    var any = g.awaitAny("any", g.arrival(A, (s, x) -> s), g.arrival(B, (s, x) -> s));
    var all = g.awaitAll("all", g.arrival(A, (s, x) -> s), g.arrival(B, (s, x) -> s));
    var one = g.await("one", B, (s, x) -> s);
    var other = g.await("other", B, s -> "1", (s, x) -> s);
    var fork = g.step("fork", s -> s);
    var meet = g.join("meet", Join.ALL);
    var each = g.map("each", State::items, item.build(), (s, r) -> s).width(3).tolerate(0.5);
    g.start(any).path(any, all, fork);
    fork.fork(one, other);
    g.path(one, meet).path(other, meet).path(meet, each, g.end());
    return g.build();
  }

  /// One run, and everything that was ever recorded of it.
  private static final class Walk {
    private final Plan plan;
    private final Transitions transitions;
    private final Random random;
    private final List<Fact> history = new ArrayList<>();
    private final Set<String> left = new HashSet<>();
    private RunState run;
    private boolean forgetful;
    private int states;
    private int received;

    Walk(Plan plan, Random random) {
      this.plan = plan;
      this.transitions = new Transitions(plan, LIMITS);
      this.random = random;
      this.run = transitions.start("input", AT).after();
    }

    void apply(Event event) {
      var transition = transitions.on(run, event);
      if (event instanceof Event.Due due && due.due().equals(ANOTHER_TIME)) {
        assertThat(transition.isNothing()).as("ended a wait by another: %s", event).isTrue();
      }
      for (var fact : transition.facts()) {
        assertThat(fact.seq()).isEqualTo(history.size() + 1L);
        history.add(fact);
        received += fact.kind() == Fact.Kind.RECEIVED ? 1 : 0;
        if (fact.kind() == Fact.Kind.LEFT) {
          assertThat(left.add(fact.branch() + "#" + fact.visit() + (fact.next().size() > 1)))
              .as("left twice: %s", fact)
              .isTrue();
        }
      }
      forgetful |= event instanceof Event.Late && !transition.isNothing();
      run = transition.after();
      assertThat(received + run.inbox().unused().size())
          .as("each message is used once, or still there")
          .isEqualTo((int) run.inbox().accepted());
      assertThat(run.steps()).isLessThanOrEqualTo(LIMITS.steps());
      assertThat(run.started()).isLessThanOrEqualTo(LIMITS.branches());
      assertThat(isAlive()).as("nothing goes on in %s after %s", run, event).isTrue();
    }

    private boolean isAlive() {
      return run.status().isFinal()
          || run.paused() != null
          || run.branches()
              .any(branch ->
                  run.runnable(branch)
                      || branch.phase() == Phase.ACTIVE
                      || branch.phase() == Phase.DRAINING
                      || plan.kind(branch.node()) == Plan.Kind.AWAIT
                      || branch.due() != null);
    }

    /// A random event, legal or not.
    Event event(boolean faults) {
      var branches = new ArrayList<Branch>();
      run.branches().forEach(branches::add);
      var branch = branches.get(random.nextInt(branches.size()));
      int draw = faults ? random.nextInt(40) : 40;
      if (draw == 0) {
        return new Event.Pause("p", AT);
      }
      if (draw > 30 && draw < 40 && !plan.signals().isEmpty()) {
        return arrived();
      }
      if (draw == 1 && run.steps() > 5) {
        return new Event.Cancel("c", random.nextBoolean(), AT);
      }
      if (draw == 2) {
        return new Event.Late(branch.id(), branch.visit());
      }
      if (draw == 3) {
        return left(branch, branch.visit() + 1);
      }
      if (draw == 4) {
        return new Event.Due(branch.id(), branch.visit(), branch.attempt(), ANOTHER_TIME);
      }
      if (draw == 5 && run.steps() > 5) {
        return new Event.Expired(new Failure("", 0, "too long", Optional.empty()), AT);
      }
      if (run.paused() != null && run.goal() == null && (!faults || draw < 20)) {
        return new Event.Resume(AT);
      }
      return switch (branch.phase()) {
        case READY -> new Event.Begun(branch.id(), branch.visit(), branch.attempt());
        case ACTIVE -> outcome(branch, faults);
        case WAITING ->
            branch.due() == null
                ? arrived()
                : new Event.Due(branch.id(), branch.visit(), branch.attempt(), branch.due());
        case BACKOFF ->
            new Event.Due(
                branch.id(),
                branch.visit(),
                branch.attempt(),
                Objects.requireNonNull(branch.due()));
        case DRAINING -> new Event.Drained(branch.id(), Optional.empty());
        case BLOCKED, ARRIVED -> left(branch, branch.visit());
      };
    }

    private Event arrived() {
      var correlation = Optional.of("" + random.nextInt(3)).filter(c -> random.nextBoolean());
      return new Event.Arrived(
          random.nextBoolean() ? "a" : "b", correlation, Optional.empty(), "s" + states++, AT);
    }

    private Event outcome(Branch branch, boolean faults) {
      var failure =
          new Failure(plan.name(branch.node()), branch.attempt(), "error", Optional.empty());
      int draw = faults ? random.nextInt(10) : 9;
      if (branch.task() == Task.FAILED || draw == 0) {
        return new Event.GaveUp(
            branch.id(), branch.visit(), branch.attempt(), failure, AT, Duration.ZERO);
      }
      if (draw == 1 && branch.task() != Task.LATE) {
        return new Event.Retry(
            branch.id(),
            branch.visit(),
            branch.attempt(),
            failure,
            AT.plusSeconds(1),
            AT,
            Duration.ZERO);
      }
      if (branch.task() == Task.SIGNAL && plan.name(branch.node()).equals("all")) {
        boolean first = Objects.requireNonNull(branch.listening()).heard().isEmpty();
        return first ? stayed(branch) : left(branch, branch.visit());
      }
      if (branch.task() == Task.WORK) {
        switch (plan.kind(branch.node())) {
          case AWAIT -> {
            return new Event.Listens(
                branch.id(),
                branch.visit(),
                branch.attempt(),
                List.of(Optional.of("" + branch.id().length() % 3)),
                null,
                AT);
          }
          case DELAY -> {
            return new Event.Delayed(branch.id(), branch.visit(), branch.attempt(), AT);
          }
          case MAP -> {
            return new Event.Opened(
                branch.id(), branch.visit(), branch.attempt(), random.nextInt(6), null, AT);
          }
          case CALL -> {
            return new Event.Opened(
                branch.id(), branch.visit(), branch.attempt(), 1, "s" + states++, AT);
          }
          default -> {}
        }
      }
      return left(branch, branch.visit());
    }

    private Event stayed(Branch branch) {
      return new Event.Stayed(
          branch.id(), branch.visit(), branch.attempt(), "s" + states++, AT, Duration.ZERO);
    }

    private Event left(Branch branch, int visit) {
      var exits = plan.model(branch.node()).exits();
      int port =
          exits.edges().isEmpty()
              ? -1
              : plan.kind(branch.node()) == Plan.Kind.CHOICE && run.steps() > 20
                  ? 1
                  : random.nextInt(exits.edges().size());
      return new Event.Left(
          branch.id(), visit, branch.attempt(), port, "s" + states++, null, AT, Duration.ZERO);
    }

    /// Takes the run from its history, as after a crash; it must be what it was.
    void crash(boolean fromTheBeginning, boolean newestOnly) {
      var waits = new ArrayList<Transitions.Waiting>();
      for (var branch : run.branches()) {
        if (branch.due() != null && branch.phase() == Phase.WAITING
            || branch.task() == Task.ELAPSED) {
          waits.add(new Transitions.Waiting(branch.id(), branch.visit(), AT));
        }
      }
      int floor = fromTheBeginning ? 0 : (int) Math.max(0, run.floor() - 1);
      var facts = history.subList(floor, history.size());
      var restored =
          transitions
              .restore(
                  "input",
                  AT,
                  newestOnly ? Newest.of(facts, Fact::branch, Walk::leaves) : facts,
                  waits,
                  run.inbox(),
                  Undos.none(),
                  run.paused(),
                  run.goal())
              .after();
      if (!forgetful) {
        assertThat(remembered(restored)).isEqualTo(remembered(run));
      }
      forgetful = false;
      run = restored;
    }

    private static boolean leaves(Fact fact) {
      return fact.kind() == Fact.Kind.LEFT || fact.kind() == Fact.Kind.MERGED;
    }

    /// What a crash may not forget of a run.
    private List<String> remembered(RunState run) {
      var lines = new ArrayList<String>();
      lines.add(run.seq() + " " + run.steps() + " " + run.started() + " " + run.goal());
      // Once a run has a goal, nothing of its branches matters but that they drain.
      for (var branch : run.goal() == null ? run.branches() : List.<Branch>of()) {
        if (branch.phase() != Phase.DRAINING) {
          boolean listens =
              plan.kind(branch.node()) == Plan.Kind.AWAIT && branch.task() == Task.WORK;
          boolean waits =
              branch.phase() == Phase.WAITING || branch.task() == Task.ELAPSED || listens;
          boolean blocked = branch.phase() == Phase.BLOCKED || branch.phase() == Phase.ARRIVED;
          lines.add(
              branch.id()
                  + " "
                  + branch.node()
                  + " "
                  + branch.visit()
                  + " "
                  + (waits ? "waits" : branch.attempt() + " " + branch.task())
                  + " "
                  + (blocked ? branch.phase() : "goes on")
                  + " "
                  + branch.state()
                  + " "
                  + branch.base()
                  + " "
                  + branch.block()
                  + " "
                  + heard(branch)
                  + " "
                  + branch.failure());
        }
      }
      return lines;
    }
  }

  private static String heard(Branch branch) {
    var listening = branch.listening();
    return listening == null
        ? "[] null null"
        : listening.heard() + " " + listening.signal() + " " + listening.payload();
  }

  @Test
  void keepsTheLawsOverRandomEvents() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    var plans = plans();
    for (int i = 0; i < SEQUENCES; i++) {
      var walk = new Walk(plans.get(i % plans.size()), new Random(seed + i));
      try {
        walk(walk);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("repeat with -Dseed=" + (seed + i) + ", the first sequence", e);
      }
    }
  }

  private static void walk(Walk walk) {
    for (int i = 0; i < EVENTS && !walk.run.status().isFinal(); i++) {
      if (walk.random.nextInt(15) == 0) {
        walk.crash(walk.random.nextBoolean(), walk.random.nextBoolean());
      } else {
        walk.apply(walk.event(true));
      }
    }
    for (int i = 0; i < 5_000 && !walk.run.status().isFinal(); i++) {
      walk.apply(walk.event(false));
    }
    assertThat(walk.run.status().isFinal()).as("ends once faults stop: %s", walk.run).isTrue();
  }
}
