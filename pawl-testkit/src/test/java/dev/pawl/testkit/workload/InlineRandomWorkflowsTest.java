package dev.pawl.testkit.workload;

import dev.pawl.engine.Engine;
import dev.pawl.engine.RunFailed;
import dev.pawl.testkit.workload.Reference.Ending;
import dev.pawl.workflow.Workflow;

/// Inline runs of random workflows.
final class InlineRandomWorkflowsTest extends RandomWorkflowsSuite {
  @Override
  protected Engine open(Workflow<?> workflow) {
    return Engine.inline();
  }

  @Override
  protected int count() {
    return 2_000;
  }

  @Override
  Ending<Sample> ending(Engine engine, Workflow<Sample> workflow) throws InterruptedException {
    try {
      return new Ending.Completed<>("", engine.run(workflow, Sample.EMPTY));
    } catch (RunFailed e) {
      return new Ending.Failed<>(e.node(), e.attempts(), Reference.described(e.getCause()));
    }
  }

  /// An inline run does not tell at which end it is.
  @Override
  Ending<Sample> shown(Ending<Sample> ending) {
    return ending instanceof Ending.Completed<Sample>(var end, var state)
        ? new Ending.Completed<>("", state)
        : ending;
  }
}
