package dev.pawl.examples;

import dev.pawl.cron.Cron;
import dev.pawl.engine.Engine;
import dev.pawl.engine.schedule.Schedule;
import dev.pawl.store.ScheduleRow.Overlap;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// A report of the day before, each night: a workflow that a schedule starts.
public final class Reports {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private Reports() {}

  /// A report on its way.
  ///
  /// @param until the end of the day that it is about
  /// @param orders how many orders there were
  public record Report(Instant until, int orders) {}

  /// Knows the orders, and who reads reports.
  public interface Office {
    /// How many orders there were on the day before that time.
    int count(Instant until);

    /// Sends a report; once for each key.
    void send(String key, Report report);
  }

  /// Counts, then sends.
  public static Workflow<Report> workflow(Office office) {
    var g = Workflow.graph("reports", Report.class);
    var count = g.step("count", report -> new Report(report.until(), office.count(report.until())));
    var send =
        g.step(
                "send",
                (report, ctx) -> {
                  office.send(ctx.idempotencyKey(), report);
                  return report;
                })
            .with(Policy.retry(Duration.ofSeconds(10), 5));
    g.start(count).path(count, send, g.end("sent"));
    return g.build();
  }

  /// Two o'clock at night in Berlin; a report that takes longer than a day delays the next.
  public static Schedule<Report> nightly(Workflow<Report> reports) {
    return Schedule.of(
            "nightly", reports, Cron.of("0 2 * * *", BERLIN), slot -> new Report(slot, 0))
        .overlap(Overlap.QUEUE)
        .catchUp(Duration.ofHours(6));
  }

  /// Says when the next nights are, and does not wait for them.
  ///
  /// @param args the file to keep runs in; `reports.db` without one
  public static void main(String[] args) throws InterruptedException {
    var file = Path.of(args.length > 0 ? args[0] : "reports.db");
    var reports = workflow(new Talkative());
    try (var engine = Engine.builder().sqlite(file).start()) {
      var schedules = engine.schedules();
      schedules.put(nightly(reports));
      for (var night : schedules.describe("nightly").orElseThrow().next()) {
        System.out.println("a report at " + night.atZone(BERLIN));
      }
      var run = engine.find(reports, schedules.trigger("nightly")).orElseThrow();
      System.out.println("reported " + run.await(Duration.ofSeconds(10)).orders() + " orders");
    }
  }

  /// An office that says what it sends.
  private static final class Talkative implements Office {
    @Override
    public int count(Instant until) {
      return 7;
    }

    @Override
    public void send(String key, Report report) {
      System.out.println("sends a report now");
    }
  }
}
