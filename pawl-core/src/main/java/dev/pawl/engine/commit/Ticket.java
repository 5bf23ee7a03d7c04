package dev.pawl.engine.commit;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.Commit;
import org.jspecify.annotations.Nullable;

/// A commit on its way to the store, and what became of it.
public final class Ticket {
  final Author author;
  final Commit commit;
  private final Turns.Bell bell;
  private volatile boolean done;
  private Commit.@Nullable Reason rejection;
  private @Nullable RuntimeException error;

  /// A commit that is about to be queued.
  public Ticket(Author author, Commit commit, Turns.Bell bell) {
    this.author = author;
    this.commit = commit;
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
