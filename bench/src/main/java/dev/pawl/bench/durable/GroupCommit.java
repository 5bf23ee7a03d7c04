package dev.pawl.bench.durable;

import dev.pawl.bench.durable.BareStore.Commit;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Hands commits of many threads to one that writes: it takes what has queued, writes it as one
/// transaction, wakes those who wait, and repeats.
final class GroupCommit implements AutoCloseable {
  private static final int LARGEST = 1_000;
  private final BareStore store;
  private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final List<List<Commit>> written = new ArrayList<>(); // by the writing thread
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean parked;
  private volatile @Nullable SQLException failure;

  private static final class Waiting {
    private final Commit commit;
    private final Thread thread = Thread.currentThread();
    private volatile boolean done;

    Waiting(Commit commit) {
      this.commit = commit;
    }

    void finish() {
      done = true;
      LockSupport.unpark(thread);
    }
  }

  GroupCommit(BareStore store) {
    this.store = store;
    this.thread = Thread.ofPlatform().name("bare-writer").start(this::serve);
  }

  /// Returns when the commit is durable.
  void commit(Commit commit) throws SQLException {
    var waiting = new Waiting(commit);
    queue.add(waiting);
    if (parked) {
      LockSupport.unpark(thread);
    }
    while (!waiting.done) {
      LockSupport.park(this);
    }
    var error = failure;
    if (error != null) {
      throw error;
    }
  }

  private void serve() {
    while (!closed) {
      var batch = new ArrayList<Waiting>();
      for (Waiting next; batch.size() < LARGEST && (next = queue.poll()) != null; ) {
        batch.add(next);
      }
      if (batch.isEmpty()) {
        parked = true;
        if (queue.isEmpty() && !closed) {
          LockSupport.park(this);
        }
        parked = false;
        continue;
      }
      try {
        var commits = batch.stream().map(waiting -> waiting.commit).toList();
        store.write(commits);
        written.add(commits);
      } catch (SQLException e) {
        failure = e;
      }
      batch.forEach(Waiting::finish);
    }
  }

  /// Stops the writing thread.
  ///
  /// @return all batches, as they were written
  List<List<Commit>> stop() throws InterruptedException {
    closed = true;
    LockSupport.unpark(thread);
    thread.join();
    return written;
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
