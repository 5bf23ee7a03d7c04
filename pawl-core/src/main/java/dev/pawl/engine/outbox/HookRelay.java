package dev.pawl.engine.outbox;

import dev.pawl.engine.pace.Timers;
import dev.pawl.engine.turns.Turns;
import dev.pawl.run.Failure;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.Settled;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.step.Retry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes rows of the outbox to one hook: each on a thread of its own, so many at once, those of one
/// key one after the other.
///
/// A call that fails, or takes too long, is repeated after a while; meanwhile its key waits and the
/// others go on. When it has failed too often its row is parked, and the next of its key has its
/// turn.
///
/// The relay's thread alone decides. It reads pages of the outbox as far as there is room in
/// memory, and of a key that fails it keeps one row only: the others it reads again later.
public final class HookRelay {
  private static final Logger LOG = LoggerFactory.getLogger(HookRelay.class);
  private static final int PAGE = 200;
  private static final int ROOM = 1_000; // rows in memory
  private static final int LANE = 32; // rows of one key in memory
  private static final int HELD = 250; // keys that fail, until nothing more is read
  private static final long FOREVER = Long.MAX_VALUE;

  private final Turns turns;
  private final Timers timers;
  private final Store store;
  private final Settler settler;
  private final String hook;
  private final Settings settings;
  private final Code code;
  private final Turns.Bell bell;
  private final Turns.Bell ended;
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final AtomicInteger threads = new AtomicInteger();
  private volatile boolean anew;
  private volatile boolean closed;
  private volatile long deadline;

  // By the relay's thread alone:
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private final Set<Long> known = new HashSet<>(); // numbers of the rows in memory
  private long after;

  /// How a hook is called.
  ///
  /// @param retry how often, and when again
  /// @param limit how long a call may take until it is interrupted and counts as failed
  /// @param atOnce how many calls at once
  public record Settings(Retry retry, Duration limit, int atOnce) {}

  /// What is called.
  public interface Code {
    /// Takes a row.
    ///
    /// @param attempt which call for this row this is, from 1 on since the process started
    /// @throws Throwable if it is to be repeated
    void take(OutboxRow row, int attempt) throws Throwable;
  }

  /// Rows of one key.
  private static final class Lane {
    final ArrayDeque<OutboxRow> rows = new ArrayDeque<>();
    int tries;
    boolean running;
    boolean held; // the first row has failed
    long due; // if held: when it is tried again
    long behind; // the first row that was passed over; 0 if none was
  }

  private record Answer(OutboxRow row, @Nullable Throwable error) {}

  /// Calls this code; [#start] makes it begin.
  ///
  /// @param hook the name under which rows are for it
  public HookRelay(
      Turns turns,
      Timers timers,
      Store store,
      Settler settler,
      String hook,
      Settings settings,
      Code code) {
    this.turns = turns;
    this.timers = timers;
    this.store = store;
    this.settler = settler;
    this.hook = hook;
    this.settings = settings;
    this.code = code;
    this.bell = turns.bell();
    this.ended = turns.bell();
  }

  /// Begins with what is in the outbox.
  ///
  /// @param name of its thread
  public void start(String name) {
    turns.start(name, this::serve);
  }

  /// Hears that there are more rows.
  public void added() {
    bell.ring();
  }

  /// Hears that rows are tried again that were parked.
  public void restored() {
    anew = true;
    bell.ring();
  }

  private void serve() {
    try {
      while (!closed || isFinishing()) {
        long wait;
        try {
          wait = round();
        } catch (StoreException e) {
          if (e.kind() != StoreException.Kind.UNAVAILABLE) {
            break; // nothing is read or written any more, which others tell of
          }
          LOG.error("the outbox cannot be read; trying again", e);
          wait = Duration.ofSeconds(1).toNanos();
        }
        if (wait == FOREVER) {
          bell.await();
        } else {
          bell.awaitUntil(turns.nanoTime() + wait);
        }
      }
    } finally {
      calls.forEach(Call::interrupt);
      ended.ring();
    }
  }

  private boolean isFinishing() {
    return !(calls.isEmpty() && answers.isEmpty()) && turns.nanoTime() - deadline < 0;
  }

  /// Hears answers, reads rows and calls the hook.
  ///
  /// @return how many nanoseconds to wait, unless something happens
  private long round() {
    hear();
    if (closed) {
      return calls.isEmpty() ? 0 : Math.max(0, deadline - turns.nanoTime());
    }
    if (anew) {
      anew = false;
      after = 0;
    }
    read();
    return call();
  }

  private void hear() {
    var settled = new ArrayList<Settled>();
    RunId run = null;
    for (Answer answer; (answer = answers.poll()) != null; ) {
      run = answer.row.run();
      hear(answer, settled);
    }
    if (run != null && !settled.isEmpty()) {
      settler.settle(run, settled);
      settled.forEach(each -> known.remove(each.number()));
    }
  }

  private void hear(Answer answer, List<Settled> settled) {
    var row = answer.row;
    var lane = lanes.get(row.key());
    if (lane == null) {
      return;
    }
    lane.running = false;
    lane.tries++;
    var error = answer.error;
    boolean tired = lane.tries >= settings.retry().attempts();
    if (error != null && settings.retry().covers(error) && !tired) {
      hold(lane, row, error);
      return;
    }
    if (error == null) {
      settled.add(Settled.gone(row));
    } else {
      LOG.error("hook {} failed {} times for {}; it is parked", hook, lane.tries, row.run(), error);
      settled.add(Settled.parked(row, Failure.describe(error) + " (tries: " + lane.tries + ")"));
    }
    release(row.key(), lane);
  }

  /// Keeps the first row of a key only, for a later time.
  private void hold(Lane lane, OutboxRow row, Throwable error) {
    if (lane.tries == 1) {
      LOG.warn("hook {} failed for run {}; it is called again", hook, row.run(), error);
    }
    lane.held = true;
    lane.due =
        turns.nanoTime()
            + settings.retry().waitAfter(lane.tries, turns.random().nextDouble()).toNanos();
    while (lane.rows.size() > 1) {
      var last = lane.rows.removeLast();
      known.remove(last.number());
      lane.behind = last.number();
    }
  }

  /// Lets a key go on with its next row.
  private void release(String key, Lane lane) {
    lane.rows.removeFirst();
    lane.tries = 0;
    lane.held = false;
    if (lane.behind > 0) {
      after = Math.min(after, lane.behind - 1);
      lane.behind = 0;
    }
    if (lane.rows.isEmpty()) {
      lanes.remove(key);
    }
  }

  private void read() {
    long failing = lanes.values().stream().filter(lane -> lane.held).count();
    while (known.size() < ROOM && failing < HELD) {
      var page = store.outbox(Optional.of(hook), after, PAGE);
      for (var row : page) {
        if (known.size() == ROOM || !take(row)) {
          return;
        }
        after = row.number();
      }
      if (page.size() < PAGE) {
        return;
      }
    }
  }

  /// Takes a row into memory, or passes it over if its key is held.
  ///
  /// @return false if its key has too many rows in memory
  private boolean take(OutboxRow row) {
    if (known.contains(row.number())) {
      return true;
    }
    var lane = lanes.computeIfAbsent(row.key(), key -> new Lane());
    if (lane.held) {
      lane.behind = lane.behind == 0 ? row.number() : Math.min(lane.behind, row.number());
      return true;
    }
    if (lane.rows.size() == LANE) {
      return false;
    }
    lane.rows.add(row);
    known.add(row.number());
    return true;
  }

  private long call() {
    long now = turns.nanoTime();
    long next = FOREVER;
    for (var lane : lanes.values()) {
      if (lane.running) {
        continue;
      }
      if (lane.held && lane.due - now > 0) {
        next = Math.min(next, lane.due - now);
      } else if (threads.get() < settings.atOnce()) {
        lane.running = true;
        new Call(lane.rows.getFirst(), lane.tries + 1).start();
      }
    }
    return next;
  }

  /// One call of the hook. Its place is taken until its thread has come back, also when nobody
  /// waits for it any more: a hook that hangs takes all its places, and nobody else's.
  private final class Call {
    private final OutboxRow row;
    private final int attempt;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final Lock lock = turns.lock();
    private @Nullable Thread thread; // by the lock: while it runs the hook's code

    Call(OutboxRow row, int attempt) {
      this.row = row;
      this.attempt = attempt;
    }

    void start() {
      threads.incrementAndGet();
      calls.add(this);
      turns.start("pawl-hook-" + hook, this::run);
    }

    private void run() {
      enter(Thread.currentThread());
      var timer = timers.at(turns.nanoTime() + settings.limit().toNanos(), this::expire);
      Throwable error = null;
      try {
        code.take(row, attempt);
      } catch (Throwable e) {
        error = e;
      } finally {
        timer.cancel();
        enter(null);
        threads.decrementAndGet();
      }
      answer(error);
    }

    private void enter(@Nullable Thread running) {
      lock.lock();
      try {
        thread = running;
      } finally {
        lock.unlock();
      }
    }

    private void expire() {
      interrupt();
      answer(
          new TimeoutException(
              "hook "
                  + hook
                  + " has not returned after "
                  + settings.limit()
                  + "; it was interrupted"));
    }

    void interrupt() {
      lock.lock();
      try {
        if (thread != null) {
          turns.interrupt(thread);
        }
      } finally {
        lock.unlock();
      }
    }

    private void answer(@Nullable Throwable error) {
      if (answered.compareAndSet(false, true)) {
        answers.add(new Answer(row, error));
        calls.remove(this);
      }
      bell.ring();
    }
  }

  /// Calls nothing more, and waits for the calls under way; interrupts those that have not ended.
  ///
  /// @param until when, by the monotonic clock
  public void close(long until) {
    deadline = until;
    closed = true;
    bell.ring();
    ended.awaitUntil(until + Duration.ofSeconds(1).toNanos());
  }
}
