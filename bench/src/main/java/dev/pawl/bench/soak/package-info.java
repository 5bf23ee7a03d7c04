/// Runs at a constant rate for a long time, and whether heap and latency stay flat.
///
/// Imports the public API, and `dev.pawl.bench.measure`.
///
/// Start reading at `SoakCommand`.
@NullMarked
package dev.pawl.bench.soak;

import org.jspecify.annotations.NullMarked;
