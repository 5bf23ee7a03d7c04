package dev.pawl.stream;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.EventLog;
import dev.pawl.store.EventRow;
import dev.pawl.store.StoreException;
import dev.pawl.stream.Subscription.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A stream over the log of a store. Positions are offsets.
final class LogStream implements EventStream {
  private static final int PAGE = 500;
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private final EventLog log;
  private final Turns turns;
  private final AutoCloseable listening;
  private final Set<LogSource> sources = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  LogStream(EventLog log, Turns turns) {
    this.log = log;
    this.turns = turns;
    this.listening = log.listen(() -> sources.forEach(source -> source.bell.ring()));
  }

  @Override
  public void append(List<Event> events) {
    checkOpen();
    if (!events.isEmpty()) {
      log.append(events.stream().map(LogStream::row).toList());
    }
  }

  private static EventRow row(Event event) {
    return new EventRow(
        0, event.topic(), event.id(), event.key(), event.payload(), event.headers(), event.at());
  }

  @Override
  public EventSource open(Subscription subscription) {
    checkOpen();
    var source = new LogSource(subscription, start(subscription));
    sources.add(source);
    return source;
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException(StoreException.Kind.CLOSED, "the stream is closed");
    }
  }

  /// Where a consumer begins; kept at once, so that it misses nothing from now on.
  private long start(Subscription subscription) {
    var topic = subscription.topic();
    var consumer = subscription.consumer();
    var member = member(subscription);
    if (subscription.start() instanceof Start.After after) {
      long offset = offset(after.position());
      log.reset(topic, consumer, member, offset);
      return offset;
    }
    var cursors = Cursors.of(log.cursors(topic, consumer));
    var own = cursors.of(subscription.member(), subscription.members());
    if (own.isPresent()) {
      return own.getAsLong();
    }
    long offset =
        cursors
            .before()
            .orElseGet(() -> subscription.start() == Start.First.LATEST ? log.end() : 0);
    log.advance(topic, consumer, member, offset);
    return offset;
  }

  private static String member(Subscription subscription) {
    return Cursors.member(subscription.member(), subscription.members());
  }

  private static long offset(String position) {
    try {
      return Long.parseLong(position);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + position + "\" is no position of this stream; take that of an entry", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    sources.forEach(LogSource::close);
    try {
      listening.close();
    } catch (Exception e) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE, "the stream could not leave its log", e);
    }
  }

  private final class LogSource implements EventSource {
    private final Subscription subscription;
    private final Turns.Bell bell = turns.bell();
    private long after; // by the reading thread
    private volatile boolean ended;

    LogSource(Subscription subscription, long after) {
      this.subscription = subscription;
      this.after = after;
    }

    @Override
    public List<Entry> next(int limit, Duration wait) throws InterruptedException {
      if (limit < 1) {
        throw new IllegalArgumentException("a page has one event at least, not " + limit);
      }
      long until =
          turns.nanoTime() + (wait.compareTo(LONGEST) < 0 ? wait.toNanos() : LONGEST.toNanos());
      while (!ended) {
        var page = page(limit);
        if (!page.isEmpty()) {
          return page;
        }
        if (!bell.awaitUntilInterruptibly(until)) {
          return ended ? List.of() : page(limit);
        }
      }
      return List.of();
    }

    private List<Entry> page(int limit) {
      var page = new ArrayList<Entry>();
      for (boolean more = true; more && page.size() < limit; ) {
        var rows = log.read(subscription.topic(), after, Math.min(limit, PAGE));
        more = rows.size() == Math.min(limit, PAGE);
        for (var row : rows) {
          if (page.size() == limit) {
            break;
          }
          after = row.offset();
          if (isMine(row.key())) {
            page.add(new Entry(Long.toString(row.offset()), event(row)));
          }
        }
      }
      return page;
    }

    private boolean isMine(String key) {
      return Math.floorMod(key.hashCode(), subscription.members()) == subscription.member();
    }

    private static Event event(EventRow row) {
      return new Event(row.topic(), row.id(), row.key(), row.payload(), row.headers(), row.at());
    }

    @Override
    public void acknowledge(Entry last) {
      checkOpen();
      log.advance(
          subscription.topic(),
          subscription.consumer(),
          member(subscription),
          offset(last.position()));
    }

    @Override
    public void close() {
      ended = true;
      sources.remove(this);
      bell.ring();
    }
  }
}
