package dev.pawl.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// The outbox of a memory store.
final class MemoryOutbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, OutboxRow> rows = new TreeMap<>(); // by the lock
  private final EventLog log;
  private long newest; // by the lock

  /// @param log where events go that are for the store's own log
  MemoryOutbox(EventLog log) {
    this.log = log;
  }

  void add(List<OutboxRow> added) {
    if (added.isEmpty()) {
      return;
    }
    var logged = new ArrayList<EventRow>();
    lock.lock();
    try {
      for (var row : added) {
        long number = ++newest;
        if (row.kind() == OutboxRow.Kind.LOGGED) {
          logged.add(event(row));
        } else {
          rows.put(number, numbered(row, number, Optional.empty()));
        }
      }
    } finally {
      lock.unlock();
    }
    if (!logged.isEmpty()) {
      log.append(logged);
    }
  }

  private static EventRow event(OutboxRow row) {
    return new EventRow(0, row.name(), row.id(), row.key(), row.payload(), row.headers(), row.at());
  }

  private static OutboxRow numbered(OutboxRow row, long number, Optional<String> parked) {
    return new OutboxRow(
        number,
        row.run(),
        row.kind(),
        row.id(),
        row.name(),
        row.key(),
        row.payload(),
        row.headers(),
        row.at(),
        parked);
  }

  void settle(List<Settled> settled) {
    if (settled.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      for (var each : settled) {
        rows.computeIfPresent(
            each.number(),
            (number, row) ->
                switch (each.outcome()) {
                  case GONE -> null;
                  case PARKED -> numbered(row, number, Optional.of(each.reason()));
                  case WAITING -> numbered(row, number, Optional.empty());
                });
      }
    } finally {
      lock.unlock();
    }
  }

  List<OutboxRow> waiting(Optional<String> hook, long after, int limit) {
    return list(
        row ->
            row.parked().isEmpty()
                && (hook.isEmpty()
                    ? row.kind() == OutboxRow.Kind.EVENT
                    : row.kind() == OutboxRow.Kind.HOOK && row.name().equals(hook.get())),
        after,
        limit);
  }

  List<OutboxRow> ofRuns(long after, int limit) {
    return list(row -> row.parked().isEmpty() && row.kind() == OutboxRow.Kind.RUN, after, limit);
  }

  List<OutboxRow> parked(long after, int limit) {
    return list(row -> row.parked().isPresent(), after, limit);
  }

  private List<OutboxRow> list(Predicate<OutboxRow> which, long after, int limit) {
    lock.lock();
    try {
      return rows.tailMap(after, false).values().stream().filter(which).limit(limit).toList();
    } finally {
      lock.unlock();
    }
  }
}
