package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.run.RunState;
import dev.pawl.store.Commit;
import org.jspecify.annotations.Nullable;

/// A commit on its way to the store, and what became of it.
final class Ticket {
  final OpenRun run;
  final Commit commit;
  final RunState after;
  final @Nullable Value root;
  private final Turns.Bell bell;
  private volatile boolean done;
  private Commit.@Nullable Reason rejection;
  private @Nullable RuntimeException error;

  /// @param root the state of the root branch after it, if it changed
  Ticket(OpenRun run, Commit commit, RunState after, @Nullable Value root, Turns.Bell bell) {
    this.run = run;
    this.commit = commit;
    this.after = after;
    this.root = root;
    this.bell = bell;
  }

  void committed() {
    done = true;
    bell.ring();
  }

  void rejected(Commit.Reason reason) {
    rejection = reason;
    committed();
  }

  void failed(RuntimeException error) {
    this.error = error;
    committed();
  }

  /// Waits until the store has answered.
  ///
  /// @return why the commit was rejected, or null if it is durable
  /// @throws dev.pawl.store.StoreException if the store cannot be written any more
  Commit.@Nullable Reason await() {
    while (!done) {
      bell.await();
    }
    if (error != null) {
      throw error;
    }
    return rejection;
  }
}
