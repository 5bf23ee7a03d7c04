package dev.pawl.engine.pace;

import dev.pawl.engine.turns.Turns;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Who may run an attempt now: at most so many at once in all, at most so many at a node, and by
/// turns between workflows, so that one with many runs does not starve the others.
public final class Admission {
  private final Lock lock;
  private final int limit;
  private final Map<String, Queue<Waiting>> queues = new LinkedHashMap<>(); // guarded by lock
  private final Map<Place, Integer> atNodes = new HashMap<>(); // guarded by lock
  private int active; // guarded by lock
  private boolean closed; // guarded by lock

  /// @param limit attempts at once
  public Admission(Turns turns, int limit) {
    this.lock = turns.lock();
    this.limit = limit;
  }

  /// A node with a limit of its own.
  public record Place(String workflow, String node, int limit) {}

  private record Waiting(@Nullable Place place, Runnable start) {}

  /// Takes a place if there is one and nobody waits for it.
  public boolean tryEnter(@Nullable Place place) {
    lock.lock();
    try {
      if (closed || active >= limit || !queues.isEmpty() || !hasRoom(place)) {
        return false;
      }
      take(place);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Runs `start` as soon as there is a place for it; `start` must not block, and whoever it starts
  /// leaves the place.
  public void enter(String workflow, @Nullable Place place, Runnable start) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      queues.computeIfAbsent(workflow, w -> new ArrayDeque<>()).add(new Waiting(place, start));
    } finally {
      lock.unlock();
    }
    admit();
  }

  /// Gives a place back.
  public void leave(@Nullable Place place) {
    boolean waiting;
    lock.lock();
    try {
      active--;
      if (place != null) {
        atNodes.merge(place, -1, (a, b) -> a + b == 0 ? null : a + b);
      }
      waiting = !queues.isEmpty();
    } finally {
      lock.unlock();
    }
    if (waiting) {
      admit();
    }
  }

  private void admit() {
    for (Runnable start; (start = next()) != null; ) {
      start.run();
    }
  }

  /// The first that has room, looking at the workflow first that has waited longest.
  private @Nullable Runnable next() {
    lock.lock();
    try {
      if (closed || active >= limit) {
        return null;
      }
      for (var workflow : List.copyOf(queues.keySet())) {
        var queue = Objects.requireNonNull(queues.get(workflow));
        var start = firstWithRoom(queue);
        if (start != null) {
          queues.remove(workflow);
          if (!queue.isEmpty()) {
            queues.put(workflow, queue);
          }
          return start;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Runnable firstWithRoom(Queue<Waiting> queue) {
    for (Iterator<Waiting> i = queue.iterator(); i.hasNext(); ) {
      var waiting = i.next();
      if (hasRoom(waiting.place)) {
        i.remove();
        take(waiting.place);
        return waiting.start;
      }
    }
    return null;
  }

  private boolean hasRoom(@Nullable Place place) {
    return place == null || atNodes.getOrDefault(place, 0) < place.limit;
  }

  private void take(@Nullable Place place) {
    active++;
    if (place != null) {
      atNodes.merge(place, 1, Integer::sum);
    }
  }

  /// Lets nobody in any more.
  public void close() {
    lock.lock();
    try {
      closed = true;
      queues.clear();
    } finally {
      lock.unlock();
    }
  }
}
