package dev.pawl.run;

import dev.pawl.workflow.step.Unhandled;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Signals that come to a run, or are left in its inbox, while no branch stands at a node that
/// waits for them: whether they are kept, dropped or refused.
final class Strays {
  private final Plan plan;
  private final Applier applier;
  private final boolean keeps;

  Strays(Plan plan, Applier applier) {
    this.plan = plan;
    this.applier = applier;
    this.keeps = plan.keepsSignals();
  }

  /// The branch whose node refuses a signal.
  Optional<Branch> refusing(RunState run, String signal) {
    return isStray(run, signal)
        ? Optional.ofNullable(standing(run, Unhandled.REFUSE))
        : Optional.empty();
  }

  /// The run without messages that are to be dropped.
  ///
  /// @param facts to which those of the drops are added
  RunState drop(RunState run, List<Fact> facts, Instant at) {
    var rest = run;
    for (var message : run.inbox().unused()) {
      if (isStray(run, message.signal())) {
        var fact =
            new FactDraft(rest, somewhere(run), Fact.Kind.DROPPED, at)
                .port(message.signal())
                .message(message.id())
                .make();
        facts.add(fact);
        rest = applier.apply(rest.with(rest.inbox().without(message)), fact);
      }
    }
    return rest;
  }

  /// Whether branches stand somewhere, and none where a signal is waited for, or kept.
  private boolean isStray(RunState run, String signal) {
    if (keeps || !run.goesOn()) {
      return false;
    }
    boolean stands = false;
    for (var branch : run.branches()) {
      if (stands(branch)) {
        int node = branch.node();
        if (plan.handles(node, signal) || plan.unhandled(node) == Unhandled.KEEP) {
          return false;
        }
        stands = true;
      }
    }
    return stands;
  }

  private Branch somewhere(RunState run) {
    var refuses = standing(run, Unhandled.REFUSE);
    return refuses != null ? refuses : Objects.requireNonNull(standing(run, Unhandled.DROP));
  }

  /// The first branch at a node of this kind.
  private @Nullable Branch standing(RunState run, Unhandled unhandled) {
    for (var branch : run.branches()) {
      if (stands(branch) && plan.unhandled(branch.node()) == unhandled) {
        return branch;
      }
    }
    return null;
  }

  private static boolean stands(Branch branch) {
    return switch (branch.phase()) {
      case READY, ACTIVE, BACKOFF, WAITING -> true;
      case BLOCKED, ARRIVED, DRAINING -> false;
    };
  }
}
