package dev.pawl.testkit.simulation;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.engine.SignalOptions;
import dev.pawl.engine.schedule.Schedule;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one seed plays: workflows, the runs to start, and what must hold when all of them are over.
/// Collaborators of steps are made anew with each scenario; they live through crashes, as other
/// systems do. Not thread-safe; it need not be, because one thread runs at a time.
public final class Scenario {
  private final List<Workflow<?>> workflows;
  private final List<Start<?>> starts = new ArrayList<>();
  private final List<Sending<?>> sendings = new ArrayList<>();
  private final List<Schedule<?>> schedules = new ArrayList<>();
  private Check check = engine -> {};
  private boolean listening;

  private Scenario(List<Workflow<?>> workflows) {
    this.workflows = workflows;
  }

  /// With these workflows.
  public static Scenario of(Workflow<?>... workflows) {
    return new Scenario(List.of(workflows));
  }

  /// Starts a run; once, however often its process dies.
  ///
  /// @param key unique in the scenario
  public <S> Scenario start(Workflow<S> workflow, String key, S state) {
    starts.add(new Start<>(workflow, key, state));
    return this;
  }

  /// Sends a signal to a run now and then until it is over, sometimes twice with the same id.
  ///
  /// @param key that of a run of this scenario
  public <T> Scenario signal(String key, Signal<T> signal, T payload) {
    sendings.add(new Sending<>(key, signal, payload, Optional.empty()));
    return this;
  }

  /// As [#signal], but now and then waits for the answer, and now and then sends what is refused.
  ///
  /// @param refused a payload that the check of each wait for the signal refuses
  public <T> Scenario update(String key, Signal<T> signal, T payload, T refused) {
    sendings.add(new Sending<>(key, signal, payload, Optional.of(refused)));
    return this;
  }

  /// Gives each host a hook that hears of all that becomes of runs, and another stream to publish
  /// to. What runs send has to arrive there: at least once, and for the first time in the order of
  /// its key.
  public Scenario listening() {
    listening = true;
    return this;
  }

  boolean isListening() {
    return listening;
  }

  /// Puts a schedule each time that an engine starts. All its slots have to become runs, so it must
  /// end, must not pass slots over, and belongs into a [Simulation] without [Fault#CLOCK].
  ///
  /// @param schedule its name unique in the scenario
  public Scenario schedule(Schedule<?> schedule) {
    schedules.add(schedule);
    return this;
  }

  /// Checks something when all runs are over, on an engine without faults; what it throws is a
  /// failure of the seed.
  public Scenario check(Check check) {
    this.check = check;
    return this;
  }

  /// What must hold.
  @FunctionalInterface
  public interface Check {
    /// Checks it.
    ///
    /// @param engine finds the runs
    void check(Engine engine) throws Exception;
  }

  /// A run to start.
  record Start<S>(Workflow<S> workflow, String key, S state) {}

  /// A signal to send.
  ///
  /// @param refused what is refused; empty if nobody waits for answers
  record Sending<T>(String key, Signal<T> signal, T payload, Optional<T> refused) {
    void start(Engine engine, dev.pawl.engine.Start<?> start) {
      engine.signalWithStart(start, signal, payload, SignalOptions.DEFAULT);
    }

    void tell(Run<?> run, String id) {
      run.signal(signal, payload, SignalOptions.DEFAULT.id(id));
    }

    Object ask(Run<?> run, String id, Duration limit) throws InterruptedException {
      return run.update(signal, payload, SignalOptions.DEFAULT.id(id), limit);
    }

    Object askInVain(Run<?> run, String id, Duration limit) throws InterruptedException {
      return run.update(signal, refused.orElseThrow(), SignalOptions.DEFAULT.id(id), limit);
    }
  }

  List<Sending<?>> sendings() {
    return sendings;
  }

  List<Schedule<?>> schedules() {
    return schedules;
  }

  /// The runs that a schedule is to start for its slots after a time.
  static <S> List<Start<?>> slots(Schedule<S> schedule, Instant after) {
    var slots = new ArrayList<Start<?>>();
    for (var slot = schedule.timetable().next(after);
        slot.isPresent();
        slot = schedule.timetable().next(slot.get())) {
      slots.add(
          new Start<>(
              schedule.workflow(),
              schedule.name() + "/" + slot.get(),
              schedule.input().apply(slot.get())));
    }
    return slots;
  }

  List<Workflow<?>> workflows() {
    return workflows;
  }

  List<Start<?>> starts() {
    return starts;
  }

  Check check() {
    return check;
  }
}
