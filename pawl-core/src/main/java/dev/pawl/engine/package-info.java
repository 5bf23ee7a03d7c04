/// What makes runs go on: the engine, the runs that it has in memory, and the runner of their
/// branches.
///
/// Imports all of the core, and rooms of its own that know nothing of it: `turns` (clock and
/// threads), `pace` (when something may begin), `commit` (the way to the store), `value` (what is
/// written and read), `schedule` and `slots` (runs at times of a calendar), `outbox` (what leaves a
/// run), and `inline` (runs without a store).
///
/// Start reading at `Engine`, then `DurableEngine`.
@NullMarked
package dev.pawl.engine;

import org.jspecify.annotations.NullMarked;
