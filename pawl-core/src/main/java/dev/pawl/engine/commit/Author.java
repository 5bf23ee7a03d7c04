package dev.pawl.engine.commit;

/// A run in memory, whose commits are queued.
public interface Author {
  /// Whether the store has refused a commit of it, so that what it has queued since is not written.
  boolean isEvicted();

  /// Hears that a commit is durable.
  void committed(Ticket ticket);

  /// Hears that the store has refused a commit.
  void evict();
}
