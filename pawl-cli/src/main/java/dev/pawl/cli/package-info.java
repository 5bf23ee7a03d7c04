/// The command `pawl`: it reads arguments, runs a job and reports.
///
/// Imports Pawl's public API, the test kit's check, the examples and picocli.
///
/// Start reading at `Main`.
@NullMarked
package dev.pawl.cli;

import org.jspecify.annotations.NullMarked;
