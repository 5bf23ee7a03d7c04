/// Workflows to read and to run, each small enough for one sitting.
///
/// Imports Pawl's public API only, as an application would.
///
/// Start reading at `Orders`.
@NullMarked
package dev.pawl.examples;

import org.jspecify.annotations.NullMarked;
