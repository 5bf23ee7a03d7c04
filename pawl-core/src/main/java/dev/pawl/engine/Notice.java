package dev.pawl.engine;

import dev.pawl.store.Encoded;
import dev.pawl.store.OutboxRow;
import dev.pawl.workflow.RunId;
import java.time.Instant;
import java.util.Map;

/// What a run tells its parent, or a child, and its form as a row of the outbox.
sealed interface Notice {
  /// A child is over.
  ///
  /// @param parent whom it tells
  /// @param branch the branch that waits for it
  /// @param request what the child was started by
  /// @param signal what the parent hears it as
  /// @param payload the state that it ended with, or why it has none
  record Ended(RunId parent, String branch, String request, String signal, Encoded payload)
      implements Notice {}

  /// A parent goes on without a child.
  ///
  /// @param workflow that of the child
  /// @param request what the child was started by
  /// @param undo whether the child undoes what it has done
  record Dropped(String workflow, String request, boolean undo) implements Notice {}

  /// The row by which a run tells it.
  ///
  /// @param from the run
  default OutboxRow row(RunId from, Instant at) {
    return switch (this) {
      case Ended ended ->
          OutboxRow.sent(
              from,
              OutboxRow.Kind.RUN,
              ended.request,
              ended.signal,
              ended.parent.toString(),
              ended.payload,
              Map.of("branch", ended.branch),
              at);
      case Dropped dropped ->
          OutboxRow.sent(
              from,
              OutboxRow.Kind.RUN,
              dropped.request,
              "",
              dropped.workflow,
              new Encoded.Bytes(new byte[0]),
              Map.of("undo", Boolean.toString(dropped.undo)),
              at);
    };
  }

  /// What a row tells.
  static Notice of(OutboxRow row) {
    var parts = row.headers();
    return row.name().isEmpty()
        ? new Dropped(row.key(), row.id(), Boolean.parseBoolean(parts.get("undo")))
        : new Ended(
            RunId.parse(row.key()),
            parts.getOrDefault("branch", ""),
            row.id(),
            row.name(),
            row.payload());
  }
}
