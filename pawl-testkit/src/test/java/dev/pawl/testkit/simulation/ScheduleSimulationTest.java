package dev.pawl.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.schedule.Schedule;
import dev.pawl.engine.schedule.Timetable;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.ScheduleRow.Overlap;
import dev.pawl.store.Store;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Schedules on machines that fail: each slot becomes one run, and none before its time.
class ScheduleSimulationTest {
  private final Logger engines = Logger.getLogger("dev.pawl.engine");

  @BeforeEach
  void silence() {
    engines.setLevel(Level.OFF); // an engine on a failing disk has much to say
  }

  @AfterEach
  void speak() {
    engines.setLevel(null);
  }

  private record Job(Instant slot) {}

  /// Some times, and no more.
  private record Times(List<Instant> times) implements Timetable {
    @Override
    public Optional<Instant> next(Instant time) {
      return times.stream().filter(each -> each.isAfter(time)).findFirst();
    }

    @Override
    public String text() {
      return "times " + times;
    }
  }

  private static Scenario scenario(Stage stage) {
    var done = new HashMap<Instant, Integer>();
    var jobs = jobs(stage, done);
    var scenario = Scenario.of(jobs).start(jobs, "by hand", new Job(Instant.EPOCH));
    for (int i = stage.random().nextInt(1, 3); i > 0; i--) {
      var times = new Times(times(stage));
      var overlap = stage.random().nextBoolean() ? Overlap.ALLOW : Overlap.QUEUE;
      scenario.schedule(
          Schedule.of(
                  "schedule " + i, jobs, overlap == Overlap.ALLOW ? times : sparse(times), Job::new)
              .overlap(overlap)
              .catchUp(Schedule.MOST)
              .jitter(Duration.ofSeconds(stage.random().nextInt(3))));
    }
    return scenario.check(engine -> assertThat(done).containsKey(Instant.EPOCH));
  }

  /// The first two times: where runs may not overlap, no slot is passed over then.
  private static Times sparse(Times times) {
    return new Times(times.times().subList(0, Math.min(2, times.times().size())));
  }

  private static List<Instant> times(Stage stage) {
    var times = new ArrayList<Instant>();
    var time = stage.now();
    for (int i = stage.random().nextInt(1, 6); i > 0; i--) {
      time = time.plusMillis(stage.random().nextLong(1, 1L << stage.random().nextInt(3, 19)));
      times.add(time);
    }
    return times;
  }

  private static Workflow<Job> jobs(Stage stage, Map<Instant, Integer> done) {
    var g = Workflow.graph("jobs", Job.class);
    var work =
        g.step(
                "work",
                job -> {
                  stage.lag();
                  stage.mayFail("the work");
                  done.merge(job.slot(), 1, Integer::sum);
                  return job;
                })
            .with(Policy.retry(Duration.ofMillis(100), 100));
    g.start(work).path(work, g.end("done"));
    return g.build();
  }

  @Test
  void startsOneRunForEachSlotWhateverFails() {
    Simulation.of(ScheduleSimulationTest::scenario).without(Fault.CLOCK, Fault.CANCEL).check(500);
  }

  @Test
  void findsASlotThatIsLostBecauseItIsNotedBeforeItIsARun() {
    var hasty =
        Simulation.of(ScheduleSimulationTest::scenario)
            .without(Fault.CLOCK, Fault.CANCEL)
            .over(ScheduleSimulationTest::hastyStore);

    assertThat(firstLawBroken(hasty)).isEqualTo("liveness");
  }

  @Test
  void findsASlotThatFiresEarlyBecauseAClockIsAhead() {
    var early =
        Simulation.of(ScheduleSimulationTest::scenario)
            .without(Fault.CLOCK, Fault.CANCEL)
            .turns(turns -> WrongTurns.aheadAtTimes(turns, 7));

    assertThat(firstLawBroken(early)).isIn("slot", "timer", "liveness");
  }

  private static String firstLawBroken(Simulation simulation) {
    for (long seed = 1; seed <= 1_000; seed++) {
      var law = simulation.play(Settings.of(seed)).law();
      if (!law.isEmpty()) {
        return law;
      }
    }
    return "none";
  }

  /// A store that takes slots of the next half second for settled.
  private static Store hastyStore() {
    var store = new MemoryStore();
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              try {
                return method.getName().equals("schedules")
                    ? store.schedules().stream().map(ScheduleSimulationTest::hasty).toList()
                    : method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static ScheduleRow hasty(ScheduleRow row) {
    return row.with(row.state().settled(row.state().settled().plusMillis(500)));
  }
}
