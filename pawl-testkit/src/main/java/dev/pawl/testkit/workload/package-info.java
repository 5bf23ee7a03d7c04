/// Random workflows, and a plain interpreter that says what each of them may come to.
///
/// Imports the core, JUnit and AssertJ; no other room of the test kit.
///
/// Start reading at `Reference`.
@NullMarked
package dev.pawl.testkit.workload;

import org.jspecify.annotations.NullMarked;
