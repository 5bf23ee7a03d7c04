package dev.pawl.testkit.fault;

import dev.pawl.store.Commit;
import java.util.List;

/// A fault that a [FaultyStore] injected.
///
/// @param batch the number of the batch among all that the store was sent, from 1 on
/// @param fault what was done to it
/// @param commits what it carried
public record Injected(long batch, Fault fault, List<Commit> commits) {
  /// Copies the list.
  public Injected {
    commits = List.copyOf(commits);
  }

  /// Says which batch of which runs was hit: `batch 5 (run 0198…): ANSWER_LOST`.
  @Override
  public String toString() {
    return "batch " + batch + " " + commits.stream().map(Commit::run).toList() + ": " + fault;
  }
}
