/// The crash rig: it starts the demo, kills it at any point, starts it again and compares the
/// results.
///
/// Imports Pawl's public API and the examples.
///
/// Start reading at `Main`.
@NullMarked
package dev.pawl.bench.crash;

import org.jspecify.annotations.NullMarked;
