/// What happens next in a run: the pure function from a run and an event to a transition.
///
/// Imports `workflow` and values; never user code, clock, threads or I/O.
///
/// Start reading at `Transitions`.
@NullMarked
package dev.pawl.run;

import org.jspecify.annotations.NullMarked;
