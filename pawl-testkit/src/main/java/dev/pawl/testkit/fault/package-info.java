/// Faults of stores, injected into real ones.
///
/// Imports `dev.pawl.store`.
///
/// Start reading at `FaultyStore`.
@NullMarked
package dev.pawl.testkit.fault;

import org.jspecify.annotations.NullMarked;
