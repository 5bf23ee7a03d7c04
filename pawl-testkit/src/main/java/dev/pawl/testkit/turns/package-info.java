/// Threads that run one at a time, in an order that is chosen, in time that is virtual.
///
/// Imports `Turns` of the core only.
///
/// Start reading at `Scheduler`.
@NullMarked
package dev.pawl.testkit.turns;

import org.jspecify.annotations.NullMarked;
