/// Runs the concurrency tests, which stand in packages named as those of what they test, and fails
/// when one of them came to something forbidden, or to nothing.
///
/// Imports JCStress.
///
/// Start reading at `Main`.
@NullMarked
package dev.pawl.stress;

import org.jspecify.annotations.NullMarked;
