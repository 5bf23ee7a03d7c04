package dev.pawl.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One position in the graph.
///
/// @param id its name: empty for the root, `parent/visit.index` for the others
/// @param node where it stands
/// @param visit its how manyeth visit this is
/// @param attempt which attempt of the visit is next or under way
/// @param phase what it is doing
/// @param task what its next attempt has to do
/// @param state its state, opaque here; null for an item whose first visit has not ended
/// @param base the sequence number of the row that its state came with; 0 for the input
/// @param entered when the visit began
/// @param due when the phase ends by itself, in the phases that do
/// @param marks how many attempts of this visit were begun after a crash
/// @param block the children that it waits for, or is about to fold
/// @param failure why its block failed
/// @param listening what it knows of signals, in a node that waits for some
/// @param undo the finished visit that it undoes
public record Branch(
    String id,
    int node,
    int visit,
    int attempt,
    Phase phase,
    Task task,
    @Nullable Object state,
    long base,
    Instant entered,
    @Nullable Instant due,
    int marks,
    @Nullable Block block,
    @Nullable Failure failure,
    @Nullable Listening listening,
    @Nullable Undo undo) {
  /// What a branch is doing.
  public enum Phase {
    /// An attempt may begin.
    READY,
    /// An attempt is under way.
    ACTIVE,
    /// A failed attempt is to be repeated at a time.
    BACKOFF,
    /// It waits in its node for a time.
    WAITING,
    /// It waits for its children.
    BLOCKED,
    /// It has reached its join, or its end.
    ARRIVED,
    /// It was cancelled, and its attempt has not ended.
    DRAINING
  }

  /// What an attempt has to do.
  public enum Task {
    /// Do the node's work; for a call or map, find out about the children.
    WORK,
    /// Merge the states of the children that arrived, then do the node's work.
    JOIN,
    /// Fold the results of the children.
    FOLD,
    /// Go on after a delay, or when a timer has run out.
    ELAPSED,
    /// Handle a signal.
    SIGNAL,
    /// Leave because the visit has taken too long.
    LATE,
    /// Leave because the children failed.
    FAILED,
    /// Undo a finished visit.
    UNDO
  }

  static Branch entering(
      String id, int node, int visit, @Nullable Object state, long base, Instant at) {
    return new Branch(
        id,
        node,
        visit,
        1,
        Phase.READY,
        Task.WORK,
        state,
        base,
        at,
        null,
        0,
        null,
        null,
        null,
        null);
  }

  Branch in(Phase phase, @Nullable Instant due) {
    return new Branch(
        id, node, visit, attempt, phase, task, state, base, entered, due, marks, block, failure,
        listening, undo);
  }

  Branch ready(Task task, int attempt) {
    return new Branch(
        id,
        node,
        visit,
        attempt,
        Phase.READY,
        task,
        state,
        base,
        entered,
        null,
        marks,
        block,
        failure,
        listening,
        undo);
  }

  Branch retrying(int attempt, Instant due) {
    return new Branch(
        id,
        node,
        visit,
        attempt,
        Phase.BACKOFF,
        task,
        state,
        base,
        entered,
        due,
        0,
        block,
        failure,
        listening,
        undo);
  }

  /// This branch in a run that is over but for what still drains.
  Branch stopped() {
    return new Branch(
        id,
        node,
        visit,
        attempt,
        phase == Phase.ACTIVE ? Phase.DRAINING : Phase.READY,
        Task.WORK,
        state,
        base,
        entered,
        null,
        marks,
        null,
        null,
        null,
        null);
  }

  Branch marked() {
    return new Branch(
        id, node, visit, attempt, phase, task, state, base, entered, due, marks + 1, block, failure,
        listening, undo);
  }

  Branch unmarked() {
    return new Branch(
        id, node, visit, attempt, phase, task, state, base, entered, due, 0, block, failure,
        listening, undo);
  }

  Branch blocked(Block block) {
    return new Branch(
        id,
        node,
        visit,
        1,
        Phase.BLOCKED,
        task,
        state,
        base,
        entered,
        null,
        0,
        block,
        failure,
        listening,
        undo);
  }

  Branch failedBlock(Failure failure) {
    return new Branch(
        id,
        node,
        visit,
        1,
        Phase.READY,
        Task.FAILED,
        state,
        base,
        entered,
        null,
        0,
        block,
        failure,
        listening,
        undo);
  }

  /// This branch, waiting in its node.
  Branch waiting(Listening listening, @Nullable Instant due) {
    return new Branch(
        id,
        node,
        visit,
        1,
        Phase.WAITING,
        Task.WORK,
        state,
        base,
        entered,
        due,
        0,
        null,
        null,
        listening,
        null);
  }

  /// This branch with a signal to handle.
  ///
  /// @param row the row of the outbox that has it; 0 if the history does
  Branch receiving(String signal, @Nullable Object payload, long row) {
    var known = listening == null ? Listening.ANY : listening;
    return new Branch(
        id,
        node,
        visit,
        1,
        Phase.READY,
        Task.SIGNAL,
        state,
        base,
        entered,
        null,
        0,
        null,
        null,
        known.received(signal, payload, row),
        null);
  }

  /// This branch, still in its visit, after it has handled a signal.
  Branch stayed(Phase phase, @Nullable Object state, String signal) {
    var known = listening == null ? Listening.ANY : listening;
    return new Branch(
        id,
        node,
        visit,
        1,
        phase,
        Task.WORK,
        state,
        base,
        entered,
        null,
        0,
        null,
        null,
        known.handled(signal),
        null);
  }

  /// The row of the outbox that has the signal that it handles; 0 if the history has it, or it
  /// handles none.
  public long row() {
    return listening == null ? 0 : listening.row();
  }

  /// Whether its visit may still take too long. One that has forked is over, although its branch
  /// waits for the children; a signal that came in time is handled.
  boolean mayBeLate() {
    boolean forked = block != null && block.isFork() && node == block.node();
    return switch (phase) {
      case ARRIVED, DRAINING -> false;
      case READY, ACTIVE, BACKOFF, WAITING, BLOCKED ->
          !forked
              && switch (task) {
                case WORK, JOIN, FOLD, ELAPSED -> true;
                case SIGNAL, LATE, FAILED, UNDO -> false;
              };
    };
  }

  /// This branch, undoing a finished visit.
  Branch undoing(Undo undo) {
    return new Branch(
        id,
        undo.node(),
        undo.visit(),
        1,
        Phase.READY,
        Task.UNDO,
        state,
        base,
        entered,
        null,
        0,
        block,
        failure,
        null,
        undo);
  }

  /// The branch of a fork, with as many branches as it needs arrived, before their states are
  /// merged.
  Branch joining(Block block, Instant at) {
    return new Branch(
        id,
        block.join(),
        block.visit() + 1,
        1,
        Phase.READY,
        Task.JOIN,
        state,
        base,
        at,
        null,
        0,
        block,
        null,
        null,
        null);
  }

  /// The name of the parent, of a branch that is not the root.
  public String parent() {
    return id.substring(0, id.lastIndexOf('/'));
  }

  /// Its place among its siblings.
  public int index() {
    return Integer.parseInt(id, id.lastIndexOf('.') + 1, id.length(), 10);
  }

  /// Whether it is the root.
  public boolean isRoot() {
    return id.isEmpty();
  }

  /// Whether it is below `other` in the tree.
  boolean isBelow(Branch other) {
    return id.length() > other.id.length()
        && id.startsWith(other.id)
        && id.charAt(other.id.length()) == '/';
  }
}
