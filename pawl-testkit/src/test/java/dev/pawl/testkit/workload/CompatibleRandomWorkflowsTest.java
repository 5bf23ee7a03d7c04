package dev.pawl.testkit.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.store.Commit;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Mail;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.testkit.compat.Compatibility;
import dev.pawl.testkit.compat.Report;
import dev.pawl.workflow.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever a run did, and wherever it stands, it fits the workflow that it is a run of.
@Timeout(300)
final class CompatibleRandomWorkflowsTest {
  private static final int COUNT = 150;
  private static final int ROWS = 10_000;

  @Test
  void fitTheirOwnRunsAfterEachCommit() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println(getClass().getSimpleName() + ": -Dseed=" + seed);
    for (long each = seed; each < seed + COUNT; each++) {
      check(each);
    }
  }

  private static void check(long seed) throws InterruptedException {
    var workflow = RandomWorkflows.fast(new SplittableRandom(seed), context -> {}).next();
    var store = new MemoryStore();
    try (var engine = Engine.builder().store(store).register(workflow).start()) {
      engine.start(workflow, "random", Sample.EMPTY).result(Duration.ofMinutes(1));
    }
    var run = store.runs(Store.Filter.ALL, Optional.empty(), 1).getFirst();
    var rows = store.history(run.id(), 0, ROWS);
    for (int length = 0; length <= rows.size(); length++) {
      var open = opened(store, run, rows.subList(0, length));

      assertThat(Compatibility.of(workflow).check(open))
          .as("-Dseed=%d after %d rows", seed, length)
          .isEqualTo(new Report(1, List.of(), 0));
    }
  }

  /// A store in which the run has come so far.
  private static Store opened(Store from, RunRow run, List<HistoryRow> rows) {
    var state =
        new RunRow.State(RunStatus.RUNNING, Optional.empty(), "", 0, 0, run.state().changed());
    var open =
        new RunRow(
            run.id(),
            run.workflow(),
            run.version(),
            run.key(),
            run.unique(),
            run.request(),
            run.headers(),
            run.input(),
            run.created(),
            run.parent(),
            state);
    var store = new MemoryStore();
    var writer = store.writer();
    writer.putShape(
        run.workflow(), run.version(), from.shape(run.workflow(), run.version()).orElseThrow());
    var commit =
        new Commit(
            run.id(),
            Optional.of(open),
            rows,
            Optional.empty(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Mail.NONE);
    assertThat(writer.commit(1, List.of(commit))).isEmpty();
    return store;
  }
}
