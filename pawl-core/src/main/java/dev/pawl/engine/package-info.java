/// What makes runs go on: the engine, the runner of branches, the committer, timers and the feed.
///
/// Imports all of the core. Its clock and its threads are those of `dev.pawl.engine.turns`; runs
/// without a store are those of `dev.pawl.engine.inline`.
///
/// Start reading at `Engine`.
@NullMarked
package dev.pawl.engine;

import org.jspecify.annotations.NullMarked;
