package dev.pawl.testkit;

import dev.pawl.testkit.FakeStep.Fault;
import dev.pawl.testkit.StateChecks.Where;
import dev.pawl.testkit.turns.VirtualProcess;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.step.StepContext;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;

/// What happens around each attempt of a step: it is counted, what was ordered befalls it, its
/// input and its result are checked. Used by the thread that has the turn.
final class Attempts {
  private final Supplier<VirtualProcess> process;
  private final Function<Place, String> runs;
  private final StateChecks checks;
  private final Map<Place, FakeStep> fakes = new HashMap<>();
  private final Map<Begun, Integer> begun = new HashMap<>();

  /// @param process the one that the engine runs in now
  /// @param runs which runs may be at a place
  Attempts(Supplier<VirtualProcess> process, Function<Place, String> runs, StateChecks checks) {
    this.process = process;
    this.runs = runs;
    this.checks = checks;
  }

  /// A node of a workflow, by its full name.
  record Place(String workflow, String version, String node) {}

  private record Begun(String run, String node) {}

  /// What befalls the attempts at a node.
  FakeStep at(Place place) {
    return fakes.computeIfAbsent(place, p -> new FakeStep());
  }

  /// How many attempts of a run at a node have begun.
  int begun(RunId run, String node) {
    return begun.getOrDefault(new Begun(run.toString(), node), 0);
  }

  /// Runs an attempt.
  ///
  /// @param code the node's own
  /// @param state the state in what it returns
  /// @param type the type of that state
  <R> R run(
      Place place,
      StepContext ctx,
      Object input,
      Callable<R> code,
      Function<? super R, Object> state,
      Type type)
      throws Exception {
    var visit = ctx.idempotencyKey().split(":", 3); // run, branch, and the rest
    begun.merge(new Begun(visit[0], place.node()), 1, Integer::sum);
    var where = new Where(place.workflow(), place.node(), "run " + ctx.key() + inBranch(visit[1]));
    var fault = at(place).next();
    return named(
        where,
        () -> {
          process.get().sleep(at(place).time());
          if (fault.isPresent() && fault.get() instanceof Fault.Fails(var error)) {
            throw error.get();
          }
          var result = watched(where, input, code);
          if (result != null) {
            checks.survives(where, state.apply(result), type);
          }
          if (fault.isPresent()) {
            process.get().kill();
            process.get().checkLives();
          }
          return result;
        });
  }

  /// Lets the current thread be called by what it does, for messages about threads that block.
  private static <R> R named(Where where, Callable<R> code) throws Exception {
    var thread = Thread.currentThread();
    var name = thread.getName();
    thread.setName(where.toString());
    try {
      return code.call();
    } finally {
      thread.setName(name);
    }
  }

  private static String inBranch(String branch) {
    return branch.isEmpty() ? "" : ", branch " + branch;
  }

  /// Runs code, and checks that it leaves its input as it was.
  private <R> R watched(Where where, Object input, Callable<R> code) throws Exception {
    var before = Leaves.of(input);
    try {
      return code.call();
    } finally {
      checks.unchanged(where, before, input);
    }
  }

  /// Runs code that has no context: a fold, or what an edge does to the state.
  Object folded(Place place, Object input, Callable<Object> code, Type type) throws Exception {
    var where = new Where(place.workflow(), place.node(), runs.apply(place));
    var result = named(where, () -> watched(where, input, code));
    if (result != null) {
      checks.survives(where, result, type);
    }
    return result;
  }
}
