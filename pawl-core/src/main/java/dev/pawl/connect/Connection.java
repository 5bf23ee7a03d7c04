package dev.pawl.connect;

import dev.pawl.engine.Engine;
import dev.pawl.engine.SignalOptions;
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
  private volatile Status status = new Status(State.RUNNING, 0, 0, 0, 0, 0, 0, Optional.empty());
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
  /// @param signalled how many were signals
  /// @param skipped how many do nothing
  /// @param failed how many were handed to [Connector#failure()]
  /// @param error why the event is tried again that it stands at, or why it has stopped
  public record Status(
      State state,
      long events,
      long started,
      long known,
      long signalled,
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
        readOrOpenAgain();
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

  /// Reads on; whatever the source throws, it is opened again after a while, and gives what was not
  /// acknowledged.
  private void readOrOpenAgain() throws InterruptedException {
    try {
      read();
    } catch (Throwable e) {
      if (!closed) {
        LOG.warn("connector {} cannot read; it tries again", connector.name(), e);
        to(State.RUNNING, e);
        closeSource();
        pause(AGAIN);
      }
    }
  }

  private void read() throws InterruptedException {
    var page = source().next(PAGE, LONG);
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
    int done = perform(taken).done();
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

  /// How far events are done.
  ///
  /// @param done how many, up to the first that failed
  /// @param error why that failed; null if none did
  private record Performed(int done, @Nullable Throwable error) {}

  /// Does what events are to do, in their order; runs that are to be started one after the other
  /// are started together.
  private Performed perform(List<Taken> taken) {
    int done = 0;
    try {
      while (done < taken.size()) {
        var next = taken.get(done);
        int starts = starts(taken, done);
        if (next.error != null) {
          return new Performed(done, next.error);
        }
        if (starts > 0) {
          var refused = start(taken.subList(done, done + starts));
          done += refused.done();
          if (refused.error() != null) {
            return new Performed(done, refused.error());
          }
        } else {
          perform(next);
          done++;
        }
      }
      return new Performed(done, null);
    } catch (StoreException e) {
      to(State.STOPPED, e);
      return new Performed(done, e);
    } catch (RuntimeException | Error e) {
      return new Performed(done, e);
    }
  }

  /// How many events from there on start runs.
  private static int starts(List<Taken> taken, int from) {
    int to = from;
    while (to < taken.size() && taken.get(to).intent instanceof Intent.Begin) {
      to++;
    }
    return to - from;
  }

  private Performed start(List<Taken> taken) {
    var starts = new ArrayList<Start<?>>(taken.size());
    for (var each : taken) {
      if (each.intent instanceof Intent.Begin begin) {
        starts.add(requested(each.entry, begin.start()));
      }
    }
    int done = 0;
    for (var started : engine.startAll(starts)) {
      switch (started) {
        case Started.Fresh fresh -> status = plus(status, 1, 0, 0, 0, 0);
        case Started.Known known -> status = plus(status, 0, 1, 0, 0, 0);
        case Started.Refused refused -> {
          return new Performed(done, refused.reason());
        }
      }
      done++;
    }
    return new Performed(done, null);
  }

  private void perform(Taken taken) {
    if (taken.intent instanceof Intent.Send<?> send) {
      send(taken.entry, send);
      status = plus(status, 0, 0, 1, 0, 0);
    } else {
      status = plus(status, 0, 0, 0, 1, 0);
    }
  }

  private <T> void send(Entry entry, Intent.Send<T> send) {
    var run =
        engine
            .find(send.workflow(), send.key())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no run of "
                        + send.workflow().name()
                        + " with key "
                        + send.key()
                        + " to be signalled"));
    var options = SignalOptions.DEFAULT.id(request(entry));
    run.signal(
        send.signal(),
        send.payload(),
        send.correlation().map(options::correlation).orElse(options));
  }

  private static Status plus(
      Status now, int started, int known, int signalled, int skipped, int failed) {
    return new Status(
        now.state,
        now.events + 1,
        now.started + started,
        now.known + known,
        now.signalled + signalled,
        now.skipped + skipped,
        now.failed + failed,
        Optional.empty());
  }

  private <S> Start<S> requested(Entry entry, Start<S> start) {
    return start.with(start.options().request(request(entry)));
  }

  private String request(Entry entry) {
    return connector.name() + "/" + entry.event().topic() + "/" + entry.event().id();
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
    var error = perform(List.of(take(entry))).error();
    if (error == null) {
      acknowledge(entry);
    }
    return error;
  }

  private void giveUp(Entry entry, Throwable error) {
    var failure = connector.failure();
    if (failure.isPresent()) {
      try {
        failure.get().take(entry, error);
        status = plus(status, 0, 0, 0, 0, 1);
        acknowledge(entry);
        return;
      } catch (Throwable e) {
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
            now.signalled,
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
