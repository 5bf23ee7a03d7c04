/// Where time, randomness and threads come from: the only place that reads a clock, starts a thread
/// or parks one. Imports nothing of the core. Start reading at `Turns`.
@NullMarked
package dev.pawl.engine.turns;

import org.jspecify.annotations.NullMarked;
