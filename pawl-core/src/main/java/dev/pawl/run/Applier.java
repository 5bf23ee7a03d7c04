package dev.pawl.run;

import dev.pawl.run.Branch.Phase;
import dev.pawl.run.Branch.Task;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Changes a run by a fact. The same whether the fact was just decided or is read from the history,
/// and never dependent on edges, which may have changed since: where a branch went is in the fact.
final class Applier {
  /// The port of a retry that happened after a delay was over, so that it is not waited for again.
  static final String AFTER_DELAY = "after the delay";

  /// What the port of an attempt begins with that is to undo a visit: the row that ended it
  /// follows.
  private static final String UNDO = "undo ";

  private final Plan plan;

  Applier(Plan plan) {
    this.plan = plan;
  }

  RunState apply(RunState before, Fact fact) {
    var run = before.counted(fact);
    return switch (fact.kind()) {
      case LEFT -> left(run, fact);
      case OPENED -> opened(run, fact);
      case MERGED ->
          enter(
              withoutBelow(run, branch(run, fact)),
              fact.branch(),
              fact.node(),
              fact.visit(),
              fact.state(),
              fact.seq(),
              fact.at());
      case RETRY -> run.with(retrying(branch(run, fact), fact));
      case GAVE_UP ->
          failed(run, branch(run, fact), Objects.requireNonNull(fact.failure()), fact.at());
      case SPENT -> lost(run, branch(run, fact), Objects.requireNonNull(fact.failure()));
      case AGAIN -> run.with(branch(run, fact).marked());
      case RECEIVED -> run.with(branch(run, fact).receiving(fact.port(), fact.state(), 0));
      case STAYED ->
          run.with(branch(run, fact).stayed(idle(fact.node()), fact.state(), fact.port()));
      case PAUSED -> paused(run, fact);
      case RESUMED -> unmarked(run).pausedBecause(null);
      case CANCELLED -> over(run, new RunState.Goal(RunStatus.CANCELLED, fact.port(), null));
      case ABANDONED ->
          over(run.with(Undos.none()), new RunState.Goal(RunStatus.CANCELLED, fact.port(), null));
      case EXPIRED -> expired(run, Objects.requireNonNull(fact.failure()));
      case FINISHED -> finished(run, fact);
      case DROPPED -> run;
      case UNDONE -> undone(run, branch(run, fact), Long.parseLong(fact.port()), fact.at());
    };
  }

  /// What a branch that waits for signals does at first: it asks users' code what for, if it has
  /// to.
  private Branch.Phase idle(int node) {
    return plan.asks(node) ? Phase.READY : Phase.WAITING;
  }

  /// The port of a row about an attempt that has not ended its visit.
  static String port(Branch branch) {
    var undo = branch.undo();
    if (undo != null) {
      return UNDO + undo.seq();
    }
    return branch.task() == Task.ELAPSED ? AFTER_DELAY : "";
  }

  private static Branch retrying(Branch branch, Fact fact) {
    var task = fact.port().equals(AFTER_DELAY) ? Task.ELAPSED : branch.task();
    return branch
        .ready(task, fact.attempt())
        .retrying(fact.attempt() + 1, Objects.requireNonNull(fact.due()));
  }

  private static Branch branch(RunState run, Fact fact) {
    var branch = run.branches().get(fact.branch());
    if (branch == null) {
      throw new IllegalStateException(
          "the history has a row for branch '" + fact.branch() + "', which is not live: " + fact);
    }
    return branch;
  }

  private RunState left(RunState before, Fact fact) {
    var branch = branch(before, fact);
    var run = withoutBelow(undoable(before, fact), branch);
    var next = fact.next();
    if (next.size() > 1) {
      return forked(run, fact);
    }
    if (next.isEmpty()
        || (plan.kind(next.getFirst()) == Plan.Kind.END && !isJoin(run, branch, next.getFirst()))) {
      return branch.isRoot()
          ? run.endedAt(next.isEmpty() ? fact.node() : next.getFirst())
          : arrived(run, moved(branch, fact), fact.at());
    }
    return isJoin(run, branch, next.getFirst())
        ? arrived(run, moved(branch, fact), fact.at())
        : enter(
            run,
            branch.id(),
            next.getFirst(),
            fact.visit() + 1,
            fact.state(),
            fact.seq(),
            fact.at());
  }

  private RunState undoable(RunState run, Fact fact) {
    return fact.failure() == null && plan.compensates(fact.node())
        ? run.with(run.undos().with(new Undo(fact.seq(), fact.branch(), fact.visit(), fact.node())))
        : run;
  }

  private static Branch moved(Branch branch, Fact fact) {
    return Branch.entering(
        branch.id(), fact.node(), fact.visit(), fact.state(), fact.seq(), fact.at());
  }

  static boolean isJoin(RunState run, Branch branch, int node) {
    return !branch.isRoot() && blockAround(run, branch).join() == node;
  }

  private static Branch parent(RunState run, Branch child) {
    return Objects.requireNonNull(run.branches().get(child.parent()));
  }

  /// The block that a branch is a child of.
  private static Block blockAround(RunState run, Branch child) {
    return Objects.requireNonNull(parent(run, child).block());
  }

  /// Whether a block is that of a map's items; a map may also fork, once they have ended.
  private boolean isOfItems(Block block) {
    return !block.isFork() && plan.kind(block.node()) == Plan.Kind.MAP;
  }

  private RunState forked(RunState before, Fact fact) {
    int join = fact.next().getFirst();
    int total = fact.next().size() - 1;
    var block =
        new Block(fact.node(), fact.visit(), join, total, total, 0, 0, plan.needed(join, total));
    var parent =
        Branch.entering(
                fact.branch(), fact.node(), fact.visit(), fact.state(), fact.seq(), fact.at())
            .blocked(block);
    var run = before.with(parent);
    for (int i = 0; i < total; i++) {
      int first = fact.next().get(i + 1);
      run = enter(run, block.child(parent.id(), i), first, 1, fact.state(), fact.seq(), fact.at());
    }
    return run;
  }

  /// Lets a branch enter a node; a parallel node opens its children at once, because that needs no
  /// code of users.
  RunState enter(
      RunState run, String id, int node, int visit, @Nullable Object state, long base, Instant at) {
    var branch = Branch.entering(id, node, visit, state, base, at);
    if (plan.kind(node) == Plan.Kind.AWAIT) {
      return run.with(plan.asks(node) ? branch : branch.waiting(Listening.ANY, null));
    }
    if (plan.kind(node) != Plan.Kind.PARALLEL) {
      return run.with(branch);
    }
    int total = plan.children(node);
    var block = new Block(node, visit, -1, total, total, 0, 0, total);
    var result = run.with(branch.blocked(block));
    for (int i = 0; i < total; i++) {
      result = enter(result, block.child(id, i), plan.first(node, i), 1, state, base, at);
    }
    return result;
  }

  private RunState opened(RunState run, Fact fact) {
    var branch = branch(run, fact);
    int total = Integer.parseInt(fact.port());
    int node = branch.node();
    var block =
        new Block(node, branch.visit(), -1, total, 0, 0, 0, total - plan.tolerated(node, total));
    var blocked = branch.blocked(block);
    if (total == 0) {
      return run.with(blocked.ready(Task.FOLD, 1));
    }
    var result = run.with(blocked);
    for (int i = Math.min(total, plan.width(node)); i > 0; i--) {
      result = startNext(result, blocked.id(), fact.state(), fact.seq(), fact.at());
    }
    return result;
  }

  private RunState startNext(
      RunState run, String parentId, @Nullable Object state, long base, Instant at) {
    var parent = Objects.requireNonNull(run.branches().get(parentId));
    var block = Objects.requireNonNull(parent.block());
    if (block.started() == block.total()) {
      return run;
    }
    int index = block.started();
    var started = run.with(parent.blocked(block.withStarted(1)));
    return enter(
        started, block.child(parentId, index), plan.first(block.node(), index), 1, state, base, at);
  }

  private RunState arrived(RunState run, Branch child, Instant at) {
    var parent = parent(run, child);
    var block = blockAround(run, child).withDone();
    if (isOfItems(block)) {
      return itemEnded(run, parent, block, child, at);
    }
    var waiting = run.with(child.in(Phase.ARRIVED, null)).with(parent.blocked(block));
    if (!block.settled()) {
      return waiting;
    }
    if (!block.isFork()) {
      return waiting.with(parent.blocked(block).ready(Task.FOLD, 1));
    }
    var alone = cancelBelow(waiting, parent, true);
    return alone.with(joining(alone, parent.joining(block, at)));
  }

  /// What a branch does whose fork has ended: it undoes what the children did that are not needed,
  /// then it joins the others.
  private static Branch joining(RunState run, Branch joining) {
    var block = Objects.requireNonNull(joining.block());
    var loser = run.undos().newest(undo -> isLost(run, joining.id(), block, undo.branch()));
    return loser == null ? joining : joining.undoing(loser);
  }

  /// Whether a branch is a child of a block that has not arrived, or is below one.
  private static boolean isLost(RunState run, String parent, Block block, String branch) {
    var children = parent + "/" + block.visit() + ".";
    if (!branch.startsWith(children)) {
      return false;
    }
    int end = branch.indexOf('/', children.length());
    var child = run.branches().get(end < 0 ? branch : branch.substring(0, end));
    return child == null || child.phase() != Phase.ARRIVED;
  }

  /// A visit of a branch that was cancelled has ended well: it is undone with those that came
  /// before it, none of which has begun, because branches drain first.
  private static RunState finished(RunState before, Fact fact) {
    var undo = new Undo(fact.seq(), fact.branch(), fact.visit(), fact.node());
    var run = before.with(before.undos().with(undo));
    if (run.goal() != null) {
      return unwinding(run);
    }
    for (var above = undo.branch(); !above.isEmpty(); ) {
      above = above.substring(0, above.lastIndexOf('/'));
      var branch = run.branches().get(above);
      if (branch != null && (branch.task() == Task.JOIN || branch.undo() != null)) {
        run = run.with(joining(run, branch));
      }
    }
    return run;
  }

  /// A compensation that gave up begins anew when the run is resumed.
  private static RunState paused(RunState run, Fact fact) {
    var paused = run.pausedBecause(fact.port());
    return fact.failure() == null
        ? paused
        : paused.with(branch(run, fact).ready(Task.UNDO, 1).unmarked());
  }

  private static RunState undone(RunState before, Branch branch, long seq, Instant at) {
    var run = before.with(before.undos().without(seq));
    var block = branch.block();
    return run.goal() != null || block == null
        ? unwinding(run.with(branch.in(Phase.READY, null).stopped()))
        : run.with(joining(run, branch.joining(block, at)));
  }

  /// Lets a run that is going to its end undo what it has done, once its root has stopped.
  static RunState unwinding(RunState run) {
    var root = run.branches().get("");
    var undo = run.undos().newest(any -> true);
    return run.goal() == null || root == null || undo == null || root.phase() == Phase.DRAINING
        ? run
        : run.with(root.undoing(undo));
  }

  private RunState itemEnded(RunState run, Branch parent, Block block, Branch child, Instant at) {
    var blocked = parent.blocked(block);
    var rest = run.with(run.branches().without(child)).with(blocked);
    return block.settled()
        ? rest.with(blocked.ready(Task.FOLD, 1))
        : startNext(rest, parent.id(), null, parent.base(), at);
  }

  private RunState failed(RunState before, Branch branch, Failure failure, Instant at) {
    var run = withoutBelow(before, branch);
    if (branch.isRoot()) {
      return lost(run, branch, failure);
    }
    var parent = parent(run, branch);
    var block = blockAround(run, branch).withFailed();
    var blocked = parent.blocked(block);
    if (block.lost()) {
      var alone = cancelBelow(without(run, branch), parent, false).with(blocked);
      // An item of a map gives up by a row of its own, by which its map finds how it ended.
      return plan.catches(block.node()) || isItem(alone, parent)
          ? alone.with(blocked.failedBlock(failure))
          : failed(alone, blocked, failure, at);
    }
    return isOfItems(block)
        ? itemEnded(run, parent, block, branch, at)
        : without(run, branch).with(blocked);
  }

  private boolean isItem(RunState run, Branch branch) {
    return !branch.isRoot() && isOfItems(blockAround(run, branch));
  }

  private static RunState without(RunState run, Branch branch) {
    return run.with(run.branches().without(branch));
  }

  /// The run fails, because of a branch whose attempt has ended.
  private static RunState lost(RunState run, Branch branch, Failure failure) {
    return over(
        run.with(branch.ready(branch.task(), branch.attempt())),
        new RunState.Goal(RunStatus.FAILED, failure.error(), failure));
  }

  /// Nothing goes on. Attempts under way are told to stop; of what has none, the root alone stays.
  private static RunState over(RunState run, RunState.Goal goal) {
    var root = Objects.requireNonNull(run.branches().get(""));
    return unwinding(
        cancelBelow(run, root, false).with(root.stopped()).with(goal).pausedBecause(null));
  }

  private static RunState expired(RunState run, Failure failure) {
    return over(run, new RunState.Goal(RunStatus.FAILED, failure.error(), failure));
  }

  private static RunState unmarked(RunState run) {
    var result = run;
    for (var branch : run.branches()) {
      if (branch.marks() > 0) {
        result = result.with(branch.unmarked());
      }
    }
    return result;
  }

  /// Ends all branches below one; attempts under way drain, and the children that have arrived may
  /// be kept.
  static RunState cancelBelow(RunState run, Branch top, boolean keepArrived) {
    if (!run.branches().hasBelow(top)) {
      return run;
    }
    var rest =
        run.branches()
            .without(branch ->
                branch.isBelow(top)
                    && branch.phase() != Phase.ACTIVE
                    && branch.phase() != Phase.DRAINING
                    && !(keepArrived
                        && branch.phase() == Phase.ARRIVED
                        && branch.parent().equals(top.id())));
    for (var branch : rest) {
      if (branch.isBelow(top) && branch.phase() == Phase.ACTIVE) {
        rest = rest.with(branch.in(Phase.DRAINING, null));
      }
    }
    return run.with(rest);
  }

  /// Drops the children of a block that has been folded.
  private static RunState withoutBelow(RunState run, Branch top) {
    return run.branches().hasBelow(top)
        ? run.with(run.branches().without(b -> b.isBelow(top) && b.phase() != Phase.DRAINING))
        : run;
  }

  /// Whether a branch belongs to an item of a map, itself or by an ancestor.
  boolean isOfItem(RunState run, Branch branch) {
    for (var at = branch; !at.isRoot(); at = parent(run, at)) {
      if (isItem(run, at)) {
        return true;
      }
    }
    return false;
  }
}
