/// Kills programs of any kind while they work, starts them again, and has audited what is left.
///
/// Imports nothing of Pawl; Jackson for reports.
///
/// Start reading at `CrashHarness`.
@NullMarked
package dev.pawl.testkit.crash;

import org.jspecify.annotations.NullMarked;
