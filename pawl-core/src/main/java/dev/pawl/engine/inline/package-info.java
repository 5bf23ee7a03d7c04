/// Runs of workflows on the caller's thread: no store, no queue, no lock.
///
/// Imports the model of workflows, the plan of `dev.pawl.run`, and `Turns`; nothing of the engine,
/// which hands in what it has to know of it.
///
/// Start reading at `InlineRunner`, then `Walk`.
@NullMarked
package dev.pawl.engine.inline;

import org.jspecify.annotations.NullMarked;
