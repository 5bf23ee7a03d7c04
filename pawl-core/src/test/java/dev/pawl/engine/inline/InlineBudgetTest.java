package dev.pawl.engine.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.Engine;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.StepContext;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What an inline run may use before it fails.
final class InlineBudgetTest {
  private final Engine engine = Engine.inline();

  @Test
  void allowsOneHundredThousandVisitsAndNoMore() throws InterruptedException {
    var workflow = counting();

    assertThat(engine.run(workflow, 100_000)).isZero();

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, 100_001));
    assertThat(failure.node()).isEqualTo("count");
    assertThat(failure).cause().hasMessage("the run has spent its limit of steps 100000");
  }

  private static Workflow<Integer> counting() {
    var g = Workflow.graph("counting", Integer.class);
    var count = g.step("count", n -> n - 1);
    g.start(count).path(count, g.end());
    count.when("more", n -> n > 0, count);
    return g.build();
  }

  @Test
  void countsTheVisitsOfAllBranchesTogether() throws InterruptedException {
    var g = Workflow.graph("branches", Integer.class);
    var fork = g.step("fork", n -> n).pure();
    var left = g.step("left", n -> n - 1);
    var right = g.step("right", n -> n - 1);
    var join = g.join("join", Join.ALL);
    var end = g.end();
    g.start(fork).path(left, join).path(right, join).path(join, end);
    fork.fork(left, right).onError(BranchFailed.class, (n, e) -> -1, end);
    left.when("more", n -> n > 0, left);
    right.when("more", n -> n > 0, right);
    var workflow = g.build();

    assertThat(engine.run(workflow, 49_999)).isZero();

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, 50_000));
    assertThat(failure).cause().hasMessage("the run has spent its limit of steps 100000");
  }

  @Test
  void allowsOneHundredThousandBranchesAndNoMore() throws InterruptedException {
    var g = Workflow.graph("items", Integer.class);
    var map =
        g.map(
                "map",
                n -> IntStream.range(0, n).boxed().toList(),
                Integer.class,
                (Integer item, StepContext ctx) -> item,
                (n, results) -> results.done())
            .tolerate(1)
            .pure();
    g.start(map).path(map, g.end());
    var workflow = g.build();

    assertThat(engine.run(workflow, 99_999)).isEqualTo(99_999);

    var failure = catchThrowableOfType(RunFailed.class, () -> engine.run(workflow, 100_000));
    assertThat(failure.node()).isEqualTo("map");
    assertThat(failure).cause().hasMessage("the run has spent its limit of branches 100000");
  }

  @Test
  void doesNotCountTheVisitsOfItems() throws InterruptedException {
    var g = Workflow.graph("items", Integer.class);
    var map = g.map("map", n -> List.of(n, n), counting(), (n, results) -> results.done()).pure();
    g.start(map).path(map, g.end());

    assertThat(engine.run(g.build(), 90_000)).isEqualTo(2);
  }
}
