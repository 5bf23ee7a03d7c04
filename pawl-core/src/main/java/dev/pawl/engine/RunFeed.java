package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.engine.value.Value;
import dev.pawl.store.HistoryRow;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The events of a run, read from the store; a commit of the run only rings the bell, so nothing is
/// lost between what was there and what comes.
final class RunFeed<S> implements Run.Feed<S> {
  private static final int PAGE = 200;
  private final RunHandle<S> run;
  private final long after;
  private final Turns.Bell bell;
  private volatile boolean closed;

  RunFeed(RunHandle<S> run, long after) {
    this.run = run;
    this.after = after;
    this.bell = run.engine().watchers().watch(run.id());
  }

  @Override
  public Iterator<Run.Event<S>> iterator() {
    return new Events();
  }

  @Override
  public void close() {
    closed = true;
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

    /// Reads the next page; whether there was one.
    @SuppressWarnings("unchecked")
    private boolean fill() {
      var value = state == null ? run.input() : state;
      var rows = run.history(read, PAGE);
      for (var row : rows) {
        value = run.next(value, row);
        if (row.seq() > after && row.kind() == HistoryRow.Kind.LEFT) {
          ready.add(new Run.Event.Committed<>(row.seq(), row.node(), (S) value.get()));
        }
        read = row.seq();
      }
      state = value;
      return !rows.isEmpty();
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
