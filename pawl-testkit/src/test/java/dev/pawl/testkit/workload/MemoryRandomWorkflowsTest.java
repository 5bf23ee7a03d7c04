package dev.pawl.testkit.workload;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;

/// Durable runs of random workflows, kept in memory.
final class MemoryRandomWorkflowsTest extends RandomWorkflowsSuite {
  @Override
  protected Engine open(Workflow<?> workflow) {
    return Engine.builder().memory().register(workflow).start();
  }

  @Override
  protected int count() {
    return 2_000;
  }
}
