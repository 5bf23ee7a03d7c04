/// The way of commits to the store: queued by runs, written in batches by whoever comes first.
///
/// Imports the store and `Turns`; nothing of the engine.
///
/// Start reading at `Committer`.
@NullMarked
package dev.pawl.engine.commit;

import org.jspecify.annotations.NullMarked;
