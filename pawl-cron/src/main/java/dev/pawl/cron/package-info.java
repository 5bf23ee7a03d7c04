/// Timetables that are written as cron expressions.
///
/// Imports the timetables of the core; cron-utils parses. Start reading at `Cron`.
@NullMarked
package dev.pawl.cron;

import org.jspecify.annotations.NullMarked;
