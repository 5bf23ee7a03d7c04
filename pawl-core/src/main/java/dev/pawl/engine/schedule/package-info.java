/// Runs that are started at the times of a timetable: what users say and ask about them.
///
/// Imports workflows and the rows of stores; what makes schedules work is in `slots`. Start reading
/// at `Schedules`, then `Schedule`.
@NullMarked
package dev.pawl.engine.schedule;

import org.jspecify.annotations.NullMarked;
