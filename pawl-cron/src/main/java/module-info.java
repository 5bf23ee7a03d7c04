/// Cron expressions.
@SuppressWarnings("requires-automatic") // cron-utils names its module, but does not describe it
module dev.pawl.cron {
  requires transitive dev.pawl.core;
  requires com.cronutils;
  requires static org.jspecify;

  exports dev.pawl.cron;

  provides dev.pawl.engine.schedule.TimetableReader with
      dev.pawl.cron.CronReader;
}
