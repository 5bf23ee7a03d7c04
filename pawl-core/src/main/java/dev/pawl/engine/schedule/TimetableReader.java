package dev.pawl.engine.schedule;

/// Reads timetables of one kind from their text; found by `ServiceLoader`, so that the core knows
/// no calendar.
public interface TimetableReader {
  /// The first word of the text of such a timetable: `cron`.
  String kind();

  /// Reads what follows the kind and a space.
  ///
  /// @throws IllegalArgumentException if it is not understood; the message says what is wrong
  Timetable read(String text);
}
