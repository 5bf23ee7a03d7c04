package dev.pawl.run;

import dev.pawl.run.Branch.Phase;
import dev.pawl.workflow.model.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lets messages meet waits: each message, in order, the branch that has waited longest of those
/// that it is for. At rest no message is left that a branch waits for, unless the run is paused, so
/// only what is new is looked at.
final class Delivery {
  private final Plan plan;
  private final Applier applier;

  Delivery(Plan plan, Applier applier) {
    this.plan = plan;
    this.applier = applier;
  }

  /// The run after messages have met waits.
  ///
  /// @param before the run before the event
  /// @param after the run after it
  /// @param facts to which those of the meetings are added
  RunState deliver(RunState before, RunState after, List<Fact> facts, Instant at) {
    var run = after;
    if (!isOpen(run)) {
      return run;
    }
    for (var message : after.inbox().unused()) {
      boolean isNew = before.paused() != null || message.number() > before.inbox().accepted();
      var receiver = receiver(run, message, isNew ? Branches.none() : before.branches());
      if (receiver != null) {
        var fact =
            new FactDraft(run, receiver, Fact.Kind.RECEIVED, at)
                .port(message.signal())
                .message(message.id())
                .state(message.payload())
                .make();
        facts.add(fact);
        run = applier.apply(run.with(run.inbox().without(message)), fact);
      }
    }
    return run;
  }

  /// The branch that a message would meet if it came now.
  Optional<Branch> receiver(RunState run, Message message) {
    return isOpen(run)
        ? Optional.ofNullable(receiver(run, message, Branches.none()))
        : Optional.empty();
  }

  /// Whether messages meet waits.
  private static boolean isOpen(RunState run) {
    return run.paused() == null && run.goesOn();
  }

  /// @param known branches that the message was not for
  private @Nullable Branch receiver(RunState run, Message message, Branches known) {
    var receivers = new ArrayList<Branch>(1);
    run.branches()
        .changes(
            known,
            (old, branch) -> {
              if (branch.phase() == Phase.WAITING && isFor(message, branch)) {
                receivers.add(branch);
              }
            });
    return receivers.isEmpty()
        ? null
        : Collections.min(receivers, Comparator.comparingLong(Branch::base));
  }

  private boolean isFor(Message message, Branch branch) {
    var listening = branch.listening();
    if (listening == null) {
      return false;
    }
    var await = plan.await(branch.node()).orElseThrow();
    int index = await.find(message.signal());
    boolean heard =
        await.mode() == Work.Await.Mode.ALL && listening.heard().contains(message.signal());
    return index >= 0 && !heard && listening.accepts(index, message);
  }
}
