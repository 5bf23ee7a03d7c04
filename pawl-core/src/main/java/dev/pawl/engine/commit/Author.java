package dev.pawl.engine.commit;

/// Who queued a commit, and hears what became of it, before whoever waits for it goes on.
public interface Author {
  /// Whether the store has refused an earlier commit of the run, so that this one is not written.
  boolean isEvicted();

  /// Hears that the commit is durable.
  void committed();

  /// Hears that the store has refused the commit.
  void rejected();
}
