package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.engine.value.Value;
import dev.pawl.store.HistoryRow;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The events of a run. What was committed is read from the store; a commit of the run only rings
/// the bell, so nothing is lost between what was there and what comes. What steps show before comes
/// by a queue, and takes its place behind the row that was the newest then.
final class RunFeed<S> implements Run.Feed<S> {
  private static final Logger LOG = LoggerFactory.getLogger(RunFeed.class);
  private static final int PAGE = 200;
  private static final int SHOWN = 10_000;
  private final RunHandle<S> run;
  private final long after;
  private final Turns.Bell bell;
  private final Queue<Run.Event<?>> shown = new LinkedBlockingQueue<>(SHOWN);
  private volatile boolean closed;

  RunFeed(RunHandle<S> run, long after) {
    this.run = run;
    this.after = after;
    this.bell = run.engine().watchers().watch(run.id());
    run.engine().watchers().follow(run.id(), this);
  }

  @Override
  public Iterator<Run.Event<S>> iterator() {
    return new Events();
  }

  /// Hears of something that is not committed.
  void show(Run.Event<?> event) {
    if (!shown.offer(event)) {
      LOG.debug("a feed of run {} misses {}", run.id(), event);
    }
    bell.ring();
  }

  @Override
  public void close() {
    closed = true;
    run.engine().watchers().unfollow(run.id(), this);
    run.engine().watchers().unwatch(run.id(), bell);
    bell.ring();
  }

  private final class Events implements Iterator<Run.Event<S>> {
    private final Queue<Run.Event<S>> ready = new ArrayDeque<>();
    private long read;
    private @Nullable Value state;
    private boolean ended;

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && !ended && !closed) {
        var over = run.ended();
        if (fill()) {
          continue;
        }
        if (over.isPresent()) {
          ended = true;
          ready.add(new Run.Event.Ended<>(Math.max(read, after), over.get()));
        } else {
          run.engine().checkWritable();
          bell.await();
          if (run.engine().isClosing()) {
            closed = true;
          }
        }
      }
      return !ready.isEmpty();
    }

    /// Reads the next page, and what was shown since; whether there was anything.
    private boolean fill() {
      var rows = run.history(read, PAGE);
      for (var row : rows) {
        takeShown(row.seq() - 1);
        add(row);
      }
      takeShown(read);
      return !rows.isEmpty() || !ready.isEmpty();
    }

    @SuppressWarnings("unchecked")
    private void add(HistoryRow row) {
      var value = run.next(state == null ? run.input() : state, row);
      boolean isEvent = row.kind() == HistoryRow.Kind.LEFT || row.kind() == HistoryRow.Kind.STAYED;
      if (row.seq() > after && isEvent) {
        ready.add(new Run.Event.Committed<>(row.seq(), row.node(), (S) value.get()));
      }
      read = row.seq();
      state = value;
    }

    /// Takes what was shown when `newest`, or an earlier row, was the newest.
    @SuppressWarnings("unchecked") // what is not committed has no state
    private void takeShown(long newest) {
      for (var next = shown.peek();
          next != null && next.sequence() <= newest;
          next = shown.peek()) {
        ready.add((Run.Event<S>) next);
        shown.remove();
      }
    }

    @Override
    public Run.Event<S> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }
  }
}
