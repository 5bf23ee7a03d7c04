package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.Commit;
import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who wants to know what was committed: threads that wait for a run, and listeners.
final class Watchers {
  private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);
  private static final int QUEUE = 10_000;
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private final Turns turns;
  private final Map<RunId, List<Turns.Bell>> bells = new ConcurrentHashMap<>();
  private final Map<RunId, List<RunFeed<?>>> feeds = new ConcurrentHashMap<>();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  Watchers(Turns turns) {
    this.turns = turns;
  }

  /// Waits until something holds, asking again after each commit of a run; an interrupt is kept.
  ///
  /// @return whether it holds
  boolean awaitChange(RunId run, BooleanSupplier holds, Duration limit) {
    var bell = watch(run);
    try {
      long until = deadline(limit);
      while (!holds.getAsBoolean()) {
        if (!bell.awaitUntil(until)) {
          return holds.getAsBoolean();
        }
      }
      return true;
    } finally {
      unwatch(run, bell);
    }
  }

  /// As [#awaitChange], but an interrupt ends it.
  boolean awaitInterruptibly(RunId run, BooleanSupplier holds, Duration limit)
      throws InterruptedException {
    var bell = watch(run);
    try {
      long until = deadline(limit);
      while (!holds.getAsBoolean()) {
        if (!bell.awaitUntilInterruptibly(until)) {
          return holds.getAsBoolean();
        }
      }
      return true;
    } finally {
      unwatch(run, bell);
    }
  }

  private long deadline(Duration limit) {
    return turns.nanoTime() + (limit.compareTo(LONGEST) < 0 ? limit.toNanos() : LONGEST.toNanos());
  }

  /// A bell that rings after each commit of a run, until [#unwatch].
  Turns.Bell watch(RunId run) {
    var bell = turns.bell();
    bells.compute(
        run,
        (id, known) -> {
          var all = known == null ? new CopyOnWriteArrayList<Turns.Bell>() : known;
          all.add(bell);
          return all;
        });
    return bell;
  }

  void unwatch(RunId run, Turns.Bell bell) {
    bells.computeIfPresent(
        run,
        (id, known) -> {
          known.remove(bell);
          return known.isEmpty() ? null : known;
        });
  }

  /// Lets a feed see what steps show before it is committed, until [#unfollow].
  void follow(RunId run, RunFeed<?> feed) {
    feeds.compute(
        run,
        (id, known) -> {
          var all = known == null ? new CopyOnWriteArrayList<RunFeed<?>>() : known;
          all.add(feed);
          return all;
        });
  }

  void unfollow(RunId run, RunFeed<?> feed) {
    feeds.computeIfPresent(
        run,
        (id, known) -> {
          known.remove(feed);
          return known.isEmpty() ? null : known;
        });
  }

  /// Shows what is not committed.
  void show(RunId run, Run.Event<?> event) {
    feeds.getOrDefault(run, List.of()).forEach(feed -> feed.show(event));
  }

  void ring(RunId run) {
    var waiting = bells.get(run);
    if (waiting != null) {
      waiting.forEach(Turns.Bell::ring);
    }
  }

  void ringAll() {
    bells.values().forEach(all -> all.forEach(Turns.Bell::ring));
  }

  void committed(Commit commit) {
    ring(commit.run());
    for (var subscription : subscriptions) {
      subscription.offer(commit);
    }
  }

  AutoCloseable listen(RunListener listener) {
    var subscription = new Subscription(listener);
    subscriptions.add(subscription);
    subscription.start();
    return subscription;
  }

  /// Lets listeners hear what they have not heard yet, until the monotonic clock reads `until`.
  void close(long until) {
    subscriptions.forEach(Subscription::finish);
    subscriptions.forEach(subscription -> subscription.ended.awaitUntil(until));
    subscriptions.forEach(Subscription::close);
    ringAll();
  }

  /// Hands commits to one listener, on a thread of its own.
  private final class Subscription implements AutoCloseable {
    private final RunListener listener;
    private final ArrayBlockingQueue<Commit> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Turns.Bell bell = turns.bell();
    private final Turns.Bell ended = turns.bell();
    private volatile boolean finishing;
    private volatile boolean closed;
    private long lost; // by the committing thread alone

    Subscription(RunListener listener) {
      this.listener = listener;
    }

    void start() {
      turns.start("pawl-listener", this::serve);
    }

    void offer(Commit commit) {
      if (!queue.offer(commit) && lost++ % QUEUE == 0) {
        LOG.warn("a listener is {} commits behind and misses some: {}", QUEUE, listener);
      }
      bell.ring();
    }

    private void serve() {
      while (!closed) {
        var commit = queue.poll();
        if (commit != null) {
          tell(commit);
        } else if (finishing) {
          break;
        } else {
          bell.await();
        }
      }
      ended.ring();
    }

    private void tell(Commit commit) {
      try {
        commit.insert().ifPresent(listener::started);
        commit.history().forEach(listener::committed);
        commit.update().ifPresent(update -> listener.changed(commit.run(), update));
      } catch (Throwable e) {
        LOG.warn("a listener failed: {}", listener, e);
      }
    }

    void finish() {
      finishing = true;
      bell.ring();
    }

    @Override
    public void close() {
      closed = true;
      subscriptions.remove(this);
      bell.ring();
    }
  }
}
