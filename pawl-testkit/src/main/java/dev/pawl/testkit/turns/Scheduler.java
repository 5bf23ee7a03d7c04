package dev.pawl.testkit.turns;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Hands out turns: of all threads of its processes, and the one that made it, a single one runs at
/// a time, until it waits, or gives way where the [Order] says so. Time is virtual: it passes when
/// all threads wait, and then at once.
///
/// The same order gives the same course, as long as all that threads share they share through
/// [dev.pawl.engine.turns.Turns], and user code does nothing that depends on real time. A thread
/// that blocks elsewhere holds the turn meanwhile, and nothing else happens.
///
/// Used by the thread that made it and those that its processes start; others are refused.
public final class Scheduler {
  /// When virtual time begins.
  public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int LAST_CALLS = 1_000;

  /// What happens at a time: a strand wakes, or an action runs.
  private record Alarm(
      long at, long order, @Nullable Strand strand, long sleep, @Nullable Runnable action)
      implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final Order order;
  private final Duration patience;
  private final List<Strand> ready = new ArrayList<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
  private final Map<Thread, Strand> strands = new HashMap<>();
  private final Strand driver;
  private Strand current;
  private @Nullable Strand killer;
  private boolean idling;
  private long now;
  private long ids;
  private long orders;
  private long hash = 17;
  private final AtomicLong choices = new AtomicLong(); // read by the driver without the turn
  private long most = Long.MAX_VALUE;
  private volatile @Nullable Throwable failure;
  private long seen; // by the driver, while it waits: choices
  private long seenAt; // by the driver, while it waits: real time
  private boolean astray; // by the driver: it goes on without the turn
  private volatile boolean abandoned; // by the driver: it will not take the turn again

  /// The current thread becomes the driver, and has the turn. A thread may block elsewhere for 20
  /// seconds of real time.
  public Scheduler(Order order) {
    this(order, PATIENCE);
  }

  /// The current thread becomes the driver, and has the turn.
  ///
  /// @param patience for how long, in real time, a thread may have the turn while the driver waits:
  ///   to compute, or blocked elsewhere; then the driver gets [Stuck]. Looked at once a second.
  public Scheduler(Order order, Duration patience) {
    this.order = order;
    this.patience = patience;
    this.driver = new Strand(this, Thread.currentThread());
    this.current = driver;
    strands.put(driver.thread, driver);
  }

  /// Takes it for an endless loop when there were so many choices: the driver is told by [Stuck].
  public void limit(long choices) {
    most = choices;
  }

  /// A process of its own: its threads can be killed, and its clock can be wrong.
  ///
  /// @param name for people who read what happened
  /// @param seed of its randomness
  public VirtualProcess process(String name, long seed) {
    return new VirtualProcess(this, name, seed);
  }

  /// The process of the thread that has the turn; null for the driver.
  public @Nullable VirtualProcess running() {
    return current.process;
  }

  /// Virtual nanoseconds since [#START].
  public long nanos() {
    return now;
  }

  /// The right time, whatever the clocks of processes say.
  public Instant now() {
    return START.plusNanos(now);
  }

  /// How often it was chosen who runs.
  public long choices() {
    return choices.getOpaque();
  }

  /// Stands for all choices so far: two courses with the same hash were the same.
  public long hash() {
    return hash;
  }

  /// Adds to the hash what was chosen, or came about, elsewhere.
  public void note(long value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
  }

  /// Lets other threads run until all of them wait, without letting time pass. Called by the
  /// driver.
  public void idle() {
    checkCaller();
    while (!ready.isEmpty()) {
      idling = true;
      block(this, false);
    }
  }

  /// When the next thread that sleeps wakes; null if none sleeps. Called when idle.
  public @Nullable Instant nextAlarm() {
    dropStale();
    var next = alarms.peek();
    return next == null ? null : START.plusNanos(next.at);
  }

  /// Lets time pass until then, and wakes who sleeps until that time. Called when idle.
  ///
  /// @throws IllegalArgumentException if somebody is to wake before, or it is in the past
  public void passTo(Instant time) {
    var next = nextAlarm();
    long nanos = Duration.between(START, time).toNanos();
    if (nanos < now || next != null && next.isBefore(time)) {
      throw new IllegalArgumentException("time cannot go from " + now() + " to " + time);
    }
    now = nanos;
    while (!alarms.isEmpty() && alarms.peek().at <= now) {
      ringNext();
    }
  }

  /// Runs `action` when the time has come: on whatever thread, so it must not wait.
  void at(long nanos, Runnable action) {
    alarms.add(new Alarm(nanos, orders++, null, 0, action));
  }

  // What processes, bells and locks call.

  /// The strand that has the turn, which the caller is.
  Strand current() {
    checkCaller();
    return current;
  }

  private void checkCaller() {
    if (current.thread != Thread.currentThread()) {
      throw new IllegalStateException(
          "thread "
              + Thread.currentThread()
              + " uses an engine in virtual time, but is neither the thread that made it nor one "
              + "that it started");
    }
  }

  Strand start(VirtualProcess process, String name, Runnable body) {
    var strand = new Strand(this, process, name, ++ids, body);
    strands.put(strand.thread, strand);
    process.strands.add(strand);
    ready.add(strand);
    return strand;
  }

  /// A point where another thread may go first.
  void turn() {
    var me = current();
    checkLives(me);
    if (order.givesWay() && !ready.isEmpty()) {
      ready.add(me);
      pass(me);
    }
  }

  private void checkLives(Strand strand) {
    var process = strand.process;
    if (process != null && (process.isKilled() || abandoned)) {
      if (process.lastCalls++ > LAST_CALLS) {
        throw new Stuck(strand + " goes on though its process was killed");
      }
      throw new Killed(process.name());
    }
  }

  /// Waits until somebody wakes the current strand.
  void block(Object waitsFor, boolean interruptible) {
    var me = current();
    checkLives(me);
    me.waitsFor = waitsFor;
    me.interruptible = interruptible;
    pass(me);
    me.waitsFor = null;
    me.interruptible = false;
  }

  /// As [#block], at most until then.
  void blockUntil(long nanos, Object waitsFor, boolean interruptible) {
    var me = current();
    alarms.add(new Alarm(nanos, orders++, me, me.sleep, null));
    block(waitsFor, interruptible);
  }

  /// Lets a strand that waits go on.
  void wake(Strand strand) {
    if (strand.waitsFor != null) {
      strand.waitsFor = null;
      strand.sleep++;
      ready.add(strand);
    }
  }

  void interrupt(Thread thread) {
    var strand = strands.get(thread);
    if (strand == null || strand == current) {
      thread.interrupt();
      return;
    }
    strand.interrupted = true;
    if (strand.interruptible) {
      wake(strand);
    }
  }

  /// Gives the turn to the next, and waits for it.
  private void pass(Strand me) {
    var next = choose();
    if (next != me) {
      current = next;
      next.give();
      me.awaitTurn();
    }
    if (me == driver && failure != null) {
      throw failed(failure);
    }
    checkLives(me);
    if (me.interrupted) {
      me.interrupted = false;
      me.thread.interrupt();
    }
  }

  private static Error failed(Throwable failure) {
    return new Stuck(failure instanceof Stuck ? failure.getMessage() : failure.toString(), failure);
  }

  private Strand choose() {
    for (; ; ) {
      if (failure != null) {
        return driver;
      }
      if (ready.isEmpty() && idling) {
        idling = false;
        driver.waitsFor = null;
        return driver;
      }
      if (ready.isEmpty()) {
        if (!passTime()) {
          failure = new Stuck("every thread waits for another:\n" + waiting());
        }
        continue;
      }
      long slowness = idling ? 0 : order.slowness();
      if (slowness > 0) {
        passTime(slowness);
      }
      var strand = ready.remove(order.next(ready.size()));
      var process = strand.process;
      if (process != null && process.isFrozen()) {
        process.frozen.add(strand);
        continue;
      }
      now += order.tick();
      choices.setOpaque(choices.getPlain() + 1);
      if (choices.getPlain() == most) {
        failure = new Stuck("threads go on for ever; now they wait:\n" + waiting());
        continue;
      }
      note(strand.id * 31 + now);
      return strand;
    }
  }

  /// Rings the next alarm; whether there was one.
  private boolean passTime() {
    dropStale();
    if (alarms.isEmpty()) {
      return false;
    }
    ringNext();
    return true;
  }

  /// As if those who can run were slow: rings the next alarm if it is so near.
  private void passTime(long slowness) {
    dropStale();
    var next = alarms.peek();
    if (next != null && next.at - now <= slowness) {
      ringNext();
    }
  }

  private void dropStale() {
    for (Alarm next; (next = alarms.peek()) != null && isStale(next); ) {
      alarms.remove();
    }
  }

  private static boolean isStale(Alarm alarm) {
    var strand = alarm.strand;
    return strand != null && (strand.sleep != alarm.sleep || strand.ended);
  }

  private void ringNext() {
    var alarm = alarms.remove();
    if (isStale(alarm)) {
      return;
    }
    now = Math.max(now, alarm.at);
    if (alarm.strand != null) {
      wake(alarm.strand);
    }
    if (alarm.action != null) {
      alarm.action.run();
    }
  }

  /// The life of a strand, on its own thread.
  void run(Strand strand, Runnable body) {
    try {
      checkLives(strand);
      body.run();
    } catch (Killed e) {
      // as it should
    } catch (Throwable e) {
      if (failure == null && !isKilled(strand)) {
        failure = e;
      }
    }
    if (abandoned && killer == null) {
      end(List.copyOf(strands.values()), strand);
    }
    strand.ended = true;
    strands.remove(strand.thread);
    if (strand.process != null) {
      strand.process.strands.remove(strand);
    }
    var next = killer;
    if (next == null) {
      next = choose();
    }
    killer = null;
    current = next;
    next.give();
  }

  private static boolean isKilled(Strand strand) {
    return strand.process != null && strand.process.isKilled();
  }

  /// Ends all strands of a process, but for the current one if it is one of them.
  void unwind(VirtualProcess process) {
    end(List.copyOf(process.strands), current());
    process.frozen.clear();
    for (var strand : List.copyOf(strands.values())) {
      if (strand.waitsFor instanceof VirtualProcess.Place place && place.process() == process) {
        wake(strand);
      }
    }
  }

  /// Lets each of these unwind, one after the other, but for the one that has the turn.
  private void end(List<Strand> all, Strand me) {
    for (var strand : all) {
      if (strand == me || strand.process == null) {
        continue;
      }
      ready.remove(strand);
      strand.waitsFor = null;
      strand.sleep++;
      if (strand.isStarted()) {
        killer = me;
        current = strand;
        strand.give();
        me.awaitTurn();
      } else {
        strand.ended = true;
        strands.remove(strand.thread);
        strand.process.strands.remove(strand);
      }
    }
  }

  /// Lets the strands that a freeze held back go on.
  void thaw(VirtualProcess process) {
    ready.addAll(process.frozen);
    process.frozen.clear();
  }

  /// Called by the driver when it begins to wait for the turn.
  void driverWaits() {
    seen = choices();
    seenAt = System.nanoTime();
  }

  /// Called now and then, in real time, by the driver while it waits.
  void checkAlive() {
    long real = System.nanoTime();
    if (choices() != seen) {
      seen = choices();
      seenAt = real;
    } else if (real - seenAt > patience.toNanos()) {
      astray = true;
      throw new Stuck(blocked());
    }
  }

  /// Gives the driver the turn back that a blocked thread has kept: that thread is interrupted, and
  /// the turn is the driver's when it waits at a bell or ends. Called by the driver after [Stuck],
  /// so that it can kill what is left.
  ///
  /// @param limit how long that may take, in real time
  /// @return whether the driver has the turn; if not, nothing more can be done here, and when the
  ///   thread goes on after all, it and all others end as if their processes were killed
  public boolean regain(Duration limit) {
    if (astray) {
      failure = new Stuck("the driver takes the turn back");
      current.thread.interrupt();
      astray = !driver.awaitTurn(limit);
      failure = astray ? failure : null;
      abandoned = astray;
    }
    return !astray;
  }

  private String blocked() {
    var strand = current;
    var text =
        new StringBuilder(strand + " has blocked for " + patience.toMillis() + " ms of real")
            .append(" time; what runs in virtual time must not wait for other threads:");
    for (var frame : strand.thread.getStackTrace()) {
      text.append("\n\tat ").append(frame);
    }
    return text.toString();
  }

  /// Where each thread waits, as text.
  public String waiting() {
    var text = new StringBuilder();
    strands.values().stream()
        .sorted((a, b) -> Long.compare(a.id, b.id))
        .forEach(strand -> {
          text.append(strand).append('\n');
          for (var frame : strand.thread.getStackTrace()) {
            if (frame.getClassName().startsWith("dev.pawl")
                && !frame.getClassName().startsWith("dev.pawl.testkit.turns")) {
              text.append("\tat ").append(frame).append('\n');
            }
          }
        });
    return text.toString();
  }
}
