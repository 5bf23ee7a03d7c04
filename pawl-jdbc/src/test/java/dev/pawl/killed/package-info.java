/// Programs that are killed, as `kill -9` does, at the places where it would hurt most, and what is
/// left of their runs.
///
/// Start reading at `KilledTest`.
@NullMarked
package dev.pawl.killed;

import org.jspecify.annotations.NullMarked;
