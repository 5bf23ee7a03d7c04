package dev.pawl.testkit.simulation;

import dev.pawl.engine.Engine;
import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.Limits;
import dev.pawl.engine.schedule.Schedule;
import dev.pawl.engine.turns.Turns;
import dev.pawl.run.Plan;
import dev.pawl.store.RunRow;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.testkit.turns.Stuck;
import dev.pawl.testkit.turns.VirtualProcess;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One course of one seed: hosts come and go over one store, faults happen for a while, then none
/// any more, and every run has to end. A director, a thread of a process that nobody kills, sees to
/// that.
final class World {
  private static final Duration PATIENCE = Duration.ofDays(2);
  private static final long LONGEST_PAUSE = Duration.ofMinutes(10).toNanos();
  private static final long MOST_CHOICES = 1_000_000;
  private static final int MOST_CRASHES = 8;
  private final Simulation simulation;
  private final Settings settings;
  private final Scheduler scheduler;
  private final VirtualProcess director;
  private final Turns.Bell changed;
  private final Turns.Bell over;
  private final Trace trace;
  private final Set<Fault> faults = EnumSet.noneOf(Fault.class);
  private final SplittableRandom scenarioRandom;
  private final SplittableRandom random;
  private final Limits limits;
  private final boolean encodes;
  private final int rarity;
  private final Ledger ledger;
  private final Scenario scenario;
  private final List<Scenario.Start<?>> starts;
  private final List<Host> hosts = new ArrayList<>();
  private final Set<String> cancelled = new HashSet<>();
  private boolean faulty = true;
  private boolean watched = true;
  private int crashes;
  private @Nullable Violation violation;

  World(Simulation simulation, Settings settings, boolean traced) {
    this.simulation = simulation;
    this.settings = settings;
    var root = new SplittableRandom(settings.seed());
    this.scenarioRandom = root.split();
    var mix = root.split();
    var course = new SplittableRandom(mix.nextLong() + settings.course());
    this.scheduler = new Scheduler(new RandomOrder(course.split()));
    this.random = course.split();
    scheduler.limit(MOST_CHOICES);
    this.director = scheduler.process("director", 0);
    this.changed = director.bell();
    this.over = director.bell();
    this.trace = new Trace(scheduler, traced);
    this.limits = limits(mix);
    this.encodes = mix.nextInt(8) == 0;
    this.rarity = 1 << mix.nextInt(1, 6);
    for (var fault : Fault.values()) {
      boolean drawn = mix.nextInt(5) < 2;
      if (drawn && simulation.has(fault) && !settings.without().contains(fault)) {
        faults.add(fault);
      }
    }
    this.ledger =
        new Ledger(simulation.openStore(), trace, !faults.contains(Fault.CLOCK), this::violated);
    this.scenario = simulation.scenario(new StageOfWorld());
    this.starts = scenario.starts().subList(0, Math.min(settings.runs(), scenario.starts().size()));
  }

  private static Limits limits(SplittableRandom mix) {
    var releases = List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(10));
    return Limits.DEFAULT
        .release(releases.get(mix.nextInt(releases.size())))
        .attempts(List.of(1, 2, 1_000).get(mix.nextInt(3)))
        .queuedCommits(List.of(1, 5, 10_000).get(mix.nextInt(3)));
  }

  private final class StageOfWorld implements Stage {
    @Override
    public SplittableRandom random() {
      return scenarioRandom;
    }

    @Override
    public Instant now() {
      return scheduler.now();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
      Objects.requireNonNull(scheduler.running(), "a step runs in a process").sleep(time);
    }

    @Override
    public void lag() throws InterruptedException {
      if (faulty && faults.contains(Fault.SLOW_STEPS) && random.nextInt(3) == 0) {
        sleep(anyTime());
      }
    }

    @Override
    public void mayFail(String what) {
      if (draws(Fault.FAILED_STEP)) {
        trace.note(what + " fails");
        throw new SimulatedFailure(what);
      }
    }

    @Override
    public void note(String line) {
      trace.note(line);
    }
  }

  /// Plays to the end.
  Outcome play() {
    trace.note("faults " + faults + ", " + limits + (encodes ? ", encoded" : ""));
    director.start("director", this::direct);
    try {
      over.await();
    } catch (Stuck e) {
      stuck(e);
    }
    try {
      hosts.forEach(host -> host.process().kill());
      director.kill();
    } catch (Stuck e) {
      stuck(e);
    }
    return new Outcome(
        settings,
        Optional.ofNullable(violation),
        scheduler.choices(),
        scheduler.hash(),
        trace.lines());
  }

  /// Nobody runs any more, so nobody is told.
  private void stuck(Stuck found) {
    if (violation == null) {
      violation = new Violation("stuck", String.valueOf(found.getMessage()));
      trace.note("VIOLATION " + violation.getMessage());
    }
  }

  private void direct() {
    try {
      launch();
      disturb();
      heal();
      awaitEnds();
      verify();
    } catch (Violation e) {
      violated(e);
    }
    over.ring();
  }

  private Host host() {
    return hosts.getLast();
  }

  private void launch() {
    int number = hosts.size() + 1;
    var process = scheduler.process("host" + number, settings.seed() * 31 + number);
    if (draws(Fault.CLOCK)) {
      process.skew(jump());
    }
    var host = new Host(this, process);
    hosts.add(host);
    host.boot();
  }

  /// Lets faults happen.
  private void disturb() {
    var timed = new ArrayList<>(faults);
    timed.removeAll(
        Set.of(
            Fault.SLOW_STORE,
            Fault.FAILED_COMMIT,
            Fault.LOST_ANSWER,
            Fault.SLOW_STEPS,
            Fault.FAILED_STEP));
    for (int left = random.nextInt(1, 10); left > 0 && violation == null; left--) {
      changed.awaitUntil(director.nanoTime() + anyTime().toNanos());
      if (host().isDown()) {
        changed.awaitUntil(director.nanoTime() + anyTime().toNanos());
        host().process().kill();
        launch();
      } else if (!timed.isEmpty()) {
        disturb(timed.get(random.nextInt(timed.size())));
      }
    }
  }

  private void disturb(Fault fault) {
    var host = host();
    var start = starts.get(random.nextInt(starts.size()));
    switch (fault) {
      case CRASH -> {
        if (crashes++ < MOST_CRASHES) {
          host.kill();
        }
      }
      case RESTART -> host.shutDown();
      case STALL -> stall(host);
      case TAKE_OVER -> {
        if (random.nextBoolean()) {
          stall(host);
        }
        launch();
      }
      case CLOCK -> {
        var jump = jump();
        host.note("has a clock that is off by " + jump);
        host.process().skew(jump);
      }
      case FULL_DISK -> host.fill();
      case PAUSE -> {
        for (int many = random.nextInt(1, 4); many > 0; many--) {
          host.pause(start, random.nextBoolean() ? Duration.ZERO : anyTime());
        }
      }
      case CANCEL -> {
        cancelled.add(start.key());
        for (int many = random.nextInt(1, 3); many > 0; many--) {
          host.cancel(start);
        }
        if (faults.contains(Fault.PAUSE)) {
          host.pause(start, Duration.ZERO);
        }
      }
      case SLOW_STORE, FAILED_COMMIT, LOST_ANSWER, SLOW_STEPS, FAILED_STEP ->
          throw new IllegalArgumentException(fault + " happens by itself");
    }
  }

  private void stall(Host host) {
    var time = anyTime();
    host.note("stands still for " + time);
    host.process().freeze(time);
  }

  /// From here on nothing goes wrong, and one engine that works is there.
  private void heal() {
    faulty = false;
    trace.note("no more faults");
    for (var host : hosts.subList(0, hosts.size() - 1)) {
      host.kill();
    }
    if (host().isDown() || random.nextBoolean()) {
      host().kill();
      launch();
    }
  }

  private void awaitEnds() {
    long until = director.nanoTime() + PATIENCE.toNanos();
    while (violation == null && !isOver()) {
      if (director.nanoTime() >= until) {
        trace.note("these threads wait:\n" + scheduler.waiting());
        throw ledger.open() == 0 && scenario.isListening()
            ? new Violation("outbox", "this never arrived: " + ledger.post().missing())
            : new Violation("liveness", "after the last fault not all runs ended: " + open());
      }
      for (var book : List.copyOf(ledger.books().values())) { // others go on while it resumes one
        if (book.state().status() == RunStatus.PAUSED) {
          host().resume(book.started);
        }
      }
      changed.awaitUntil(director.nanoTime() + Duration.ofMinutes(30).toNanos());
      if (host().isDown()) {
        host().process().kill();
        launch();
      }
    }
  }

  private boolean isOver() {
    return host().isOpen()
        && ledger.open() == 0
        && scenario.schedules().stream().allMatch(schedule -> ledger.began(schedule).isPresent())
        && ledger.isTold()
        && ledger.roots() == expected().size()
        && (!scenario.isListening() || ledger.post().missing().isEmpty());
  }

  /// The runs that there have to be in the end, as far as is known.
  private List<Scenario.Start<?>> expected() {
    var expected = new ArrayList<>(starts);
    for (var schedule : scenario.schedules()) {
      ledger.began(schedule).ifPresent(began -> expected.addAll(Scenario.slots(schedule, began)));
    }
    return expected;
  }

  private String open() {
    var open = new ArrayList<String>();
    for (var start : expected()) {
      var book = ledger.book(start.key());
      if (book.isEmpty()) {
        open.add(start.key() + " was not started");
      } else if (!book.get().isFinal()) {
        var row = book.get().history.isEmpty() ? null : book.get().history.getLast();
        open.add(start.key() + " is " + book.get().state() + ", its last row " + row);
      }
    }
    for (var book : ledger.books().values()) {
      if (book.started.parent().isPresent() && !book.isFinal()) {
        open.add("the child " + book.started.key() + " is " + book.state());
      }
    }
    if (!ledger.isTold()) {
      open.add("a run was not told what it is to know");
    }
    long runs = ledger.roots();
    return open.isEmpty()
        ? "there are " + runs + " runs, and not " + expected().size()
        : String.join("; ", open);
  }

  private void verify() {
    if (violation != null) {
      return;
    }
    ledger.audit();
    var expiries = new Expiries(this::workflow);
    for (var book : ledger.books().values()) {
      expiries.check(book.started, book.history);
      boolean asked = cancelled.contains(book.started.key());
      boolean child = book.started.parent().isPresent();
      if (book.state().status() == RunStatus.CANCELLED && !asked && !child) {
        throw new Violation("status", "run " + book.started.key() + " was cancelled by nobody");
      }
    }
    watched = false;
    var done = director.bell();
    host()
        .check(
            scenario.check(),
            failure -> {
              if (failure != null) {
                var found = new Violation("check", String.valueOf(failure.getMessage()));
                found.initCause(failure);
                violated(found);
              }
              done.ring();
            });
    if (!done.awaitUntil(director.nanoTime() + PATIENCE.toNanos())) {
      throw new Violation("liveness", "the check of the scenario did not end");
    }
    host().shutDown();
    long until = director.nanoTime() + Duration.ofHours(1).toNanos();
    var process = host().process();
    while ((!host().isClosed() || process.threads() > 0) && director.nanoTime() < until) {
      director.bell().awaitUntil(director.nanoTime() + Duration.ofSeconds(20).toNanos());
    }
    var threads = process.threadNames();
    if (!host().isClosed() || !threads.isEmpty()) {
      throw new Violation("close", "the engine was closed, and these threads go on: " + threads);
    }
  }

  // What hosts ask.

  Ledger ledger() {
    return ledger;
  }

  List<Scenario.Start<?>> starts() {
    return starts;
  }

  /// The start of the run with this key, if it is one of this course.
  Optional<Scenario.Start<?>> start(String key) {
    for (var start : starts) {
      if (start.key().equals(key)) {
        return Optional.of(start);
      }
    }
    return Optional.empty();
  }

  List<Scenario.Sending<?>> sendings() {
    return scenario.sendings();
  }

  /// The workflow of a run, which may be one that runs of another start.
  Workflow<?> workflow(RunRow row) {
    var left = new ArrayDeque<Workflow<?>>(scenario.workflows());
    while (!left.isEmpty()) {
      var workflow = left.poll();
      if (workflow.name().equals(row.workflow()) && workflow.version().equals(row.version())) {
        return workflow;
      }
      Plan.of(workflow.definition()).children().map(Workflow::of).forEach(left::add);
    }
    throw new IllegalStateException("no workflow of the scenario starts " + row);
  }

  /// The signal that a run is started with, if it is started with one: always the same.
  Optional<Scenario.Sending<?>> first(Scenario.Start<?> start) {
    for (var sending : sendings()) {
      if (sending.key().equals(start.key()) && start.key().hashCode() % 2 == 0) {
        return Optional.of(sending);
      }
    }
    return Optional.empty();
  }

  /// Whether somebody does something again that need not be done.
  boolean drawsAgain() {
    return random.nextInt(4) == 0;
  }

  boolean isListening() {
    return scenario.isListening();
  }

  List<Schedule<?>> schedules() {
    return scenario.schedules();
  }

  EngineBuilder builder(VirtualProcess process) {
    return Engine.builder()
        .turns(simulation.turns(process))
        .codec(simulation.codec(encodes))
        .limits(limits)
        .register(scenario.workflows().toArray(Workflow<?>[]::new));
  }

  /// Whether faults may still happen.
  boolean isFaulty() {
    return faulty;
  }

  boolean isWatched() {
    return watched;
  }

  boolean draws(Fault fault) {
    return faulty && faults.contains(fault) && random.nextInt(rarity) == 0;
  }

  boolean drawsCrash() {
    return faulty
        && faults.contains(Fault.CRASH)
        && crashes < MOST_CRASHES
        && random.nextInt(4 * rarity) == 0
        && crashes++ >= 0;
  }

  Optional<Duration> latency() {
    return faulty && faults.contains(Fault.SLOW_STORE)
        ? Optional.of(
            Duration.ofNanos(random.nextInt(random.nextInt(16) == 0 ? 500_000_000 : 2_000_000)))
        : Optional.empty();
  }

  /// A time of any order, from microseconds to minutes.
  Duration anyTime() {
    double exponent = random.nextDouble(Math.log(1_000), Math.log((double) LONGEST_PAUSE));
    return Duration.ofNanos((long) Math.exp(exponent));
  }

  private Duration jump() {
    var jump = anyTime().multipliedBy(6);
    return random.nextBoolean() ? jump : jump.negated();
  }

  void changed() {
    changed.ring();
  }

  void violated(Violation found) {
    if (violation == null) {
      violation = found;
      trace.note("VIOLATION " + found.getMessage());
    }
    changed.ring();
  }

  void note(String line) {
    trace.note(line);
  }
}
