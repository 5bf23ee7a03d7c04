package dev.pawl.testkit.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run.Result;
import dev.pawl.testkit.workload.Reference.Ending;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Holds an engine against [Reference], by random workflows. Each must end as the reference says it
/// can, and if no branches race each other, with the same attempts.
///
/// Workflow number n is made of the seed plus n, so a failure is repeated with `-Dseed=` and the
/// number in its message.
public abstract class RandomWorkflowsSuite {
  private static final int COURSES = 500;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private final Trace trace = new Trace();

  /// For subclasses.
  protected RandomWorkflowsSuite() {}

  /// An engine that knows this workflow. The suite closes it.
  protected abstract Engine open(Workflow<?> workflow);

  /// How many workflows to run.
  protected abstract int count();

  @Test
  final void endsAsTheReferenceDoes() throws InterruptedException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println(getClass().getSimpleName() + ": -Dseed=" + seed);
    for (long each = seed; each < seed + count(); each++) {
      check(each);
    }
  }

  private void check(long seed) throws InterruptedException {
    var workflow = RandomWorkflows.fast(new SplittableRandom(seed), trace::add).next();
    var courses = Reference.courses(workflow, Sample.EMPTY, COURSES);
    var expectedAttempts = trace.take();

    var ending = ending(workflow);
    var attempts = trace.take();

    if (courses.size() < COURSES) {
      assertThat(courses)
          .as("-Dseed=%d", seed)
          .extracting(course -> shown(course.ending()))
          .contains(ending);
    }
    if (!courses.getFirst().raced()) {
      assertThat(attempts).as("-Dseed=%d", seed).isEqualTo(expectedAttempts);
    }
  }

  private Ending<Sample> ending(Workflow<Sample> workflow) throws InterruptedException {
    try (var engine = open(workflow)) {
      return ending(engine, workflow);
    }
  }

  /// What a run of this engine shows of how it ended.
  Ending<Sample> shown(Ending<Sample> ending) {
    return ending;
  }

  Ending<Sample> ending(Engine engine, Workflow<Sample> workflow) throws InterruptedException {
    return switch (engine.start(workflow, "random", Sample.EMPTY).result(LONGEST)) {
      case Result.Completed<Sample>(var end, var state) -> new Ending.Completed<>(end, state);
      case Result.Failed<Sample>(var node, var attempts, var cause, var state) ->
          new Ending.Failed<>(node, attempts, Reference.described(cause));
      case Result.Cancelled<Sample> cancelled -> throw new AssertionError(cancelled);
      case Result.StillOpen<Sample> open -> throw new AssertionError(open);
    };
  }
}
