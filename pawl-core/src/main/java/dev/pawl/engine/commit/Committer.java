package dev.pawl.engine.commit;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.Commit;
import dev.pawl.store.StoreException;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Group commit without a timer: whoever finds nobody writing takes what has queued and writes it
/// as one transaction, while the next batch queues behind it.
///
/// A caller that finds the committer idle writes one batch itself, because a hand-over costs as
/// much as a sync; under load a thread of the committer's own does the writing. Batches are
/// prefixes of the queue, so commits of a run keep their order. Several commits of one run in a
/// batch are written as one, so none is written without those before it.
public final class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final int BATCH = 1_000;
  private static final int TRIES = 20;
  private static final long PAUSE = Duration.ofMillis(100).toNanos();

  private final Turns turns;
  private final Writer writer;
  private final int limit;
  private final Consumer<RuntimeException> onHalt;
  private final ConcurrentLinkedQueue<Ticket> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean writing = new AtomicBoolean();
  private final Turns.Bell work;
  private final ConcurrentLinkedQueue<Turns.Bell> crowded = new ConcurrentLinkedQueue<>();
  private final Turns.Bell ended;
  private volatile @Nullable RuntimeException halted;
  private volatile boolean closed;
  private long batch; // only by the thread that holds `writing`

  /// @param limit how many commits may queue
  /// @param onHalt hears once of the error after which nothing is written any more
  public Committer(Turns turns, Writer writer, int limit, Consumer<RuntimeException> onHalt) {
    this.turns = turns;
    this.writer = writer;
    this.limit = limit;
    this.onHalt = onHalt;
    this.work = turns.bell();
    this.ended = turns.bell();
    turns.startPlatform("pawl-committer", this::serve);
  }

  /// Waits while the queue is full. Called without holding a lock; what the caller has queued
  /// itself may be what it is full of, so it sees to it that this is written.
  public void awaitRoom() {
    while (queued.get() >= limit && halted == null) {
      var bell = turns.bell();
      crowded.add(bell);
      work.ring();
      if (queued.get() < limit || halted != null) {
        bell.ring();
      }
      bell.await();
    }
  }

  /// Queues a commit. Called under the run's lock, so commits of a run keep their order.
  public void enqueue(Ticket ticket) {
    queue.add(ticket);
    queued.incrementAndGet();
  }

  /// Waits until a queued commit is durable, or writes it itself.
  public Commit.@Nullable Reason await(Ticket ticket) {
    flush();
    return ticket.await();
  }

  /// As [#await], but lets another thread write it: for threads that run a step, which may be
  /// interrupted at any time.
  public Commit.@Nullable Reason awaitOthers(Ticket ticket) {
    wake();
    return ticket.await();
  }

  /// Sees to it that what has queued is written, by another thread.
  public void wake() {
    work.ring();
  }

  /// Waits until a queued commit is durable, but lets another thread write it: for threads that run
  /// a step, which may be interrupted at any time.
  public void handOver(Ticket ticket) {
    var reason = awaitOthers(ticket);
    if (reason != null) {
      throw new IllegalStateException("the run has moved on: " + reason);
    }
  }

  /// Sees to it that what has queued is written, by this thread or another.
  void flush() {
    if (writing.compareAndSet(false, true)) {
      writeBatch();
      writing.set(false);
      if (closed || !queue.isEmpty()) {
        work.ring();
      }
    }
  }

  private void serve() {
    while (!closed || !queue.isEmpty()) {
      if (queue.isEmpty()) {
        work.await();
      } else if (writing.compareAndSet(false, true)) {
        do {
          writeBatch();
        } while (!queue.isEmpty());
        writing.set(false);
      } else {
        work.await();
      }
    }
    ended.ring();
  }

  private void writeBatch() {
    var tickets = new ArrayList<Ticket>();
    for (Ticket ticket; tickets.size() < BATCH && (ticket = queue.poll()) != null; ) {
      tickets.add(ticket);
    }
    if (tickets.isEmpty()) {
      return;
    }
    var halt = halted;
    if (halt != null) {
      tickets.forEach(ticket -> ticket.failed(halt));
    } else {
      write(tickets);
    }
    queued.addAndGet(-tickets.size());
    letIn();
  }

  /// Wakes who waits for room, as long as there is some. Who finds none left comes back to the
  /// queue, so waking all of them might never end.
  private void letIn() {
    while (queued.get() < limit || halted != null) {
      var bell = crowded.poll();
      if (bell == null) {
        return;
      }
      bell.ring();
    }
  }

  private void write(List<Ticket> tickets) {
    var commits = new ArrayList<Commit>(tickets.size());
    var places = new int[tickets.size()];
    Map<RunId, Integer> seen = tickets.size() > 1 ? HashMap.newHashMap(tickets.size()) : Map.of();
    for (int i = 0; i < places.length; i++) {
      var ticket = tickets.get(i);
      if (ticket.author.isEvicted()) {
        places[i] = -1;
        continue;
      }
      var earlier =
          tickets.size() > 1 ? seen.putIfAbsent(ticket.commit.run(), commits.size()) : null;
      if (earlier == null) {
        places[i] = commits.size();
        commits.add(ticket.commit);
      } else {
        places[i] = earlier;
        commits.set(earlier, Commits.both(commits.get(earlier), ticket.commit));
      }
    }
    Commit.@Nullable Reason[] reasons = new Commit.Reason[commits.size()];
    try {
      for (var rejection : commit(commits)) {
        reasons[rejection.index()] = rejection.reason();
      }
    } catch (RuntimeException e) {
      halted = e;
      tickets.forEach(ticket -> ticket.failed(e));
      onHalt.accept(e);
      return;
    }
    for (int i = 0; i < places.length; i++) {
      answer(tickets.get(i), places[i] < 0 ? Commit.Reason.STALE : reasons[places[i]]);
    }
  }

  private static void answer(Ticket ticket, Commit.@Nullable Reason reason) {
    if (reason == null) {
      ticket.author.committed();
      ticket.committed();
    } else {
      ticket.author.rejected();
      ticket.rejected(reason);
    }
  }

  /// Writes a batch. When the answer is lost, the same number is sent again, and the store says
  /// what became of it.
  private List<Commit.Rejection> commit(List<Commit> commits) {
    batch++;
    for (int tries = 1; ; tries++) {
      try {
        return commits.isEmpty() ? List.of() : writer.commit(batch, commits);
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.UNAVAILABLE || tries == TRIES || closed) {
          throw e;
        }
        LOG.warn("batch {} was not answered, asking again: {}", batch, e.getMessage());
        turns.bell().awaitUntil(turns.nanoTime() + PAUSE);
      }
    }
  }

  /// The error after which nothing is written any more, or null.
  public @Nullable RuntimeException halted() {
    return halted;
  }

  /// Writes what has queued, then stops.
  public void close() {
    closed = true;
    work.ring();
    ended.await();
  }
}
