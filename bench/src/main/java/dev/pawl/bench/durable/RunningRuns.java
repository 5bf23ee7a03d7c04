package dev.pawl.bench.durable;

import dev.pawl.bench.measure.Load;
import dev.pawl.engine.Engine;
import dev.pawl.engine.Limits;
import dev.pawl.workflow.Workflow;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// A process with runs that all stand in their second step, until it is killed.
///
/// Arguments: `start` or `recover`, the database, how many runs. Writes `running` when every run is
/// in its second step.
final class RunningRuns {
  private static final int CALLERS = 512;

  private RunningRuns() {}

  public static void main(String[] args) throws Exception {
    int runs = Integer.parseInt(args[2]);
    var all = new CountDownLatch(runs);
    var never = new CountDownLatch(1);
    Set<String> running = ConcurrentHashMap.newKeySet();
    var graph = Workflow.graph("running", Counted.class);
    var begin = graph.step("begin", Counted::next);
    var hold =
        graph.step(
            "hold",
            (counted, context) -> {
              if (running.add(context.key())) {
                all.countDown();
              }
              never.await();
              return counted.next();
            });
    graph.start(begin).path(begin, hold, graph.end());
    var workflow = graph.build();
    var engine =
        Engine.builder()
            .sqlite(Path.of(args[1]))
            .limits(Limits.DEFAULT.attempts(runs))
            .register(workflow)
            .start();
    if (args[0].equals("start")) {
      Load.closedLoop(
          CALLERS, runs, index -> engine.start(workflow, "run-" + index, Counted.START));
    }
    all.await();
    System.out.println("running");
    never.await();
  }
}
