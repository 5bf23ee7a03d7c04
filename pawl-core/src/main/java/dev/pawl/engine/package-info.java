/// What makes runs go on: the engine, the runner of branches, the committer, timers and the feed.
///
/// Imports all of the core; the only package with a clock and threads, and those behind `Turns`.
///
/// Start reading at `Engine`.
@NullMarked
package dev.pawl.engine;

import org.jspecify.annotations.NullMarked;
