package dev.pawl.store;

import java.util.Collection;
import java.util.List;

/// The right to write to a store, held by one engine. Thread-safe: what is written at the same time
/// is written one after the other.
public interface Writer extends AutoCloseable {
  /// The id that the runs of this writer carry as their owner; positive, never used before in this
  /// store.
  long id();

  /// Writes a batch as one transaction and returns when it is durable. Commits are written in
  /// order. One that cannot be written is left out whole, and the rest is written; also when all
  /// are rejected, the batch counts.
  ///
  /// @param batch one more than the last batch, from 1 on; the same number again, after an answer
  ///   was lost, gives the answer again without writing twice
  /// @return the commits that were not written, by index
  /// @throws StoreException `FENCED` if this writer has been replaced, `FULL`, `READ_ONLY`,
  ///   `CLOSED` (nothing was written), or `UNAVAILABLE` (ask again with the same number)
  List<Commit.Rejection> commit(long batch, List<Commit> commits);

  /// Remembers the shape of a definition; durable when it returns.
  ///
  /// @throws StoreException as [#commit] does
  void putShape(String workflow, String version, String fingerprint);

  /// Writes schedules as one transaction: adds or replaces `rows`, and removes those whose names
  /// are in `removed`, as far as they are there; durable when it returns. Written again, it changes
  /// nothing.
  ///
  /// @throws StoreException as [#commit] does
  void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed);

  /// Gives the right back. Runs that this writer owns keep their owner until the next writer takes
  /// them over.
  @Override
  void close();
}
