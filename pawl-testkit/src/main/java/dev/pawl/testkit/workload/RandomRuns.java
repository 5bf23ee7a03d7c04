package dev.pawl.testkit.workload;

import dev.pawl.engine.Engine;
import dev.pawl.engine.RecordedError;
import dev.pawl.engine.Run;
import dev.pawl.engine.Run.Result;
import dev.pawl.engine.TimedOut;
import dev.pawl.run.Plan;
import dev.pawl.store.HistoryRow;
import dev.pawl.testkit.simulation.Scenario;
import dev.pawl.testkit.simulation.Stage;
import dev.pawl.testkit.workload.Reference.Course;
import dev.pawl.testkit.workload.Reference.Ending;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The scenario that Pawl is simulated with: random workflows and random inputs, whose runs must
/// end as [Reference] allows, with the visits that it says, and with results that were recorded
/// once.
public final class RandomRuns {
  private static final int COURSES = 300;
  private static final int MOST_RUNS = 3;
  private static final Map<String, Object> PAYLOADS = Map.of(RandomWorkflows.TICK.name(), "!");
  private final Stage stage;
  private final Map<String, Integer> recorded = new HashMap<>();
  private final Map<String, Set<String>> attempts = new HashMap<>();
  private boolean planning;
  private int draws;

  private RandomRuns(Stage stage) {
    this.stage = stage;
  }

  /// A scenario, drawn.
  public static Scenario scenario(Stage stage) {
    return new RandomRuns(stage).make();
  }

  private Scenario make() {
    var random = stage.random();
    var workflows = RandomWorkflows.slow(random, this::happen, stage.now());
    var workflow = workflows.next("random", random.nextInt(1, 4));
    var scenario = Scenario.of(workflow);
    int runs = random.nextInt(1, MOST_RUNS + 1);
    var inputs = new TreeMap<String, Sample>();
    for (int i = 0; i < runs; i++) {
      var input = Sample.EMPTY.peak(random.nextInt(1_000));
      inputs.put("run" + i, input);
      scenario.start(workflow, "run" + i, input);
      if (!Plan.of(workflow.definition()).signals().isEmpty()) {
        scenario.update("run" + i, RandomWorkflows.TICK, "!", RandomWorkflows.REFUSED);
      }
    }
    return scenario.check(engine -> {
      for (var input : inputs.entrySet()) {
        var run = engine.find(workflow, input.getKey());
        if (run.isPresent()) {
          check(engine, run.get(), workflow, input.getValue());
        }
      }
    });
  }

  /// What each attempt of a step does: it takes time, and records a number that must be the same in
  /// all attempts of its visit.
  private void happen(StepContext context) throws Exception {
    if (planning) {
      return;
    }
    attempts
        .computeIfAbsent(context.key(), key -> new HashSet<>())
        .add(context.node() + " #" + context.attempt());
    stage.lag();
    var key = context.idempotencyKey();
    if (key.hashCode() % 4 == 0) {
      int number = context.once("number", Integer.class, () -> ++draws);
      var before = recorded.putIfAbsent(key, number);
      if (before != null && before != number) {
        throw new AssertionError(key + " recorded " + before + ", and later " + number);
      }
    }
  }

  private void check(Engine engine, Run<Sample> run, Workflow<Sample> workflow, Sample input)
      throws InterruptedException {
    var ending = ending(run.result(Duration.ofHours(1)));
    boolean late = false;
    for (var each : withChildren(engine, run, workflow)) {
      late |= timedOut(each);
    }
    if (ending.isEmpty() || late) {
      return;
    }
    planning = true;
    var courses = Reference.courses(workflow, input, COURSES, PAYLOADS, run.key());
    planning = false;
    if (courses.size() == COURSES) {
      return;
    }
    if (courses.stream().noneMatch(course -> course.ending().equals(ending.get()))) {
      throw new AssertionError(
          "run "
              + run.key()
              + " ended as "
              + ending.get()
              + ", which is none of "
              + courses.stream().map(Course::ending).distinct().toList());
    }
    if (!courses.getFirst().raced()) {
      var visits = visits(run);
      var expected = ofSteps(courses.getFirst().visits());
      if (!visits.equals(expected)) {
        throw new AssertionError(
            "run " + run.key() + " made the visits " + visits + ", and not " + expected);
      }
    }
  }

  /// A run and those below it, each of which has undone what it has to.
  private static List<Run<Sample>> withChildren(
      Engine engine, Run<Sample> run, Workflow<Sample> workflow) {
    var plan = Plan.of(workflow.definition());
    checkUndone(run, plan);
    var all = new ArrayList<Run<Sample>>();
    all.add(run);
    for (var child : run.children(Optional.empty(), Integer.MAX_VALUE)) {
      var started = plan.children().filter(each -> each.name().equals(child.workflow()));
      var itsWorkflow = Workflow.of(sample(started.findFirst().orElseThrow()));
      var itsRun = engine.find(itsWorkflow, child.id()).orElseThrow();
      all.addAll(withChildren(engine, itsRun, itsWorkflow));
    }
    return all;
  }

  @SuppressWarnings("unchecked") // random workflows start others of the same state only
  private static Definition<Sample> sample(Definition<?> definition) {
    return (Definition<Sample>) definition;
  }

  /// A run that does not complete undoes all that it has done and can undo.
  private static void checkUndone(Run<Sample> run, Plan plan) {
    if (run.status() == RunStatus.COMPLETED) {
      return;
    }
    var left = new TreeSet<Long>();
    for (var row : rows(run)) {
      boolean ends =
          row.kind() == HistoryRow.Kind.FINISHED
              || row.kind() == HistoryRow.Kind.LEFT && row.error().isEmpty();
      if (ends && plan.compensates(plan.find(row.node()))) {
        left.add(row.seq());
      } else if (row.kind() == HistoryRow.Kind.UNDONE) {
        left.remove(Long.parseLong(row.port()));
      }
    }
    if (!left.isEmpty()) {
      throw new AssertionError("run " + run.key() + " has not undone what rows " + left + " did");
    }
  }

  /// Whether an attempt may have taken longer than it may, which the reference knows nothing of:
  /// its error says so, or its time, or a fold has broken that hides the error.
  private static boolean timedOut(Run<Sample> run) {
    var timedOut = TimedOut.class.getName();
    return rows(run).stream()
        .anyMatch(row -> {
          var error = row.error().orElse("");
          return error.startsWith(timedOut)
              || error.endsWith(RandomWorkflows.BROKEN_FOLD)
              || row.took().compareTo(Policy.DEFAULT.perAttempt()) >= 0;
        });
  }

  /// How it ended; nothing if it was cancelled.
  private static Optional<Ending<Sample>> ending(Result<Sample> result) {
    return switch (result) {
      case Result.Completed<Sample>(var end, var state) ->
          Optional.of(new Ending.Completed<>(end, state));
      case Result.Failed<Sample>(var node, var attempts, var cause, var state) ->
          Optional.of(new Ending.Failed<>(node, attempts, error(cause)));
      case Result.Cancelled<Sample> cancelled -> Optional.empty();
      case Result.StillOpen<Sample> open -> throw new AssertionError("still open: " + open);
    };
  }

  /// After a restart, an error is known by what was recorded of it.
  private static String error(Throwable cause) {
    return cause instanceof RecordedError
        ? String.valueOf(cause.getMessage())
        : Reference.described(cause);
  }

  private static Map<String, Integer> visits(Run<Sample> run) {
    var visited = new HashSet<String>();
    var visits = new HashMap<String, Integer>();
    for (var row : rows(run)) {
      boolean ends = row.kind() == HistoryRow.Kind.LEFT || row.kind() == HistoryRow.Kind.GAVE_UP;
      if (ends && visited.add(row.branch() + '#' + row.visit())) {
        visits.merge(row.node(), 1, Integer::sum);
      }
    }
    return ofSteps(visits);
  }

  private static List<HistoryRow> rows(Run<Sample> run) {
    return run.history(0, Integer.MAX_VALUE);
  }

  /// Without those of nodes with nodes inside: one whose child gave up has no row of its own.
  private static Map<String, Integer> ofSteps(Map<String, Integer> visits) {
    var ofSteps = new TreeMap<>(visits);
    ofSteps
        .keySet()
        .removeIf(name -> visits.keySet().stream().anyMatch(key -> key.startsWith(name + "/")));
    return ofSteps;
  }
}
