package dev.pawl.engine.outbox;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.Settled;
import dev.pawl.store.Store;
import dev.pawl.stream.Event;
import dev.pawl.stream.EventStream;
import dev.pawl.workflow.step.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes events from the outbox to a stream: page by page, in the order of their numbers, and
/// removes them when the stream has them. A crash in between sends them again.
///
/// When the stream refuses a page, its events are sent one by one. If it takes some and not others,
/// those keys are held back and tried again, and parked when that has failed too often; the events
/// of other keys go on. If it takes none, it is taken to be away: nothing is parked then, and all
/// of it is tried again, less and less often, up to a minute.
public final class EventRelay {
  private static final Logger LOG = LoggerFactory.getLogger(EventRelay.class);
  private static final int PAGE = 500;
  private static final int HELD = 1_000;
  private static final int AWAY = 3; // events that it did not take, until it counts as away
  private static final Retry RETRY = Retry.exponential(Duration.ofSeconds(1), 10);
  private final Turns turns;
  private final Store store;
  private final Settler settler;
  private final EventStream stream;
  private final Rounds rounds;
  private final Map<Key, Held> held = new HashMap<>(); // these three: by the relay's thread
  private long after;
  private int failures; // pages in a row of which the stream took nothing
  private volatile boolean anew;

  private record Key(String topic, String key) {
    static Key of(OutboxRow row) {
      return new Key(row.name(), row.key());
    }
  }

  /// A key that is held back.
  ///
  /// @param number the event that the stream does not take
  /// @param tries how often it was tried
  /// @param due when it is tried again, by the monotonic clock
  private record Held(long number, int tries, long due) {}

  /// Sends to this stream; [#start] makes it begin.
  public EventRelay(Turns turns, Store store, Settler settler, EventStream stream) {
    this.turns = turns;
    this.store = store;
    this.settler = settler;
    this.stream = stream;
    this.rounds = new Rounds(turns, this::round);
  }

  /// Begins with what is in the outbox.
  ///
  /// @param name of its thread
  public void start(String name) {
    rounds.start(name);
  }

  /// Hears that there are more rows.
  public void added() {
    rounds.ring();
  }

  /// Hears that rows are tried again that were parked.
  public void restored() {
    anew = true;
    rounds.ring();
  }

  /// Sends one page.
  ///
  /// @return how many nanoseconds to wait, unless more rows come
  private long round() {
    long now = turns.nanoTime();
    if (anew) {
      anew = false;
      after = 0;
      held.clear();
    }
    for (var each : held.values()) {
      if (each.due - now <= 0) {
        after = Math.min(after, each.number - 1);
      }
    }
    if (held.size() >= HELD && untilDue(now) > 0) {
      return untilDue(now);
    }
    var page = store.outbox(Optional.empty(), after, PAGE);
    var rows = page.stream().filter(row -> isFree(row, now)).toList();
    if (rows.isEmpty()) {
      after = page.isEmpty() ? after : page.getLast().number();
      return page.size() == PAGE ? 0 : untilDue(now);
    }
    return send(page, rows);
  }

  private boolean isFree(OutboxRow row, long now) {
    var known = held.get(Key.of(row));
    return known == null || known.due - now <= 0;
  }

  private long untilDue(long now) {
    return held.values().stream().mapToLong(each -> each.due - now).min().orElse(Rounds.FOREVER);
  }

  private long send(List<OutboxRow> page, List<OutboxRow> rows) {
    try {
      stream.append(rows.stream().map(EventRelay::event).toList());
    } catch (Throwable e) {
      return sendEach(page, rows, e);
    }
    settler.settle(rows.getFirst().run(), rows.stream().map(Settled::gone).toList());
    rows.forEach(row -> held.remove(Key.of(row)));
    after = page.getLast().number();
    failures = 0;
    return 0;
  }

  private static Event event(OutboxRow row) {
    return new Event(row.name(), row.id(), row.key(), row.payload(), row.headers(), row.at());
  }

  private long sendEach(List<OutboxRow> page, List<OutboxRow> rows, Throwable why) {
    var sent = new ArrayList<OutboxRow>();
    var failed = new HashMap<OutboxRow, Throwable>();
    var blocked = new HashSet<Key>();
    for (var row : rows) {
      if (sent.isEmpty() && failed.size() >= AWAY || rounds.isClosed()) {
        break;
      }
      if (!blocked.contains(Key.of(row))) {
        try {
          stream.append(List.of(event(row)));
          sent.add(row);
        } catch (Throwable e) {
          failed.put(row, e);
          blocked.add(Key.of(row));
        }
      }
    }
    if (sent.isEmpty()) {
      return away(why);
    }
    failures = 0;
    var settled = new ArrayList<>(sent.stream().map(Settled::gone).toList());
    sent.forEach(row -> held.remove(Key.of(row)));
    after = page.getLast().number();
    failed.forEach((row, error) -> hold(row, error, settled));
    settler.settle(rows.getFirst().run(), settled);
    return 0;
  }

  private long away(Throwable why) {
    failures++;
    if (failures == 1) {
      LOG.warn("the stream takes no events; they stay in the outbox until it does", why);
    }
    return RETRY.waitAfter(Math.min(failures, 30), turns.random().nextDouble()).toNanos();
  }

  private void hold(OutboxRow row, Throwable error, List<Settled> settled) {
    var key = Key.of(row);
    var before = held.get(key);
    int tries = before != null && before.number == row.number() ? before.tries + 1 : 1;
    if (tries >= RETRY.attempts()) {
      LOG.error("event {} of {} is parked after {} tries", row.number(), key, tries, error);
      settled.add(Settled.parked(row, error + " (" + tries + " tries)"));
      held.remove(key);
      after = Math.min(after, row.number()); // what was passed over behind it is read again
    } else {
      var wait = RETRY.waitAfter(tries, turns.random().nextDouble());
      held.put(key, new Held(row.number(), tries, turns.nanoTime() + wait.toNanos()));
    }
  }

  /// Sends nothing more.
  ///
  /// @param until when it is interrupted, by the monotonic clock
  public void close(long until) {
    rounds.close(until);
  }
}
