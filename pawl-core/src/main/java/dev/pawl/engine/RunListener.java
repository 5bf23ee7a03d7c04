package dev.pawl.engine;

import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.RunId;

/// Hears of committed changes. Its methods do nothing unless overridden.
public interface RunListener {
  /// A run was started.
  default void started(RunRow run) {}

  /// A row was added to a run's history.
  default void committed(HistoryRow row) {}

  /// The status of a run changed.
  default void changed(RunId run, RunRow.State state) {}
}
