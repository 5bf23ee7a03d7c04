package dev.pawl.engine.slots;

import dev.pawl.engine.pace.Alarm;
import dev.pawl.engine.schedule.Schedule;
import dev.pawl.engine.schedule.Schedules;
import dev.pawl.engine.schedule.Timetable;
import dev.pawl.engine.slots.Move.Origin;
import dev.pawl.engine.turns.Turns;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets schedules fire. One thread owns all of them: it takes in what callers ask and what became
/// of starts, decides, writes the rows that have changed as one transaction, and only then lets
/// callers go on and runs begin. It sleeps until the earliest slot. Users' functions run on threads
/// of their own, so that a slow one delays no other schedule.
///
/// A run is durable before its slot is. When the process dies in between, the slot is started
/// again, by the same request, which gives the same run.
public final class Scheduler implements Schedules {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int TRIES = 20;
  private static final int MOVES = 1_000; // of one schedule in a row
  private static final int SHOWN = 5;

  private final Turns turns;
  private final Store store;
  private final Writer writer;
  private final Launcher launcher;
  private final Turns.Bell changed;
  private final Turns.Bell ended;
  private final Alarm alarm;
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final Set<Ask<?>> asks = ConcurrentHashMap.newKeySet();
  private final Map<String, Schedule<?>> bound = new ConcurrentHashMap<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean closed;
  private volatile @Nullable RuntimeException over; // why nothing is answered any more
  private final Map<String, Entry> entries = new TreeMap<>(); // these four: by the serving thread
  private final Map<String, ScheduleRow> rows = new LinkedHashMap<>(); // to be written
  private final Set<String> removed = new TreeSet<>(); // to be written
  private final List<Runnable> afterwards = new ArrayList<>(); // once all is written

  /// A scheduler without a thread, until it is asked for something.
  public Scheduler(Turns turns, Store store, Writer writer, Launcher launcher) {
    this.turns = turns;
    this.store = store;
    this.writer = writer;
    this.launcher = launcher;
    this.changed = turns.bell();
    this.ended = turns.bell();
    this.alarm = new Alarm(turns, changed);
  }

  // What callers ask.

  @Override
  public void put(Schedule<?> schedule) {
    launcher.register(schedule.workflow());
    var text = schedule.timetable().text();
    ask(() -> {
      bind(schedule, text);
      return true;
    });
  }

  @Override
  public List<ScheduleRow> list() {
    if (closed) {
      throw isClosed();
    }
    return store.schedules();
  }

  @Override
  public Optional<Description> describe(String name) {
    return list().stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .map(row -> new Description(row, bound.containsKey(name), next(row)));
  }

  private List<Instant> next(ScheduleRow row) {
    var times = new ArrayList<Instant>();
    timetable(row)
        .ifPresent(timetable -> {
          var time = timetable.next(turns.now());
          while (time.isPresent() && times.size() < SHOWN) {
            times.add(time.get());
            time = timetable.next(time.get());
          }
        });
    return times;
  }

  private Optional<Timetable> timetable(ScheduleRow row) {
    var schedule = bound.get(row.name());
    if (schedule != null) {
      return Optional.of(schedule.timetable());
    }
    try {
      return Optional.of(Timetable.read(row.timetable()));
    } catch (IllegalArgumentException e) {
      LOG.debug("schedule {}", row.name(), e);
      return Optional.empty();
    }
  }

  @Override
  public void pause(String name, String reason) {
    ask(() -> {
      var entry = known(name);
      if (entry.row.state().paused().isEmpty()) {
        update(entry, entry.row.state().paused(Optional.of(reason)));
      }
      return true;
    });
  }

  @Override
  public void resume(String name) {
    ask(() -> {
      var entry = known(name);
      if (entry.row.state().paused().isPresent()) {
        var settled = Origin.TIMETABLE.settle(entry.row.state(), turns.now());
        update(entry, settled.paused(Optional.empty()));
      }
      return true;
    });
  }

  @Override
  public RunId trigger(String name) {
    var run = trigger(bound(name));
    ask(() -> {
      var entry = entries.get(name);
      if (entry != null) {
        update(entry, entry.row.state().run(run));
      }
      return true;
    });
    return run;
  }

  private <S> RunId trigger(Schedule<S> schedule) {
    var now = turns.now().truncatedTo(ChronoUnit.MILLIS);
    return launcher.start(
        schedule.workflow(),
        schedule.name() + "/now/" + now,
        schedule.input().apply(now),
        Optional.empty(),
        headers(schedule, now));
  }

  @Override
  public void backfill(String name, Instant from, Instant until) {
    if (!from.isBefore(until) || until.isAfter(turns.now())) {
      throw new IllegalArgumentException(
          "schedule "
              + name
              + " can be backfilled for a time of the past, not from "
              + from
              + " to "
              + until);
    }
    var left = new ScheduleRow.Backfill(from.minus(1, ChronoUnit.MICROS), until);
    checkCount(bound(name), left);
    ask(() -> {
      var entry = known(name);
      var state = entry.row.state();
      if (state.backfill().isPresent()) {
        throw new IllegalStateException(
            "schedule "
                + name
                + " is still backfilled up to "
                + state.backfill().get().until()
                + "; wait for that, or delete it");
      }
      update(entry, state.backfill(Optional.of(left)));
      return true;
    });
  }

  private static void checkCount(Schedule<?> schedule, ScheduleRow.Backfill range) {
    int count = 0;
    for (var slot = schedule.timetable().next(range.after());
        slot.isPresent() && slot.get().isBefore(range.until());
        slot = schedule.timetable().next(slot.get())) {
      if (++count > MOST_BACKFILLED) {
        throw new IllegalArgumentException(
            "schedule "
                + schedule.name()
                + " has more than "
                + MOST_BACKFILLED
                + " slots before "
                + range.until()
                + "; backfill it in parts");
      }
    }
  }

  @Override
  public void delete(String name) {
    ask(() -> {
      bound.remove(name);
      rows.remove(name);
      if (entries.remove(name) != null) {
        removed.add(name);
      }
      return true;
    });
  }

  /// Has something done by the serving thread.
  ///
  /// @return what it gives, once what it changed is durable
  private <T> T ask(Supplier<T> work) {
    var ask = new Ask<T>(turns.bell());
    asks.add(ask);
    try {
      post(() -> {
        try {
          var answer = work.get();
          afterwards.add(() -> ask.answer(answer));
        } catch (RuntimeException e) {
          ask.fail(e);
        }
      });
      if (started.compareAndSet(false, true)) {
        turns.start("pawl-schedules", this::serve);
      }
      var error = over;
      if (error != null) {
        ask.fail(error);
      }
      return ask.await();
    } finally {
      asks.remove(ask);
    }
  }

  private void post(Runnable work) {
    inbox.add(work);
    changed.ring();
  }

  private Schedule<?> bound(String name) {
    return ask(() -> {
      var schedule = known(name).schedule;
      if (schedule == null) {
        throw new IllegalStateException(
            "schedule " + name + " is stored, but nobody has put it since the engine was started");
      }
      return schedule;
    });
  }

  private Entry known(String name) {
    var entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("there is no schedule " + name);
    }
    return entry;
  }

  /// Decides no more, and lets no caller wait.
  public void stop() {
    closed = true;
    changed.ring();
  }

  /// As [#stop()], and waits until nothing is written any more, or the monotonic clock reads
  /// `until`.
  public void close(long until) {
    stop();
    if (started.get()) {
      ended.awaitUntil(until);
    }
  }

  private static StoreException isClosed() {
    return new StoreException(StoreException.Kind.CLOSED, "the engine is closed, or stands still");
  }

  // The serving thread.

  private void serve() {
    RuntimeException reason = isClosed();
    try {
      for (var row : persistently(store::schedules)) {
        entries.put(row.name(), new Entry(row));
      }
      while (!closed) {
        var next = pass();
        if (!closed) {
          alarm.sleep(next);
        }
      }
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("schedules stand still until the engine is started again", e);
      }
      reason = e;
    }
    over = reason;
    for (var ask : asks) {
      ask.fail(reason);
    }
    ended.ring();
  }

  /// @return when the next is due
  private Instant pass() {
    for (Runnable work; (work = inbox.poll()) != null; ) {
      work.run();
    }
    var now = turns.now();
    var next = Instant.MAX;
    for (var entry : entries.values()) {
      var schedule = entry.schedule;
      if (schedule == null || entry.busy) {
        continue;
      }
      if (!entry.wakeAt.isAfter(now)) {
        advance(entry, schedule, now);
      }
      next = earliest(next, nextLook(entry, schedule, now));
    }
    if (!rows.isEmpty() || !removed.isEmpty()) {
      persistently(() -> {
        writer.writeSchedules(rows.values(), removed);
        return true;
      });
      rows.clear();
      removed.clear();
    }
    afterwards.forEach(Runnable::run);
    afterwards.clear();
    return next;
  }

  /// When to look at a schedule again. The clock may jump at any time, and what is due then must
  /// not be found too late.
  private static Instant nextLook(Entry entry, Schedule<?> schedule, Instant now) {
    if (entry.busy || entry.wakeAt.equals(Instant.MAX)) {
      return Instant.MAX;
    }
    boolean isShort = schedule.catchUp().compareTo(LONGEST_SLEEP) < 0;
    return earliest(entry.wakeAt, now.plus(isShort ? schedule.catchUp() : LONGEST_SLEEP));
  }

  private static Instant earliest(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /// Does something with the store, again while it does not answer.
  private <T> T persistently(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.UNAVAILABLE || tries == TRIES || closed) {
          throw e;
        }
        LOG.warn("schedules could not be written or read, trying again: {}", e.getMessage());
        turns.bell().awaitUntil(turns.nanoTime() + PAUSE.toNanos());
      }
    }
  }

  private void bind(Schedule<?> schedule, String timetable) {
    var now = turns.now();
    var entry = entries.get(schedule.name());
    if (entry == null) {
      if (entries.size() >= MOST_SCHEDULES) {
        throw new IllegalArgumentException(
            "there are " + entries.size() + " schedules; delete one before adding another");
      }
      var row = row(schedule, timetable, ScheduleRow.State.since(now));
      entry = new Entry(row);
      entries.put(row.name(), entry);
      write(row);
    } else {
      var before = entry.row;
      entry.row = row(schedule, timetable, goOn(entry, schedule, timetable, now));
      if (!entry.row.equals(before)) {
        write(entry.row);
      }
    }
    entry.schedule = schedule;
    entry.touch();
    bound.put(schedule.name(), schedule);
  }

  private void write(ScheduleRow row) {
    rows.put(row.name(), row);
    removed.remove(row.name());
  }

  private static ScheduleRow row(Schedule<?> schedule, String timetable, ScheduleRow.State state) {
    return new ScheduleRow(
        schedule.name(),
        schedule.workflow().name(),
        timetable,
        schedule.overlap(),
        schedule.catchUp(),
        schedule.jitter(),
        state);
  }

  /// The state with which a stored schedule goes on that is put.
  private ScheduleRow.State goOn(Entry entry, Schedule<?> schedule, String timetable, Instant now) {
    var state = entry.row.state();
    // A clock that was ahead when the slots were settled must not silence a schedule for so long:
    // those that became runs then are found by their requests.
    if (!entry.row.timetable().equals(timetable) || state.settled().isAfter(now)) {
      return state.settled(now);
    }
    return entry.schedule == null ? adopt(entry.row, schedule.timetable(), now) : state;
  }

  /// A run that was started before its slot could be written, because the process died.
  private ScheduleRow.State adopt(ScheduleRow row, Timetable timetable, Instant now) {
    var slot = timetable.next(row.state().settled()).filter(time -> !time.isAfter(now));
    var run = slot.flatMap(time -> launcher.requested(row.workflow(), request(row.name(), time)));
    if (slot.isEmpty() || run.isEmpty()) {
      return row.state();
    }
    var settled = Origin.TIMETABLE.settle(row.state(), slot.get());
    return launcher.isOpen(run.get()) ? settled.run(run.get()) : settled;
  }

  private void update(Entry entry, ScheduleRow.State state) {
    if (!state.equals(entry.row.state())) {
      entry.row = entry.row.with(state);
      write(entry.row);
    }
    entry.touch();
  }

  private void advance(Entry entry, Schedule<?> schedule, Instant now) {
    try {
      for (int i = 0; i < MOVES; i++) {
        switch (Move.next(entry.row, schedule.timetable(), now, () -> isLastOpen(entry))) {
          case Move.Rest rest -> {
            entry.wakeAt = rest.until();
            if (rest.forEnd()) {
              awaitEnd(entry);
            }
            return;
          }
          case Move.Pass pass -> {
            tell(entry, pass);
            update(entry, pass.state());
          }
          case Move.Fire fire -> {
            var row = entry.row;
            entry.busy = true;
            afterwards.add(() -> turns.start("pawl-slot", () -> fire(entry, schedule, row, fire)));
            return;
          }
        }
      }
      entry.wakeAt = now;
    } catch (RuntimeException e) {
      LOG.error("schedule {} cannot go on; trying again", entry.row.name(), e);
      entry.wakeAt = now.plus(Schedule.LEAST_CATCH_UP.dividedBy(2));
    }
  }

  private boolean isLastOpen(Entry entry) {
    return entry.row.state().run().filter(launcher::isOpen).isPresent();
  }

  private static void tell(Entry entry, Move.Pass pass) {
    var name = entry.row.name();
    switch (pass.why()) {
      case MISSED ->
          LOG.warn(
              "schedule {} has missed the slot {} and all up to {}: its catch-up window is {}",
              name,
              pass.slot(),
              pass.state().settled(),
              entry.row.catchUp());
      case SKIPPED -> LOG.info("schedule {} skips {}: its last run is open", name, pass.slot());
      case QUEUED -> LOG.debug("slot {} of schedule {} waits for a run", pass.slot(), name);
      case BACKFILLED -> LOG.debug("schedule {} is backfilled up to {}", name, pass.slot());
    }
  }

  private void awaitEnd(Entry entry) {
    var run = entry.row.state().run().orElseThrow();
    if (run.equals(entry.watched)) {
      return;
    }
    entry.watched = run;
    turns.start(
        "pawl-slot-wait",
        () -> {
          try {
            launcher.awaitEnd(run);
          } catch (StoreException e) {
            LOG.debug("no longer waiting for run {}", run, e);
          }
          post(() -> {
            entry.watched = null;
            entry.touch();
          });
        });
  }

  // The thread of a slot.

  private void fire(Entry entry, Schedule<?> schedule, ScheduleRow row, Move.Fire fire) {
    try {
      var run = start(schedule, row, fire);
      post(() -> settle(entry, fire, run));
    } catch (Throwable e) {
      post(() -> failed(entry, fire, e));
    }
  }

  /// @return the run to remember as the last; empty to remember none
  private <S> Optional<RunId> start(Schedule<S> schedule, ScheduleRow row, Move.Fire fire) {
    var slot = fire.slot();
    var request = request(row.name(), slot);
    var earlier = launcher.requested(schedule.workflow().name(), request);
    if (earlier.isPresent()) {
      return earlier.filter(launcher::isOpen);
    }
    if (!schedule.test().test(slot)) {
      return Optional.empty();
    }
    var input = schedule.input().apply(slot);
    if (fire.cancels()) {
      var last = row.state().run().orElseThrow();
      launcher.cancel(
          schedule.workflow(), last, "slot " + slot + " of schedule " + row.name() + " has come");
      launcher.awaitEnd(last);
    }
    return Optional.of(
        launcher.start(
            schedule.workflow(),
            row.name() + "/" + slot,
            input,
            Optional.of(request),
            headers(schedule, slot)));
  }

  private static String request(String name, Instant slot) {
    return "schedule/" + name + "/" + slot;
  }

  private static Map<String, String> headers(Schedule<?> schedule, Instant slot) {
    return Map.of("schedule", schedule.name(), "slot", slot.toString());
  }

  // And the serving thread again, which hears what became of it.

  private void settle(Entry entry, Move.Fire fire, Optional<RunId> run) {
    entry.busy = false;
    if (entries.get(entry.row.name()) == entry) {
      var state = fire.origin().settle(entry.row.state(), fire.slot());
      update(entry, run.map(state::run).orElse(state));
    }
  }

  private void failed(Entry entry, Move.Fire fire, Throwable error) {
    entry.busy = false;
    if (closed) {
      return;
    }
    var failing = entry.failed(fire.slot(), turns.now());
    var name = entry.row.name();
    if (failing.compareTo(entry.row.catchUp()) > 0) {
      LOG.error("slot {} of schedule {} is given up", fire.slot(), name, error);
      settle(entry, fire, Optional.empty());
    } else if (failing.isZero()) {
      LOG.warn("slot {} of schedule {} could not be started yet", fire.slot(), name, error);
    } else {
      LOG.warn("slot {} of schedule {} still cannot be started: {}", fire.slot(), name, error);
    }
  }
}
