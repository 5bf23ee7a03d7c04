package dev.pawl.cron;

import dev.pawl.engine.schedule.Timetable;
import dev.pawl.engine.schedule.TimetableReader;
import java.time.DateTimeException;
import java.time.ZoneId;

/// Reads what [Cron#text()] writes; found by `ServiceLoader`.
public final class CronReader implements TimetableReader {
  static final String KIND = "cron";

  /// For `ServiceLoader`.
  public CronReader() {}

  @Override
  public String kind() {
    return KIND;
  }

  /// Reads an expression, a space and the id of a zone.
  @Override
  public Timetable read(String text) {
    int space = text.lastIndexOf(' ');
    try {
      return Cron.of(text.substring(0, Math.max(space, 0)), ZoneId.of(text.substring(space + 1)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("cron \"" + text + "\" does not end with a time zone", e);
    }
  }
}
