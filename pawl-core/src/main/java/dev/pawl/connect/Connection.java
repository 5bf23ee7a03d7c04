package dev.pawl.connect;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Start;
import dev.pawl.engine.Started;
import dev.pawl.engine.turns.Turns;
import dev.pawl.store.StoreException;
import dev.pawl.stream.Entry;
import dev.pawl.stream.EventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connector at work. Thread-safe.
public final class Connection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int PAGE = 500;
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private final Connector connector;
  private final Engine engine;
  private final Turns turns;
  private final Turns.Bell bell; // for the pauses of the thread
  private final Turns.Bell ended; // for await
  private final Turns.Bell left; // for close
  private volatile Status status = new Status(State.RUNNING, 0, 0, 0, 0, 0, Optional.empty());
  private volatile boolean closed;
  private volatile @Nullable EventSource source;
  private volatile @Nullable Thread thread;

  Connection(Connector connector, Engine engine) {
    this.connector = connector;
    this.engine = engine;
    this.turns = connector.turns();
    this.bell = turns.bell();
    this.ended = turns.bell();
    this.left = turns.bell();
  }

  /// How a connection is getting on.
  ///
  /// @param state what it does
  /// @param events how many events it has seen through
  /// @param started how many runs these have started
  /// @param known how many had started one before
  /// @param skipped how many do nothing
  /// @param failed how many were handed to [Connector#failure()]
  /// @param error why the event is tried again that it stands at, or why it has stopped
  public record Status(
      State state,
      long events,
      long started,
      long known,
      long skipped,
      long failed,
      Optional<String> error) {}

  /// What a connection does.
  public enum State {
    /// It reads.
    RUNNING,
    /// The source has given all that it has.
    ENDED,
    /// It stands at an event that fails, or the engine is gone.
    STOPPED,
    /// It was closed.
    CLOSED
  }

  void start() {
    thread = turns.start("pawl-connector-" + connector.name(), this::serve);
  }

  /// How it is getting on now.
  public Status status() {
    return status;
  }

  /// Waits until the source has ended, the connection has stopped, or it was closed. For one
  /// thread.
  ///
  /// @return how it stands then, or after `limit`
  public Status await(Duration limit) throws InterruptedException {
    long until = turns.nanoTime() + limit.toNanos();
    boolean inTime = true;
    while (inTime && status.state == State.RUNNING) {
      inTime = ended.awaitUntilInterruptibly(until);
    }
    return status;
  }

  private void serve() {
    try {
      while (!closed && status.state == State.RUNNING) {
        read();
      }
    } catch (InterruptedException e) {
      LOG.debug("connector {} was interrupted", connector.name());
    } finally {
      closeSource();
      if (status.state == State.RUNNING) {
        to(State.CLOSED, null);
      }
      ended.ring();
      left.ring();
    }
  }

  private void read() throws InterruptedException {
    List<Entry> page;
    try {
      page = source().next(PAGE, LONG);
    } catch (RuntimeException e) {
      LOG.warn("connector {} cannot read; it tries again", connector.name(), e);
      to(State.RUNNING, e);
      closeSource();
      pause(AGAIN);
      return;
    }
    for (var rest = page; !rest.isEmpty() && !closed && status.state == State.RUNNING; ) {
      rest = rest.subList(take(rest), rest.size());
    }
    if (page.isEmpty() && source().isEnded()) {
      to(State.ENDED, null);
    }
  }

  private EventSource source() {
    var opened = source;
    if (opened == null) {
      opened = connector.source().get();
      source = opened;
    }
    return opened;
  }

  private void closeSource() {
    var opened = source;
    source = null;
    if (opened != null) {
      opened.close();
    }
  }

  /// What an event came to.
  ///
  /// @param intent what it is to do; null if its intake threw
  private record Taken(Entry entry, @Nullable Intent intent, @Nullable Throwable error) {}

  /// Sees a page through as far as it goes.
  ///
  /// @return how many of its events are done
  private int take(List<Entry> page) throws InterruptedException {
    var taken = new ArrayList<Taken>(page.size());
    for (var entry : page) {
      var each = take(entry);
      taken.add(each);
      if (each.error != null) {
        break;
      }
    }
    int done = perform(taken);
    if (done > 0) {
      acknowledge(page.get(done - 1));
    }
    if (done < taken.size() && status.state == State.RUNNING) {
      insist(taken.get(done).entry);
      return done + 1;
    }
    return done;
  }

  private Taken take(Entry entry) {
    try {
      return new Taken(entry, connector.intake().take(entry.event()), null);
    } catch (Throwable e) {
      return new Taken(entry, null, e);
    }
  }

  /// Does what events are to do, in one go.
  ///
  /// @return how many are done, up to the first that failed
  private int perform(List<Taken> taken) {
    var starts = new ArrayList<Start<?>>(taken.size());
    for (var each : taken) {
      if (each.intent instanceof Intent.Begin begin) {
        starts.add(requested(each.entry, begin.start()));
      }
    }
    List<Started> started;
    try {
      started = engine.startAll(starts);
    } catch (StoreException e) {
      to(State.STOPPED, e);
      return 0;
    } catch (RuntimeException e) {
      LOG.debug("connector {} tries its events one by one", connector.name(), e);
      return 0; // which of them it was is found out one by one
    }
    return count(taken, started);
  }

  private int count(List<Taken> taken, List<Started> started) {
    int done = 0;
    int next = 0;
    var now = status;
    for (var each : taken) {
      if (each.intent instanceof Intent.Begin) {
        switch (started.get(next++)) {
          case Started.Fresh fresh -> now = plus(now, 1, 0, 0, 0);
          case Started.Known known -> now = plus(now, 0, 1, 0, 0);
          case Started.Refused refused -> {
            status = now;
            return done;
          }
        }
      } else if (each.intent instanceof Intent.Skip) {
        now = plus(now, 0, 0, 1, 0);
      } else {
        break;
      }
      done++;
    }
    status = now;
    return done;
  }

  private static Status plus(Status now, int started, int known, int skipped, int failed) {
    return new Status(
        now.state,
        now.events + 1,
        now.started + started,
        now.known + known,
        now.skipped + skipped,
        now.failed + failed,
        Optional.empty());
  }

  private <S> Start<S> requested(Entry entry, Start<S> start) {
    var request = connector.name() + "/" + entry.event().topic() + "/" + entry.event().id();
    return start.with(start.options().request(request));
  }

  /// Tries one event until it is done, or has failed too often.
  private void insist(Entry entry) throws InterruptedException {
    for (int attempt = 1; !closed; attempt++) {
      var error = once(entry);
      if (error == null || status.state != State.RUNNING) {
        return;
      }
      var retry = connector.retry();
      if (attempt >= retry.attempts() || !retry.covers(error)) {
        giveUp(entry, error);
        return;
      }
      to(State.RUNNING, error);
      pause(retry.waitAfter(attempt, turns.random().nextDouble()));
    }
  }

  /// @return why it is not done; null if it is
  private @Nullable Throwable once(Entry entry) {
    var taken = take(entry);
    if (taken.error != null) {
      return taken.error;
    }
    try {
      var started =
          taken.intent instanceof Intent.Begin begin
              ? engine.startAll(List.of(requested(entry, begin.start())))
              : List.<Started>of();
      if (!started.isEmpty() && started.getFirst() instanceof Started.Refused refused) {
        return refused.reason();
      }
      count(List.of(taken), started);
      acknowledge(entry);
      return null;
    } catch (StoreException e) {
      to(State.STOPPED, e);
      return e;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private void giveUp(Entry entry, Throwable error) {
    var failure = connector.failure();
    if (failure.isPresent()) {
      try {
        failure.get().take(entry, error);
        status = plus(status, 0, 0, 0, 1);
        acknowledge(entry);
        return;
      } catch (Exception e) {
        error.addSuppressed(e);
      }
    }
    LOG.error(
        "connector {} stops at event {} of {}",
        connector.name(),
        entry.event().id(),
        entry.event().topic(),
        error);
    to(State.STOPPED, error);
  }

  /// Tells the source how far it has come. If that fails the events come again, and do nothing.
  private void acknowledge(Entry last) {
    try {
      source().acknowledge(last);
    } catch (RuntimeException e) {
      LOG.warn("connector {} could not acknowledge; it goes on", connector.name(), e);
    }
  }

  private void to(State state, @Nullable Throwable error) {
    var now = status;
    status =
        new Status(
            state,
            now.events,
            now.started,
            now.known,
            now.skipped,
            now.failed,
            Optional.ofNullable(error).map(Throwable::toString));
  }

  private void pause(Duration wait) throws InterruptedException {
    long until = turns.nanoTime() + wait.toNanos();
    boolean rung = true;
    while (rung && !closed) {
      rung = bell.awaitUntilInterruptibly(until);
    }
  }

  /// Stops reading, and waits until what was read is seen through; an intake that has not returned
  /// after ten seconds is interrupted.
  @Override
  public void close() {
    closed = true;
    bell.ring();
    var opened = source;
    if (opened != null) {
      opened.close();
    }
    var running = thread;
    if (running != null && !left.awaitUntil(turns.nanoTime() + PATIENCE.toNanos())) {
      turns.interrupt(running);
    }
  }
}
