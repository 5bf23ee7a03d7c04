package dev.pawl.engine.schedule;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Equal intervals.
///
/// @param interval from one slot to the next
/// @param from the first slot
record Every(Duration interval, Instant from) implements Timetable {
  static final String KIND = "every";

  Every {
    if (interval.isNegative()
        || interval.isZero()
        || !interval.equals(interval.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException(
          "an interval is a positive number of whole milliseconds, not " + interval);
    }
    if (!from.equals(from.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException("a slot is at a whole millisecond, not at " + from);
    }
  }

  /// Reads what [#text()] writes behind its kind.
  static Every read(String text) {
    var words = text.split(" from ", 2);
    try {
      var from = words.length == 2 ? Instant.parse(words[1]) : Instant.EPOCH;
      return new Every(Duration.parse(words[0]), from);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no interval, such as PT10M", e);
    }
  }

  @Override
  public Optional<Instant> next(Instant time) {
    if (time.isBefore(from)) {
      return Optional.of(from);
    }
    try {
      var passed = Duration.between(from, time).dividedBy(interval);
      return Optional.of(from.plus(interval.multipliedBy(passed + 1)));
    } catch (ArithmeticException | DateTimeException e) {
      return Optional.empty(); // beyond all times
    }
  }

  @Override
  public String text() {
    return KIND + " " + interval + (from.equals(Instant.EPOCH) ? "" : " from " + from);
  }
}
