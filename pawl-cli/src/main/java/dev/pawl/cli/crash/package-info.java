/// Kills the demonstration while it works, and checks what is left.
///
/// Imports the public API, the harness of the test kit, the examples, and JDBC to look at the
/// bank's ledger.
///
/// Start reading at `CrashRig`.
@NullMarked
package dev.pawl.cli.crash;

import org.jspecify.annotations.NullMarked;
