/// For tests: an engine with a settable clock, and the suites that every store has to pass.
///
/// Imports all of the core, JUnit and AssertJ.
///
/// Start reading at `TestEngine`.
@NullMarked
package dev.pawl.testkit;

import org.jspecify.annotations.NullMarked;
