/// Mutates the core, runs the tests of all modules against the mutants, and fails when too many
/// survive.
///
/// Imports PIT; nothing of Pawl.
///
/// Start reading at `Main`.
@NullMarked
package dev.pawl.mutants;

import org.jspecify.annotations.NullMarked;
