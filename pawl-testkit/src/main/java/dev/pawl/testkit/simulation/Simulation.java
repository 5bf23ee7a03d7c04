package dev.pawl.testkit.simulation;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.Codec;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Plays a scenario on simulated machines, again and again, each time with another seed: who runs
/// next, how long things take, what fails and when is drawn from it. The same seed gives the same
/// course, as long as the code is the same and the steps depend on nothing but their input, their
/// context and what the [Stage] gives.
///
/// Steps run one at a time and must not wait for each other or for real time.
public final class Simulation {
  private static final int MOST_FAILURES = 10;
  private final Function<? super Stage, Scenario> scenarios;
  private final Set<Fault> without = EnumSet.noneOf(Fault.class);
  private final Optional<Codec> codec = ServiceLoader.load(Codec.class).findFirst();
  private Supplier<? extends Store> stores = MemoryStore::new;
  private UnaryOperator<Turns> turns = UnaryOperator.identity();

  private Simulation(Function<? super Stage, Scenario> scenarios) {
    this.scenarios = scenarios;
  }

  /// Of scenarios made for each seed.
  public static Simulation of(Function<? super Stage, Scenario> scenarios) {
    return new Simulation(scenarios);
  }

  /// Without some faults.
  public Simulation without(Fault... faults) {
    without.addAll(List.of(faults));
    return this;
  }

  /// Over another store than one in memory; made anew for each course, and closed after it.
  public Simulation over(Supplier<? extends Store> stores) {
    this.stores = stores;
    return this;
  }

  /// With turns that are not what they should be: to see whether that is found.
  Simulation turns(UnaryOperator<Turns> turns) {
    this.turns = turns;
    return this;
  }

  /// Plays one course.
  public Outcome play(Settings settings) {
    return new World(this, settings, false).play();
  }

  /// Plays one course and keeps its trace.
  public Outcome trace(Settings settings) {
    return new World(this, settings, true).play();
  }

  /// Plays seeds that follow each other, until there were so many, or a time is over, or too many
  /// have failed; shrinks those that fail.
  ///
  /// @param seeds how many at most
  /// @param time for how long at most
  /// @param progress hears of each failure as it is found
  public Report play(long firstSeed, long seeds, Duration time, Consumer<Report.Failure> progress) {
    long began = System.nanoTime();
    long events = 0;
    long played = 0;
    var failures = new ArrayList<Report.Failure>();
    while (played < seeds
        && failures.size() < MOST_FAILURES
        && System.nanoTime() - began < time.toNanos()) {
      var outcome = play(Settings.of(firstSeed + played++));
      events += outcome.events();
      if (outcome.violation().isPresent()) {
        failures.add(shrunk(outcome));
        progress.accept(failures.getLast());
      }
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    return new Report(firstSeed, played, events, took, failures);
  }

  private Report.Failure shrunk(Outcome failed) {
    var smallest = trace(new Shrinker(this::play).shrink(failed).settings());
    return new Report.Failure(
        failed.settings(),
        smallest.settings(),
        smallest.violation().map(Throwable::getMessage).orElse("it does not fail again"),
        smallest.trace());
  }

  /// Plays fresh seeds, or those from `-Dseed=` on, and tells of them on standard output: for
  /// tests.
  ///
  /// @param seeds how many
  /// @throws AssertionError if one fails; it says what happened, and how to repeat it
  public void check(int seeds) {
    long first = Long.getLong("seed", System.nanoTime());
    System.out.println("simulating " + seeds + " seeds: -Dseed=" + first);
    var report = play(first, seeds, Duration.ofDays(1), failure -> {});
    System.out.println(report.summary());
    if (!report.failures().isEmpty()) {
      var failure = report.failures().getFirst();
      throw new AssertionError(failure.text("-Dseed=" + failure.found().seed()));
    }
  }

  // What a world asks.

  boolean has(Fault fault) {
    return !without.contains(fault);
  }

  Store openStore() {
    return stores.get();
  }

  Turns turns(Turns process) {
    return turns.apply(process);
  }

  Codec codec(boolean encodes) {
    return encodes ? codec.orElseGet(Codec::references) : Codec.references();
  }

  Scenario scenario(Stage stage) {
    return scenarios.apply(stage);
  }
}
