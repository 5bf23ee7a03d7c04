package dev.pawl.cron;

import dev.pawl.engine.schedule.Timetable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/// The times of a cron expression in a time zone: `Cron.of("0 2 * * MON-FRI",
/// ZoneId.of("Europe/Berlin"))`. Immutable.
///
/// | field | values |
/// |---|---|
/// | second, which may be left out, and is 0 then | 0 to 59 |
/// | minute | 0 to 59 |
/// | hour | 0 to 23 |
/// | day of month | 1 to 31 |
/// | month | 1 to 12, or JAN to DEC |
/// | day of week | 0 to 7, 0 and 7 for Sunday, or SUN to SAT |
///
/// A field is `*`, a value, a range `1-5`, a step `*/15`, `10-30/5` or `5/15` (from 5 on), or a
/// list of these: `1,10-12`. `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight`
/// and `@hourly` stand for what they say. Case does not matter. As in crontab, a day is one that
/// fits the day of month or the day of week, if neither of them begins with `*`, and else one that
/// fits both.
///
/// Where clocks go forward, what would be in the hour that does not exist is at its end. Where they
/// go back, what is in the hour that comes twice happens once, in the first.
public final class Cron implements Timetable {
  private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");
  private final String expression;
  private final ZoneId zone;
  private final Fields fields;

  private Cron(String expression, ZoneId zone) {
    this.expression = expression;
    this.zone = zone;
    this.fields = Fields.parse(expression);
  }

  /// Reads an expression.
  ///
  /// @param expression five fields, six with seconds, or a word such as `@daily`
  /// @param zone of an IANA name, or a fixed offset
  /// @throws IllegalArgumentException if it is not understood, or there are ten years in which it
  ///   has no time; the message names the field
  public static Cron of(String expression, ZoneId zone) {
    return new Cron(expression.strip().replaceAll("\\s+", " "), zone);
  }

  @Override
  public Optional<Instant> next(Instant time) {
    if (!time.isBefore(LAST)) {
      return Optional.empty();
    }
    var local = LocalDateTime.ofInstant(time, zone);
    for (; ; ) {
      local = fields.next(local);
      var next = at(local);
      if (next.isAfter(time)) {
        return Optional.of(next);
      }
      // In an hour that comes for the second time: go on behind it.
      var overlap = zone.getRules().getTransition(local);
      if (overlap != null && overlap.isOverlap()) {
        local = overlap.getDateTimeBefore().minusNanos(1);
      }
    }
  }

  /// The first instant at, or after, which clocks show this.
  private Instant at(LocalDateTime local) {
    var transition = zone.getRules().getTransition(local);
    return transition == null || transition.isOverlap()
        ? local.atZone(zone).withEarlierOffsetAtOverlap().toInstant()
        : transition.getInstant();
  }

  @Override
  public String text() {
    return CronReader.KIND + " " + expression + " " + zone.getId();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cron cron && text().equals(cron.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
