package dev.pawl.testkit.compat;

import dev.pawl.engine.Engine;
import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.Run;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.store.Codec;
import dev.pawl.store.MemoryStore;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// A store in memory with what an older build left in it.
final class Older {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final EnumSet<RunStatus> STILL =
      EnumSet.of(RunStatus.WAITING, RunStatus.COMPLETED, RunStatus.FAILED);

  private final MemoryStore store = new MemoryStore();
  private final Codec codec;

  Older() {
    this(new JacksonCodec());
  }

  Older(Codec codec) {
    this.codec = codec;
  }

  MemoryStore store() {
    return store;
  }

  EngineBuilder engine() {
    return Engine.builder().store(store).codec(codec);
  }

  /// Runs a workflow for each state until it waits or is over.
  List<RunId> ran(Workflow<Order> workflow, Order... orders) throws InterruptedException {
    try (var engine = engine().register(workflow).start()) {
      var runs = new ArrayList<Run<Order>>();
      for (var order : orders) {
        runs.add(engine.start(workflow, order.id(), order));
      }
      for (var run : runs) {
        run.awaitStatus(STILL, LIMIT);
      }
      return runs.stream().map(Run::id).toList();
    }
  }
}
