package dev.pawl.testkit.workload;

import dev.pawl.workflow.step.StepContext;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The attempts that steps of a run made, whatever thread they were on: branch, node, visit and
/// attempt of each.
final class Trace {
  private final Queue<String> attempts = new ConcurrentLinkedQueue<>();

  void add(StepContext context) {
    var key = context.idempotencyKey();
    attempts.add(key.substring(key.indexOf(':') + 1) + " #" + context.attempt());
  }

  /// What was noted since this was last called, sorted.
  List<String> take() {
    var taken = attempts.stream().sorted().toList();
    attempts.clear();
    return taken;
  }
}
