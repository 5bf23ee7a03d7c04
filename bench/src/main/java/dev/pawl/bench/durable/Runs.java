package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Load;
import dev.pawl.bench.measure.WrongResult;
import dev.pawl.engine.Engine;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.time.Duration;

/// Starts runs under keys of their own, waits for their durable ends, and checks their results.
///
/// @param engine where they run
/// @param workflow what is run
/// @param start the state they start with
/// @param expected the state they must end with
record Runs<S>(Engine engine, Workflow<S> workflow, S start, S expected) {
  static final Duration LIMIT = Duration.ofMinutes(5);

  /// A closed loop.
  Load closedLoop(String keys, int callers, int runs) throws Exception {
    var load = Load.closedLoop(callers, runs, index -> one(keys + index));
    checkCompleted();
    return load;
  }

  /// All runs started together.
  Load together(String keys, int runs) throws Exception {
    var load = Load.together(runs, index -> one(keys + index));
    checkCompleted();
    return load;
  }

  private void one(String key) throws InterruptedException {
    var end = engine.start(workflow, key, start).await(LIMIT);
    WrongResult.unlessEqual("run " + key, expected, end);
  }

  /// Asks the store, which must know of completed runs only.
  private void checkCompleted() {
    var counts = engine.counts(Store.Filter.ALL);
    counts.forEach((status, count) -> {
      if (status != RunStatus.COMPLETED && count > 0) {
        throw new WrongResult(count + " runs are " + status + " in the store");
      }
    });
  }
}
