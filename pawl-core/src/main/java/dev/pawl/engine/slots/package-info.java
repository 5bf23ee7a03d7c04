/// What lets schedules fire: the pure decision what a schedule does next, and the thread that waits
/// for it.
///
/// Imports `schedule` (what users say), `turns` and `pace` (clock and threads), and stores; the
/// engine is known as `Launcher` only. Start reading at `Move`, then `Scheduler`.
@NullMarked
package dev.pawl.engine.slots;

import org.jspecify.annotations.NullMarked;
