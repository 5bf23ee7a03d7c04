package dev.pawl.testkit;

import dev.pawl.engine.schedule.Schedule;
import dev.pawl.engine.schedule.Schedules;
import dev.pawl.store.ScheduleRow;
import dev.pawl.workflow.RunId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The schedules of a [TestEngine]: what the test has put is put again when a process starts, as
/// the code of an application does.
final class TestSchedules implements Schedules {
  private final TestEngine engine;
  private final Map<String, Schedule<?>> all = new LinkedHashMap<>();

  TestSchedules(TestEngine engine) {
    this.engine = engine;
  }

  private Schedules schedules() {
    return engine.engine().schedules();
  }

  /// Puts all again, into an engine that has just started.
  void putAgain() {
    all.values().forEach(schedules()::put);
  }

  private void command(Runnable command) {
    engine.call(() -> {
      command.run();
      return true;
    });
  }

  @Override
  public void put(Schedule<?> schedule) {
    var watched = watched(schedule);
    command(() -> schedules().put(watched));
    all.put(schedule.name(), watched);
  }

  private <S> Schedule<S> watched(Schedule<S> schedule) {
    return new Schedule<>(
        schedule.name(),
        engine.watchedWorkflow(schedule.workflow()),
        schedule.timetable(),
        schedule.input(),
        schedule.test(),
        schedule.overlap(),
        schedule.catchUp(),
        schedule.jitter());
  }

  @Override
  public List<ScheduleRow> list() {
    return engine.call(() -> schedules().list());
  }

  @Override
  public Optional<Description> describe(String name) {
    return engine.call(() -> schedules().describe(name));
  }

  @Override
  public void pause(String name, String reason) {
    command(() -> schedules().pause(name, reason));
  }

  @Override
  public void resume(String name) {
    command(() -> schedules().resume(name));
  }

  @Override
  public RunId trigger(String name) {
    return engine.call(() -> schedules().trigger(name));
  }

  @Override
  public void backfill(String name, Instant from, Instant until) {
    command(() -> schedules().backfill(name, from, until));
  }

  @Override
  public void delete(String name) {
    command(() -> schedules().delete(name));
    all.remove(name);
  }
}
