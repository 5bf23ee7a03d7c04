package dev.pawl.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.ServiceLoader;

/// Times that follow each other: the slots of a schedule. A value: the same text means the same
/// times, in every process. [#every(Duration)] makes one of equal intervals; `Cron` of `pawl-cron`
/// reads cron expressions.
///
/// One of your own must answer quickly and without side effects. It needs a [TimetableReader] to be
/// understood where no code has put the schedule.
public interface Timetable {
  /// The first time after `time`, in whole milliseconds; empty if there is none.
  Optional<Instant> next(Instant time);

  /// A text from which [#read(String)] makes the same timetable: its kind, a space, and what the
  /// reader of that kind understands.
  String text();

  /// Equal intervals since 1970-01-01T00:00:00Z: `every(Duration.ofMinutes(10))` is at the full
  /// hour, ten minutes past and so on, whenever the schedule is put.
  ///
  /// @param interval whole milliseconds, at least one
  /// @throws IllegalArgumentException if it is something else
  static Timetable every(Duration interval) {
    return new Every(interval, Instant.EPOCH);
  }

  /// Equal intervals; the first slot is `from`.
  ///
  /// @param interval whole milliseconds, at least one
  /// @param from in whole milliseconds
  /// @throws IllegalArgumentException if they are something else
  static Timetable every(Duration interval, Instant from) {
    return new Every(interval, from);
  }

  /// The timetable that a text stands for.
  ///
  /// @throws IllegalArgumentException if no reader on the class path knows its kind, or that reader
  ///   does not understand it
  static Timetable read(String text) {
    int space = text.indexOf(' ');
    var kind = space < 0 ? text : text.substring(0, space);
    var rest = space < 0 ? "" : text.substring(space + 1);
    if (kind.equals(Every.KIND)) {
      return Every.read(rest);
    }
    return ServiceLoader.load(TimetableReader.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(reader -> reader.kind().equals(kind))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "nothing on the class path reads the timetable \""
                    + text
                    + "\"; those of the kind cron need the dependency dev.pawl:pawl-cron"))
        .read(rest);
  }
}
