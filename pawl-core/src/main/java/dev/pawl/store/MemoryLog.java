package dev.pawl.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps events in maps.
final class MemoryLog implements EventLog {
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, EventRow> events = new TreeMap<>(); // by the lock, all of these
  private final Map<String, TreeMap<Long, EventRow>> topics = new HashMap<>();
  private final Map<Reader, Map<String, Long>> cursors = new HashMap<>();
  private long end;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  private record Reader(String topic, String consumer) {}

  @Override
  public void append(List<EventRow> appended) {
    lock.lock();
    try {
      for (var event : appended) {
        var row =
            new EventRow(
                ++end,
                event.topic(),
                event.id(),
                event.key(),
                event.payload(),
                event.headers(),
                event.at());
        events.put(row.offset(), row);
        topics.computeIfAbsent(row.topic(), topic -> new TreeMap<>()).put(row.offset(), row);
      }
    } finally {
      lock.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  @Override
  public List<EventRow> read(String topic, long after, int limit) {
    lock.lock();
    try {
      var known = topics.get(topic);
      return known == null
          ? List.of()
          : known.tailMap(after, false).values().stream().limit(limit).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long end() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<String, Long> cursors(String topic, String consumer) {
    lock.lock();
    try {
      return Map.copyOf(cursors.getOrDefault(new Reader(topic, consumer), Map.of()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void advance(String topic, String consumer, String member, long offset) {
    lock.lock();
    try {
      cursorsOf(topic, consumer).merge(member, offset, Math::max);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void reset(String topic, String consumer, String member, long offset) {
    lock.lock();
    try {
      cursorsOf(topic, consumer).put(member, offset);
    } finally {
      lock.unlock();
    }
  }

  private Map<String, Long> cursorsOf(String topic, String consumer) {
    return cursors.computeIfAbsent(new Reader(topic, consumer), reader -> new HashMap<>());
  }

  @Override
  public int trim(Instant before, int limit) {
    lock.lock();
    try {
      var old =
          events.values().stream()
              .takeWhile(event -> event.at().isBefore(before))
              .limit(limit)
              .toList();
      for (var event : old) {
        events.remove(event.offset());
        var topic = topics.get(event.topic());
        if (topic != null) {
          topic.remove(event.offset());
        }
      }
      return old.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public AutoCloseable listen(Runnable appended) {
    listeners.add(appended);
    return () -> listeners.remove(appended);
  }
}
