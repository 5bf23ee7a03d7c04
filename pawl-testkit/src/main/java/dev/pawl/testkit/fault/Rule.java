package dev.pawl.testkit.fault;

import dev.pawl.store.Commit;
import dev.pawl.store.StoreException;
import java.util.List;

/// Which batches are hit, and by what.
record Rule(Choice choice, Act act) {
  /// Chooses batches. Asked once about each, in their order.
  @FunctionalInterface
  interface Choice {
    boolean chooses(long batch, List<Commit> commits);
  }

  /// What is done to a chosen batch.
  sealed interface Act {}

  record Fail(int times) implements Act {}

  record LoseAnswer() implements Act {}

  record Refuse(StoreException.Kind kind) implements Act {}

  record Hold(Gate gate) implements Act {}
}
