/// How states and facts are written and read: encoded, as patches where they are large, as rows.
///
/// Imports the plan and the facts of `dev.pawl.run`, and the store; nothing of the engine.
///
/// Start reading at `Values`, then `Rows`.
@NullMarked
package dev.pawl.engine.value;

import org.jspecify.annotations.NullMarked;
