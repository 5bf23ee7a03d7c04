package dev.pawl.behaviour;

import dev.pawl.engine.Engine;
import dev.pawl.testkit.workload.RandomWorkflowsSuite;
import dev.pawl.workflow.Workflow;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// Durable runs of random workflows, each on an engine of its own that opens the file of those
/// before it.
final class SqliteRandomWorkflowsTest extends RandomWorkflowsSuite {
  @TempDir private Path directory;

  @Override
  protected Engine open(Workflow<?> workflow) {
    return Engine.builder().sqlite(directory.resolve("pawl.db")).register(workflow).start();
  }

  @Override
  protected int count() {
    return 300;
  }
}
