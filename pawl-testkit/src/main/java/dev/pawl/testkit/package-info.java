/// What users test their workflows with: an engine in virtual time that injects faults, contexts
/// for single steps, and files that record a run.
///
/// Imports the core and `dev.pawl.testkit.turns`; JUnit in `TestEngines` alone, so that the rest
/// works without it.
///
/// Start reading at `TestEngine`.
@NullMarked
package dev.pawl.testkit;

import org.jspecify.annotations.NullMarked;
