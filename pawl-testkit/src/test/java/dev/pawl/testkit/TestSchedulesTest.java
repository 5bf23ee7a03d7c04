package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.schedule.Schedule;
import dev.pawl.engine.schedule.Timetable;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Schedules in a test engine.
class TestSchedulesTest {
  private static final Timetable HOURLY = Timetable.every(Duration.ofHours(1));

  private record Report(Instant slot, String text) {}

  private final Workflow<Report> reports = reports();

  private static Workflow<Report> reports() {
    var g = Workflow.graph("reports", Report.class);
    var write = g.step("write", report -> new Report(report.slot(), "all is well"));
    g.start(write).path(write, g.end("written"));
    return g.build();
  }

  private Schedule<Report> hourly() {
    return Schedule.of("hourly", reports, HOURLY, slot -> new Report(slot, ""));
  }

  private static String key(int hours) {
    return "hourly/" + Scheduler.START.plus(Duration.ofHours(hours));
  }

  @Test
  void startRunsAsTimePasses() {
    try (var engine = TestEngine.of(reports)) {
      engine.schedules().put(hourly());

      engine.advance(Duration.ofMinutes(119));

      assertThat(engine.find(reports, key(1)).orElseThrow().status())
          .isEqualTo(RunStatus.COMPLETED);
      assertThat(engine.find(reports, key(2))).isEmpty();
    }
  }

  @Test
  void arePutAgainAfterARestart() {
    try (var engine = TestEngine.of(reports)) {
      engine.schedules().put(hourly());

      engine.restart();
      engine.advance(Duration.ofHours(1));

      assertThat(engine.find(reports, key(1)).orElseThrow().state().text())
          .isEqualTo("all is well");
    }
  }

  @Test
  void startRunsWhoseStepsAreWatched() {
    try (var engine = TestEngine.of(reports)) {
      engine.schedules().put(hourly());
      engine.at("write").crashesAfterEffect(1);

      engine.advance(Duration.ofHours(1));

      var run = engine.find(reports, key(1)).orElseThrow();
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.attempts("write")).isEqualTo(2);
    }
  }

  @Test
  void doWhatTheyAreTold() {
    try (var engine = TestEngine.of(reports)) {
      var schedules = engine.schedules();
      schedules.put(hourly());

      schedules.pause("hourly", "holidays");
      engine.advance(Duration.ofMinutes(90));
      schedules.resume("hourly");
      schedules.backfill("hourly", Scheduler.START, Scheduler.START.plusSeconds(1));
      engine.settle();
      var triggered = schedules.trigger("hourly");
      engine.settle();

      assertThat(engine.find(reports, key(0))).isPresent();
      assertThat(schedules.list()).hasSize(1);
      assertThat(schedules.describe("hourly").orElseThrow().row().state().run())
          .contains(triggered);
      schedules.delete("hourly");
      engine.restart();
      assertThat(schedules.list()).isEmpty();
      assertThat(engine.find(reports, key(1))).isEmpty();
    }
  }

  @Test
  void refuseAWorkflowThatTheEngineDoesNotHave() {
    try (var engine = TestEngine.of()) {
      assertThatThrownBy(() -> engine.schedules().put(hourly()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("without workflow reports@1");
    }
  }
}
